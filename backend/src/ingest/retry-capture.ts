import type { TenantTransaction } from '../db/database.ts';
import { repeatCapture } from '../sync/outbox-store.ts';
import type { EntryState } from './entries-store.ts';

/** What of an entry of a capture says how it is run again. */
export type CaptureToRetry = {
  readonly state: EntryState;
  readonly reasonCode: string;
  readonly referralId: string | null;
  readonly connectionId: string | null;
};

/** These entries are about the referral's deal; all others about the friend's contact, whose capture sees to the deal. */
const ABOUT_DEALS: ReadonlySet<string> = new Set(['several_open_deals', 'deal_refused']);

/**
 * A person looked at it: a reviewed contact counts as referred, what was refused is tried again. What comes of it is told
 * by the referral, or by an entry of its own.
 * @returns the connections that have work now.
 */
export async function retryCapture(
  tx: TenantTransaction,
  input: { readonly workspaceId: string; readonly now: Date; readonly entry: CaptureToRetry },
): Promise<readonly string[]> {
  const { workspaceId, now, entry } = input;
  const { state, referralId, connectionId } = entry;
  if (referralId === null || connectionId === null) throw new Error('an entry of a capture names referral and account');
  const aboutDeal = ABOUT_DEALS.has(entry.reasonCode);
  const accepted = state === 'review' && !aboutDeal;
  const kind = aboutDeal ? 'ensure_deal' : 'capture_friend';
  await repeatCapture(tx, { workspaceId, connectionId, now, referralId, kind, accepted });
  return [connectionId];
}
