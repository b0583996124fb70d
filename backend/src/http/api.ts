import type { EnrolledAdvocate, NewAdvocate, NewReferral, RecordedReferral } from '../referrals/referral-requests.ts';

export type { EnrolledAdvocate, NewAdvocate, NewReferral, RecordedReferral };

/** Who acts, for history and audit: `api_key:key_…`, `hubspot_user:123`, `system`. */
export type Actor = string;

/**
 * Use cases the routes call and that change referrals, rewards or connections. Each raises typed errors (with `entryId`
 * in `facts` where an entry was kept for a person to mend).
 */
export type ReferralUseCases = {
  recordReferral(workspaceId: string, actor: Actor, input: NewReferral): Promise<RecordedReferral>;
  enrolAdvocate(workspaceId: string, actor: Actor, input: NewAdvocate): Promise<EnrolledAdvocate>;
  /** Runs a failed or reviewed entry again, with a person's edits laid over its input. */
  retryEntry(
    workspaceId: string,
    actor: Actor,
    input: { readonly entryId: string; readonly edits: Readonly<Record<string, string>> },
  ): Promise<{ readonly entryId: string; readonly state: 'processed' | 'ignored' | 'failed' | 'review' }>;
  approveReward(workspaceId: string, actor: Actor, rewardId: string): Promise<void>;
  disconnect(workspaceId: string, actor: Actor, connectionId: string): Promise<void>;
  replayDeadLetter(workspaceId: string, actor: Actor, deadLetterId: string): Promise<void>;
};
