import type { CrmObjectType } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';

/** A merge of a merge of a merge: longer chains are a fault of the data, not of the reader. */
const MOST_MERGES = 20;

export type SeenRecordInput = {
  readonly connectionId: string;
  readonly objectType: CrmObjectType;
  readonly recordId: string;
};

/**
 * The id this record goes by today, or null when nobody has seen it in this account: then the CRM has to be asked. One
 * that was deleted counts as never seen, because it may have been restored since.
 */
export async function seenRecord(tx: TenantTransaction, input: SeenRecordInput): Promise<string | null> {
  const answer = await tx.raw<{ rows: { record_id: string }[] }>(
    `with recursive chain as (
       select record_id, merged_into, deleted_at, 1 as step from crm_records
        where connection_id = :connectionId and object_type = :objectType and record_id = :recordId
       union all
       select r.record_id, r.merged_into, r.deleted_at, c.step + 1
         from chain c join crm_records r on r.record_id = c.merged_into
        where r.connection_id = :connectionId and r.object_type = :objectType and c.step < ${String(MOST_MERGES)}
     )
     select record_id from chain where merged_into is null and deleted_at is null`,
    { ...input },
  );
  return answer.rows[0]?.record_id ?? null;
}

/** Notes that this record is in this account, as the CRM just said itself. */
export async function noteSeen(
  tx: TenantTransaction,
  input: SeenRecordInput & { readonly workspaceId: string; readonly now: Date },
): Promise<void> {
  await tx.raw(
    `insert into crm_records as r (connection_id, object_type, record_id, workspace_id, first_seen_at)
     values (:connectionId, :objectType, :recordId, :workspaceId, :now)
     on conflict (connection_id, object_type, record_id) do update set deleted_at = null, merged_into = null
      where r.deleted_at is not null or r.merged_into is not null`,
    { ...input },
  );
}
