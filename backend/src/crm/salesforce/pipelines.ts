import { listOrEmpty, objectOrEmpty, requireText, textOrNull, type JsonObject } from '../answer-shape.ts';
import type { CrmAccount, Pipeline, PipelineStage } from '../port.ts';
import { REST_PATHS } from './rest-paths.ts';
import { MASTER_RECORD_TYPE } from './deals.ts';
import type { OrgAccess } from './org-access.ts';
import { compare } from './soql.ts';
import { readStandardRows } from './standard-rows.ts';

/** One pipeline per record type of opportunities, with the stages its sales process has; one for all where there is none. */
export async function readPipelines(org: OrgAccess, account: CrmAccount): Promise<readonly Pipeline[]> {
  const { recordTypes } = await org.descriptions.latest(account, 'Opportunity');
  const stages = await readStages(org, account);
  const own = recordTypes.filter(({ active, master }) => active && !master);
  if (own.length === 0) return [{ id: MASTER_RECORD_TYPE, label: 'Opportunities', stages }];
  const offered = await readOfferedStages(org, account);
  return own.map(({ id, name }) => {
    const values = offered.get(id);
    return {
      id,
      label: name,
      stages: values === undefined ? stages : stages.filter((stage) => values.has(stage.id)),
    };
  });
}

async function readStages(org: OrgAccess, account: CrmAccount): Promise<readonly PipelineStage[]> {
  const rows = await readStandardRows(org, account, {
    select: ['ApiName', 'SortOrder', 'IsClosed', 'IsWon'],
    optional: ['MasterLabel'],
    from: 'OpportunityStage',
    where: [compare('IsActive', '=', true)],
    orderBy: ['SortOrder'],
    kind: 'default',
  });
  return rows.map(fromStageRow).sort((a, b) => a.order - b.order);
}

function fromStageRow(row: JsonObject): PipelineStage {
  const id = requireText(row['ApiName'], 'the name of a stage');
  return {
    id,
    label: textOrNull(row['MasterLabel']) ?? id,
    order: Number(row['SortOrder'] ?? 0),
    won: row['IsWon'] === true,
    lost: row['IsClosed'] === true && row['IsWon'] !== true,
  };
}

/** Which stages each record type offers: Salesforce tells it with the layouts. */
async function readOfferedStages(
  org: OrgAccess,
  account: CrmAccount,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const path = REST_PATHS.layouts('Opportunity');
  const { body } = await org.gateway.call({ account, kind: 'default', method: 'GET', path });
  const mappings = listOrEmpty(objectOrEmpty(body)['recordTypeMappings']).map(objectOrEmpty);
  return new Map(
    mappings.flatMap((mapping) => {
      const picklist = listOrEmpty(mapping['picklistsForRecordType'])
        .map(objectOrEmpty)
        .find((one) => one['picklistName'] === 'StageName');
      const id = textOrNull(mapping['recordTypeId']);
      if (picklist === undefined || id === null) return [];
      const values = listOrEmpty(picklist['picklistValues'])
        .map(objectOrEmpty)
        .filter((value) => value['active'] !== false)
        .map((value) => textOrNull(value['value']))
        .filter((value) => value !== null);
      return [[id, new Set(values)] as const];
    }),
  );
}
