import type { CrmAccount, CrmObjectType, FieldValues, RecordWrite, WriteOutcome } from '../port.ts';
import { REST_PATHS } from './rest-paths.ts';
import { writeCollection, type CollectionResult } from './collection.ts';
import { byCompany } from './company-order.ts';
import { readFollowedRows } from './followed-rows.ts';
import { idOf } from './mapping.ts';
import type { OrgAccess } from './org-access.ts';
import { sobjectOfId, sobjectsOf, toLongId } from './record-ids.ts';

export type UpdateRecordsInput = {
  readonly objectType: CrmObjectType;
  /** At most 200 records; two writes to one record are sent as one, the later value winning. */
  readonly writes: readonly RecordWrite[];
};

/** By the id of the record that is written to. Salesforce refuses a record that stands twice in one call. */
type Targets = ReadonlyMap<string, FieldValues>;

/**
 * Writes field values, one outcome per record, keyed by the id that was asked for. `recordId` is the survivor's when the
 * record was merged away or is a lead that was converted; `values` are those sent, as Salesforce answers none.
 */
export async function updateRecords(
  org: OrgAccess,
  account: CrmAccount,
  { objectType, writes }: UpdateRecordsInput,
): Promise<readonly WriteOutcome[]> {
  const asked = mergeWrites(writes, (id) => id);
  const first = await writeTargets(org, account, { objectType, targets: mergeWrites(writes, toLongId) });
  const survivors = await findSurvivors(org, account, { objectType, ids: first.moved });
  const rewrites = writes.filter(({ id }) => isElsewhere(survivors, id));
  const survivorOf = (id: string) => survivors.get(toLongId(id)) ?? id;
  const second = await writeTargets(org, account, { objectType, targets: mergeWrites(rewrites, survivorOf) });
  return [...asked].flatMap(([key, values]) => {
    const result = second.outcomes.get(survivorOf(key)) ?? first.outcomes.get(toLongId(key));
    if (result === undefined) return [];
    if (result.ok) return { ...result, key, values };
    // Salesforce has one code for a record that is gone and for a value that is the id of one.
    const isThere = survivors.get(toLongId(key)) === toLongId(key);
    return { key, ok: false, refusal: isThere ? { ...result.refusal, code: 'record_rejected' } : result.refusal };
  });
}

function mergeWrites(writes: readonly RecordWrite[], toId: (id: string) => string): Targets {
  const merged = new Map<string, FieldValues>();
  for (const { id, values } of writes) merged.set(toId(id), { ...merged.get(toId(id)), ...values });
  return merged;
}

function isElsewhere(survivors: ReadonlyMap<string, string>, id: string): boolean {
  const survivor = survivors.get(toLongId(id));
  return survivor !== undefined && survivor !== toLongId(id);
}

/** Of records that are not where they were, what lives on, by the id they had; the same id for one that never moved. */
async function findSurvivors(
  org: OrgAccess,
  account: CrmAccount,
  { objectType, ids }: { readonly objectType: CrmObjectType; readonly ids: readonly string[] },
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const followed = await readFollowedRows(org, account, { objectType, ids, fields: [], kind: 'default' });
  return new Map(
    ids.flatMap((id) => {
      const survivor = followed.survivorOf(id);
      return survivor === null ? [] : [[id, idOf(survivor.row)] as const];
    }),
  );
}

type Written = { readonly outcomes: ReadonlyMap<string, WriteOutcome>; readonly moved: readonly string[] };
type WriteTargetsInput = { readonly objectType: CrmObjectType; readonly targets: Targets };

/** Outcomes by the id written to, and the ids of what Salesforce says is no more. */
async function writeTargets(org: OrgAccess, account: CrmAccount, input: WriteTargetsInput): Promise<Written> {
  const { objectType, targets } = input;
  const outcomes = new Map<string, WriteOutcome>();
  for (const id of targets.keys()) if (sobjectOfId(objectType, id) === null) outcomes.set(id, gone(id));
  const items = sobjectsOf(objectType).flatMap((sobject) =>
    [...targets]
      .filter(([id]) => sobjectOfId(objectType, id) === sobject)
      .map(([id, values]) => ({ key: id, sobject, id, values })),
  );
  const results = await writeCollection(org, account, {
    method: 'PATCH',
    path: REST_PATHS.collection,
    as: 'updateable',
    items,
    orderLocked: (locked) => byCompany(org, account, locked),
  });
  for (const result of results) outcomes.set(result.key, toOutcome(result));
  return { outcomes, moved: results.filter((result) => !result.ok && result.hasMoved).map(({ key }) => key) };
}

function toOutcome(result: CollectionResult): WriteOutcome {
  const { key } = result;
  if (!result.ok) return { key, ok: false, refusal: result.refusal };
  return { key, ok: true, recordId: result.id, values: {}, modifiedAt: result.writtenAt };
}

function gone(key: string): WriteOutcome {
  const message = 'Salesforce has no record with such an id.';
  return { key, ok: false, refusal: { code: 'record_gone', message, fields: [] } };
}
