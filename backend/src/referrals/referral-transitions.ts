import type { ReferralStatus } from '../../../shared/referral-status.ts';
import type { Verdict } from '../qualification/evaluate-rules.ts';

/**
 * Why a referral moves. `merged`: two referrals of one person became one, the survivor taking the higher status and the
 * other one ending denied. `existing_contact`: the program pays for new people only, and the CRM knew this one. `erased`: a privacy deletion ends what was still open.
 */
export type ReferralCause =
  | 'rule_met'
  | 'qualified_by_person'
  | 'approved_by_person'
  | 'denied_by_person'
  | 'reopened_by_person'
  | 'existing_contact'
  | 'merged'
  | 'erased';

/** One move of a referral. */
export type ReferralTransition = {
  readonly from: ReferralStatus;
  readonly to: ReferralStatus;
  readonly cause: ReferralCause;
};

/**
 * Every move a referral may make. No row lowers a status automatically: leaving a stage (part 4) will come as a cause of
 * its own, so that history keeps telling the two apart. Only a person, a merge, an erasure or a program that pays for new
 * people only ends in `denied`, and only a person leaves it.
 */
export const REFERRAL_TRANSITIONS: readonly ReferralTransition[] = [
  { from: 'pending', to: 'qualified', cause: 'rule_met' },
  { from: 'pending', to: 'approved', cause: 'rule_met' },
  { from: 'qualified', to: 'approved', cause: 'rule_met' },
  { from: 'pending', to: 'qualified', cause: 'qualified_by_person' },
  { from: 'pending', to: 'approved', cause: 'approved_by_person' },
  { from: 'qualified', to: 'approved', cause: 'approved_by_person' },
  { from: 'pending', to: 'denied', cause: 'denied_by_person' },
  { from: 'qualified', to: 'denied', cause: 'denied_by_person' },
  { from: 'approved', to: 'denied', cause: 'denied_by_person' },
  { from: 'denied', to: 'pending', cause: 'reopened_by_person' },
  { from: 'pending', to: 'qualified', cause: 'merged' },
  { from: 'pending', to: 'approved', cause: 'merged' },
  { from: 'qualified', to: 'approved', cause: 'merged' },
  { from: 'pending', to: 'denied', cause: 'merged' },
  { from: 'qualified', to: 'denied', cause: 'merged' },
  { from: 'approved', to: 'denied', cause: 'merged' },
  { from: 'pending', to: 'denied', cause: 'existing_contact' },
  { from: 'pending', to: 'denied', cause: 'erased' },
];

/** Whether the table has exactly this move. */
export function isAllowed({ from, to, cause }: ReferralTransition): boolean {
  return REFERRAL_TRANSITIONS.some((row) => row.from === from && row.to === to && row.cause === cause);
}

/** Why an automatic decision left a referral where it is. */
export type UnchangedReason = 'already_there' | 'rule_not_met' | 'denied_stays' | 'never_lowered' | 'needs_review';

/** What becomes of a referral, with the reason either way. */
export type VerdictOutcome =
  | { readonly changed: true; readonly to: ReferralStatus; readonly cause: ReferralCause }
  | { readonly changed: false; readonly because: UnchangedReason };

/** The status held now and what the rules say. */
export type ApplyVerdictInput = {
  readonly current: ReferralStatus;
  readonly verdict: Pick<Verdict, 'status' | 'reviewReason' | 'trace'>;
};

const RANK = { pending: 0, qualified: 1, approved: 2 } as const;

/**
 * What an automatic verdict does to a referral. It only ever raises a status, and a person's denial stands whatever the
 * CRM says. `needs_review` means that nothing changes now but a person could raise it, so it wins over the quieter reasons.
 */
export function applyVerdict({ current, verdict }: ApplyVerdictInput): VerdictOutcome {
  if (current === 'denied') return { changed: false, because: 'denied_stays' };
  if (isAllowed({ from: current, to: verdict.status, cause: 'rule_met' })) {
    return { changed: true, to: verdict.status, cause: 'rule_met' };
  }
  if (verdict.reviewReason !== null && RANK[heldBackStatus(verdict)] > RANK[current]) {
    return { changed: false, because: 'needs_review' };
  }
  if (RANK[verdict.status] < RANK[current]) return { changed: false, because: 'never_lowered' };
  return { changed: false, because: verdict.status === 'pending' ? 'rule_not_met' : 'already_there' };
}

/** The highest status that a shared deal would have given. */
function heldBackStatus(verdict: ApplyVerdictInput['verdict']): 'qualified' | 'approved' {
  const heldBack = verdict.trace.filter((step) => step.missing === 'several_referred_contacts');
  return heldBack.length > 0 && heldBack.every((step) => step.status === 'qualified') ? 'qualified' : 'approved';
}
