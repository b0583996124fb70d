import type { AllContactsInput, AllContactsPage, CrmAccount } from '../port.ts';
import { requireAscending } from './changed-records.ts';
import { FieldSelection } from './field-selection.ts';
import type { FollowedRow } from './followed-rows.ts';
import { ALWAYS_READ, idOf } from './mapping.ts';
import type { OrgAccess } from './org-access.ts';
import { toPeople } from './people.ts';
import { countRows, queryRows } from './query.ts';
import type { Sobject } from './record-ids.ts';
import { withDescription } from './selected-rows.ts';
import { compare, COUNT, idLiteral, instantLiteral, select, type Soql } from './soql.ts';

type Walk = { readonly sobject: Sobject; readonly prefix: string; readonly where: readonly Soql[] };

const WALKS: readonly Walk[] = [
  { sobject: 'Contact', prefix: '003', where: [] },
  { sobject: 'Lead', prefix: '00Q', where: [compare('IsConverted', '=', false)] },
];

/** One page of all contacts, then of all leads that are not converted, by ascending id. */
export async function readAllContacts(
  org: OrgAccess,
  account: CrmAccount,
  input: AllContactsInput,
): Promise<AllContactsPage> {
  const walks = WALKS.filter(({ prefix }) => input.afterId === null || input.afterId.slice(0, 3) <= prefix);
  const found: FollowedRow[] = [];
  let nextAfterId: string | null = null;
  for (const walk of walks) {
    const rows = await readWalk(org, account, { ...input, walk });
    found.push(...rows);
    const last = rows.at(-1);
    if (rows.length < org.pageSize || last === undefined) continue;
    nextAfterId = idOf(last.row);
    break;
  }
  let total = 0;
  for (const walk of walks) total += await countWalk(org, account, { ...input, walk });
  const { fields } = input;
  const people = await toPeople(org, account, { rows: found, fields, kind: 'background', mergedInto: () => [] });
  return { records: [...people.values()], total, nextAfterId };
}

type WalkInput = AllContactsInput & { readonly walk: Walk };

function conditions({ walk, afterId, createdFrom }: WalkInput): readonly Soql[] {
  return [
    ...walk.where,
    ...(afterId?.startsWith(walk.prefix) ? [compare('Id', '>', idLiteral(afterId))] : []),
    ...(createdFrom === null ? [] : [compare('CreatedDate', '>=', instantLiteral(createdFrom))]),
  ];
}

function readWalk(org: OrgAccess, account: CrmAccount, input: WalkInput): Promise<readonly FollowedRow[]> {
  const { sobject } = input.walk;
  return withDescription(org, account, {
    sobject,
    names: input.fields,
    run: async (description) => {
      const selection = new FieldSelection(description, input.fields);
      const soql = select({
        select: [...new Set([...ALWAYS_READ, ...selection.names])],
        from: sobject,
        where: conditions(input),
        orderBy: ['Id'],
        limit: org.pageSize,
      });
      const rows = await queryRows(org.gateway, account, { soql, kind: 'background' });
      requireAscending(rows, input.afterId);
      return rows.map((row) => ({ sobject, row, selection }));
    },
  });
}

function countWalk(org: OrgAccess, account: CrmAccount, input: WalkInput): Promise<number> {
  const soql = select({ select: [COUNT], from: input.walk.sobject, where: conditions(input) });
  return countRows(org.gateway, account, { soql, kind: 'background' });
}
