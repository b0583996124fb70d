import type { TenantTransaction } from '../db/database.ts';
import type { EntryState } from './entries-store.ts';
import { markDirty } from './dirty-store.ts';

/**
 * Somebody looked at what a rep asked about: the request is closed, and the friend's records are read and decided anew,
 * so that whatever was mended in the CRM counts.
 */
export async function retryReview(
  tx: TenantTransaction,
  input: { readonly workspaceId: string; readonly now: Date; readonly referralId: string | null },
): Promise<{
  readonly state: EntryState;
  readonly connectionIds: readonly string[];
  readonly columns: { readonly reason_code: string };
}> {
  const { workspaceId, now, referralId } = input;
  const contacts = await tx.raw<{ rows: { connection_id: string; record_id: string }[] }>(
    `select c.connection_id, c.record_id
       from referrals r join crm_records c on c.person_id = r.person_id
      where r.id = ? and c.object_type = 'contact' and c.deleted_at is null and c.merged_into is null`,
    [referralId],
  );
  const byConnection = Map.groupBy(contacts.rows, (row) => row.connection_id);
  for (const [connectionId, rows] of byConnection) {
    const hints = rows.map(({ record_id: recordId }) => ({ objectType: 'contact' as const, recordId }));
    await markDirty(tx, { workspaceId, connectionId, kind: 'captured', now, hints });
  }
  return { state: 'processed', connectionIds: [...byConnection.keys()], columns: { reason_code: 'review_done' } };
}
