import type { CrmAccount, CrmRecord, ReadRecordsInput } from '../port.ts';
import { readDeals } from './deals.ts';
import { readFollowedRows, type FollowedRow } from './followed-rows.ts';
import { fromSalesforceRow, idOf } from './mapping.ts';
import type { OrgAccess } from './org-access.ts';
import { toPeople } from './people.ts';

/**
 * Reads live records by id. An id that was merged away, or a lead that was converted, is answered under the id of what it
 * became.
 */
export async function readRecords(
  org: OrgAccess,
  account: CrmAccount,
  input: ReadRecordsInput,
): Promise<ReadonlyMap<string, CrmRecord>> {
  const { objectType, ids, fields } = input;
  if (objectType === 'deal') return readDeals(org, account, input);
  const followed = await readFollowedRows(org, account, { objectType, ids, fields, kind: 'default' });
  const survivors = new Map<string, FollowedRow>();
  for (const id of ids) {
    const row = followed.survivorOf(id);
    if (row !== null) survivors.set(id, row);
  }
  const rows = [...new Map([...survivors.values()].map((row) => [idOf(row.row), row])).values()];
  const mergedInto = (id: string) => followed.mergedInto(id);
  const records =
    objectType === 'contact'
      ? await toPeople(org, account, { rows, fields, kind: 'default', mergedInto })
      : new Map(
          rows.map(({ row, selection }) => {
            const [id, values] = [idOf(row), selection.pick(row, fields)];
            return [id, fromSalesforceRow({ objectType, row, values, mergedIds: mergedInto(id) })];
          }),
        );
  return new Map(
    [...survivors].flatMap(([id, { row }]) => {
      const record = records.get(idOf(row));
      return record === undefined ? [] : [[id, record]];
    }),
  );
}
