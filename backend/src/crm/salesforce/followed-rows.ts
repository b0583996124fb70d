import { textOrNull, type JsonObject } from '../answer-shape.ts';
import type { CallKind, CrmAccount, CrmObjectType } from '../port.ts';
import type { FieldSelection } from './field-selection.ts';
import { ALWAYS_READ, idOf } from './mapping.ts';
import type { OrgAccess } from './org-access.ts';
import { sobjectOfId, sobjectsOf, toLongId, type Sobject } from './record-ids.ts';
import { readSelectedRows } from './selected-rows.ts';

export type FollowedRow = { readonly sobject: Sobject; readonly row: JsonObject; readonly selection: FieldSelection };

/** The rows asked for, and those that merges and conversions lead to. */
export type FollowedRows = {
  /** The live row behind an id, however often it was merged or converted; null when it is gone. */
  survivorOf(id: string): FollowedRow | null;
  /** Of the ids asked for, and those between, the ones that are this record now. */
  mergedInto(survivorId: string): readonly string[];
};

export type FollowedRowsInput = {
  readonly objectType: CrmObjectType;
  readonly ids: readonly string[];
  readonly fields: readonly string[];
  readonly kind: CallKind;
};

/** Merged once more while we read, converted, merged again: nobody does more than this. */
const MAX_STEPS = 6;

/** Where an id leads to when it is no record of its own any more. */
const SUCCESSOR: Readonly<Record<Sobject, readonly string[]>> = {
  Contact: ['IsDeleted', 'MasterRecordId'],
  Lead: ['IsDeleted', 'MasterRecordId', 'IsConverted', 'ConvertedContactId'],
  Account: ['IsDeleted', 'MasterRecordId'],
  Opportunity: ['IsDeleted'],
};

/** One query per object; a further one only for the survivors of merges and conversions that were not asked for. */
export async function readFollowedRows(
  org: OrgAccess,
  account: CrmAccount,
  input: FollowedRowsInput,
): Promise<FollowedRows> {
  const found = new Map<string, FollowedRow>();
  let open = [...new Set(input.ids.map(toLongId))];
  for (let step = 0; step < MAX_STEPS && open.length > 0; step += 1) {
    for (const sobject of sobjectsOf(input.objectType)) {
      const ids = open.filter((id) => sobjectOfId(input.objectType, id) === sobject);
      if (ids.length === 0) continue;
      const { rows, selection } = await readSelectedRows(org, account, {
        ...input,
        sobject,
        ids,
        besides: [...ALWAYS_READ, ...SUCCESSOR[sobject]],
        deletedToo: true,
      });
      for (const row of rows) found.set(idOf(row), { sobject, row, selection });
    }
    const next = open.map((id) => successorOf(found.get(id))).filter((id) => id !== null);
    open = [...new Set(next)].filter((id) => !found.has(id));
  }
  const survivorOf = (id: string) => survivorIn(found, toLongId(id));
  return {
    survivorOf,
    mergedInto: (survivorId) =>
      [...found.keys()].filter((id) => id !== survivorId && idOrNull(survivorOf(id)) === survivorId).sort(),
  };
}

function survivorIn(found: ReadonlyMap<string, FollowedRow>, id: string): FollowedRow | null {
  let row = found.get(id);
  for (let step = 0; step < MAX_STEPS && row !== undefined; step += 1) {
    const successor = successorOf(row);
    if (successor === null) return row.row['IsDeleted'] === true ? null : row;
    row = found.get(successor);
  }
  return null;
}

function idOrNull(row: FollowedRow | null): string | null {
  return row === null ? null : idOf(row.row);
}

/** A converted lead is its contact from then on, whatever happened to the lead later. */
function successorOf(found: FollowedRow | undefined): string | null {
  if (found === undefined) return null;
  const { row } = found;
  const converted = row['IsConverted'] === true ? textOrNull(row['ConvertedContactId']) : null;
  const master = row['IsDeleted'] === true ? textOrNull(row['MasterRecordId']) : null;
  return converted ?? master;
}
