import type { EntryDetail } from '../../../shared/contracts/entry-reports.ts';
import type { TenantTransaction } from '../db/database.ts';
import type { TracedEntryRow } from './entry-rows.ts';

type SnapshotRow = {
  object_type: string;
  record_id: string;
  modified_at: Date;
  read_at: Date;
  values: Record<string, string | null>;
};
type RecordKey = { readonly object_type: string; readonly record_id: string };

const MOST = 50;

/** What was known of the record and of every record the trace names when it was decided; erased readings are gone. */
export async function seenValues(tx: TenantTransaction, entry: TracedEntryRow): Promise<EntryDetail['values']> {
  const records = recordsOf(entry).slice(0, MOST);
  if (records.length === 0) return [];
  const accounts = entry.connection_id === null ? await accountsOf(tx, entry) : [entry.connection_id];
  const answer = await tx.raw<{ rows: SnapshotRow[] }>(
    `select s.object_type, s.record_id, s.modified_at, s.read_at, s."values"
       from json_to_recordset(?) as n(object_type text, record_id text, place int)
      cross join unnest(?::text[]) as a(connection_id)
      cross join lateral (
        select * from snapshots s
         where s.connection_id = a.connection_id and s.object_type = n.object_type and s.record_id = n.record_id
           and s.read_at <= ?
         order by s.modified_at desc, s.id desc limit 1) s
      order by n.place limit ?`,
    [JSON.stringify(records.map((record, place) => ({ ...record, place }))), [...accounts], entry.created_at, MOST],
  );
  return answer.rows.map((row) => ({
    objectType: row.object_type,
    recordId: row.record_id,
    modifiedAt: row.modified_at.toISOString(),
    readAt: row.read_at.toISOString(),
    values: row.values,
  }));
}

/** A decision that a person caused names no account: the records are looked for in all of the workspace's. */
async function accountsOf(tx: TenantTransaction, { referral_id: referralId }: TracedEntryRow): Promise<string[]> {
  const answer = await tx.raw<{ rows: { connection_id: string }[] }>(
    `select distinct c.connection_id from referrals r join crm_records c on c.person_id = r.person_id where r.id = ?`,
    [referralId],
  );
  return answer.rows.map((row) => row.connection_id);
}

function recordsOf({ object_type: objectType, record_id: recordId, trace }: TracedEntryRow): RecordKey[] {
  const own = objectType === null || recordId === null ? [] : [{ object_type: objectType, record_id: recordId }];
  const all = [...own, ...namedIn(trace)];
  return [...new Map(all.map((record) => [`${record.object_type}:${record.record_id}`, record])).values()];
}

/** Whatever shape a trace has: a record in it is told by its type and its id. */
function namedIn(value: unknown): RecordKey[] {
  if (typeof value !== 'object' || value === null) return [];
  const { objectType, recordId } = value as { readonly objectType?: unknown; readonly recordId?: unknown };
  const own =
    typeof objectType === 'string' && typeof recordId === 'string'
      ? [{ object_type: objectType, record_id: recordId }]
      : [];
  return [...own, ...Object.values(value).flatMap(namedIn)];
}
