import type { CrmRightMissing } from '../crm/errors.ts';
import type { TenantTransaction } from '../db/database.ts';

type Connection = { readonly connectionId: string };

/** Says on the connection what its user may not do in the CRM and how that is mended. The connection stays connected. */
export async function noteMissingRight(
  tx: TenantTransaction,
  { connectionId, error }: Connection & { readonly error: CrmRightMissing },
): Promise<void> {
  await tx('connections')
    .where({ id: connectionId, status: 'connected' })
    .update({ status_reason: `${error.message} ${error.details.remedy}` });
}

const CODES = ['crm_permission_missing', 'crm_package_missing'];

/** All that was due was done: what was missing is there, unless something still waits for it. */
export async function forgetMissingRight(tx: TenantTransaction, { connectionId }: Connection): Promise<void> {
  const waiting = (table: string) =>
    tx(table).where({ connection_id: connectionId }).whereRaw("last_error ->> 'code' = any(?)", [CODES]);
  await tx('connections')
    .where({ id: connectionId, status: 'connected' })
    .whereNotNull('status_reason')
    .whereNotExists(waiting('outbox').where({ done_at: null, dead_at: null }))
    .whereNotExists(waiting('poll_cursors'))
    .update({ status_reason: null });
}

/**
 * Gives claimed items back that wait for something to be given in the CRM. They lose no try: each waits again for as long
 * as it is old, from seconds to a quarter of an hour.
 */
export async function postponeOutbox(
  tx: TenantTransaction,
  input: { readonly outboxIds: readonly string[]; readonly now: Date; readonly error: unknown },
): Promise<void> {
  await tx.raw(
    `update outbox
        set claimed_until = null, last_error = cast(:error as jsonb),
            due_at = cast(:now as timestamptz)
              + least(greatest(cast(:now as timestamptz) - created_at, interval '5 seconds'), interval '15 minutes')
      where id = any(:ids)`,
    { ids: [...input.outboxIds], now: input.now, error: JSON.stringify(input.error) },
  );
}
