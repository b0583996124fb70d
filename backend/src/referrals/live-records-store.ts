import type { TenantTransaction } from '../db/database.ts';
import type { DecidingRecord } from '../qualification/trace.ts';

/** Which of these CRM records are still there, as `type:id`: one that is there and not the friend's any more was moved. */
export async function liveRecords(
  tx: TenantTransaction,
  workspaceId: string,
  records: readonly DecidingRecord[],
): Promise<Set<string>> {
  if (records.length === 0) return new Set();
  const rows = records.map(({ objectType, recordId }) => ({ object_type: objectType, record_id: recordId }));
  const answer = await tx.raw<{ rows: { object_type: string; record_id: string }[] }>(
    `select k.object_type, k.record_id
       from connections c
       cross join json_to_recordset(?) as k(object_type text, record_id text)
       join crm_records r on r.connection_id = c.id and r.object_type = k.object_type and r.record_id = k.record_id
        and r.deleted_at is null and r.merged_into is null
      where c.workspace_id = ?`,
    [JSON.stringify(rows), workspaceId],
  );
  return new Set(answer.rows.map((row) => `${row.object_type}:${row.record_id}`));
}
