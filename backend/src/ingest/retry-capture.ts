import type { TenantTransaction } from '../db/database.ts';
import { repeatCapture } from '../sync/outbox-store.ts';
import type { EntryState } from './entries-store.ts';

/** What of an entry of a capture says how it is run again. */
export type CaptureToRetry = {
  readonly state: EntryState;
  readonly reason_code: string;
  readonly referral_id: string | null;
  readonly connection_id: string | null;
};

/** These entries are about the referral's deal; all others about the friend's contact, whose capture sees to the deal. */
const ABOUT_DEALS: ReadonlySet<string> = new Set(['several_open_deals', 'deal_refused']);

/**
 * A person looked at it: a reviewed contact counts as referred, what was refused is tried again. What comes of it is told
 * by the referral, or by an entry of its own.
 */
export async function retryCapture(
  tx: TenantTransaction,
  input: { readonly workspaceId: string; readonly now: Date; readonly entry: CaptureToRetry },
): Promise<{
  readonly state: EntryState;
  readonly connectionIds: readonly string[];
  readonly columns: { readonly reason_code: string; readonly reason: string };
}> {
  const { workspaceId, now, entry } = input;
  const { referral_id: referralId, connection_id: connectionId } = entry;
  if (referralId === null || connectionId === null) throw new Error('an entry of a capture names referral and account');
  const aboutDeal = ABOUT_DEALS.has(entry.reason_code);
  const accepted = entry.state === 'review' && !aboutDeal;
  const kind = aboutDeal ? 'ensure_deal' : 'capture_friend';
  await repeatCapture(tx, { workspaceId, connectionId, now, referralId, kind, accepted });
  const columns = accepted
    ? { reason_code: 'capture_accepted', reason: 'A person accepted this contact as referred' }
    : { reason_code: 'capture_repeated', reason: 'A person had it tried again' };
  return { state: 'processed', connectionIds: [connectionId], columns };
}
