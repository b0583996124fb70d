import type { TenantTransaction } from '../db/database.ts';
import { normaliseEmail } from '../referrals/email.ts';
import { peopleByEmail } from '../referrals/people-store.ts';
import { normaliseReferralCode } from '../referrals/referral-code.ts';
import { referralById, referralsOfFriend, type Candidate } from './inbound-events-store.ts';

/** What an event says of the referral it belongs to. */
export type EventReference = {
  readonly programId: string | null;
  readonly referralId: string | null;
  readonly code: string | null;
  readonly email: string | null;
};

/** The one referral an event belongs to, or why there is none to name. */
export type Correlation =
  | { readonly found: 'one'; readonly referralId: string; readonly programId: string }
  | { readonly found: 'several'; readonly referralIds: readonly string[]; readonly programIds: readonly string[] }
  | { readonly found: 'none'; readonly reasonCode: string; readonly reason: string };

/**
 * By the referral's id, else by the friend's e-mail; where that leaves several, the advocate's code decides between them.
 * An id that leads nowhere is not replaced by a guess: a person mends it.
 */
export async function correlateEvent(
  tx: TenantTransaction,
  { workspaceId, event }: { readonly workspaceId: string; readonly event: EventReference },
): Promise<Correlation> {
  const inProgram = ({ programId }: Candidate): boolean => event.programId === null || event.programId === programId;
  if (event.referralId !== null) {
    const named = (await referralById(tx, event.referralId)).filter(inProgram);
    return choose(named, { reasonCode: 'referral_unknown', reason: 'There is no referral with this id' });
  }
  const email = event.email === null ? null : normaliseEmail(event.email);
  if (email === null) {
    return { found: 'none', reasonCode: 'email_malformed', reason: 'The email address is not valid' };
  }
  const nobody = { reasonCode: 'friend_unknown', reason: 'Nobody with this email address was referred' };
  const personId = (await peopleByEmail(tx, workspaceId, [email])).get(email);
  if (personId === undefined) return { found: 'none', ...nobody };
  const code = event.code === null ? null : normaliseReferralCode(event.code);
  const candidates = (await referralsOfFriend(tx, { personId, code })).filter(inProgram);
  const ofCode = candidates.filter(({ isOfCode }) => isOfCode);
  return choose(candidates.length > 1 && ofCode.length === 1 ? ofCode : candidates, nobody);
}

function choose(
  candidates: readonly Candidate[],
  none: { readonly reasonCode: string; readonly reason: string },
): Correlation {
  const [first, ...more] = candidates;
  if (!first) return { found: 'none', ...none };
  if (more.length > 0) {
    const programIds = [...new Set(candidates.map(({ programId }) => programId))];
    return { found: 'several', referralIds: candidates.map(({ referralId }) => referralId), programIds };
  }
  return { found: 'one', referralId: first.referralId, programId: first.programId };
}
