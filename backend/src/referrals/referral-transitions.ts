import type { ReferralStatus } from '../../../shared/referral-status.ts';

/**
 * Why a referral moves. `left_stage`: the rule that gave the status is not met any more (E8). `held_for_review`: what gave it
 * turned out to need a person's word (E3). `override_denied`: the program
 * lets the CRM move a denied referral (RR-33). `integrity`: a check of the program found it not honest or not new. `merged`: two referrals of one person became one, the survivor taking the higher status and the
 * other one ending denied. `existing_contact`: the program pays for new people only, and the CRM knew this one. `erased`: a privacy deletion ends what was still open.
 */
export type ReferralCause =
  | 'rule_met'
  | 'left_stage'
  | 'held_for_review'
  | 'override_denied'
  | 'qualified_by_person'
  | 'approved_by_person'
  | 'denied_by_person'
  | 'reopened_by_person'
  | 'existing_contact'
  | 'integrity'
  | 'merged'
  | 'erased';

/** One move of a referral. */
export type ReferralTransition = {
  readonly from: ReferralStatus;
  readonly to: ReferralStatus;
  readonly cause: ReferralCause;
};

/**
 * Every move a referral may make. Rules raise by `rule_met` and lower by `left_stage`, and history keeps the two apart.
 * Rules never deny: a person, a merge, an erasure, or a program's checks at capture do. Out of `denied` leads a person, or a
 * rule where the program allows it.
 */
export const REFERRAL_TRANSITIONS: readonly ReferralTransition[] = [
  { from: 'pending', to: 'qualified', cause: 'rule_met' },
  { from: 'pending', to: 'approved', cause: 'rule_met' },
  { from: 'qualified', to: 'approved', cause: 'rule_met' },
  { from: 'approved', to: 'qualified', cause: 'left_stage' },
  { from: 'approved', to: 'pending', cause: 'left_stage' },
  { from: 'qualified', to: 'pending', cause: 'left_stage' },
  { from: 'approved', to: 'qualified', cause: 'held_for_review' },
  { from: 'approved', to: 'pending', cause: 'held_for_review' },
  { from: 'qualified', to: 'pending', cause: 'held_for_review' },
  { from: 'denied', to: 'qualified', cause: 'override_denied' },
  { from: 'denied', to: 'approved', cause: 'override_denied' },
  { from: 'pending', to: 'qualified', cause: 'qualified_by_person' },
  { from: 'approved', to: 'qualified', cause: 'qualified_by_person' },
  { from: 'denied', to: 'qualified', cause: 'qualified_by_person' },
  { from: 'denied', to: 'approved', cause: 'approved_by_person' },
  { from: 'pending', to: 'approved', cause: 'approved_by_person' },
  { from: 'qualified', to: 'approved', cause: 'approved_by_person' },
  { from: 'pending', to: 'denied', cause: 'denied_by_person' },
  { from: 'qualified', to: 'denied', cause: 'denied_by_person' },
  { from: 'approved', to: 'denied', cause: 'denied_by_person' },
  { from: 'denied', to: 'pending', cause: 'reopened_by_person' },
  { from: 'qualified', to: 'pending', cause: 'reopened_by_person' },
  { from: 'approved', to: 'pending', cause: 'reopened_by_person' },
  { from: 'pending', to: 'qualified', cause: 'merged' },
  { from: 'pending', to: 'approved', cause: 'merged' },
  { from: 'qualified', to: 'approved', cause: 'merged' },
  { from: 'pending', to: 'denied', cause: 'merged' },
  { from: 'qualified', to: 'denied', cause: 'merged' },
  { from: 'approved', to: 'denied', cause: 'merged' },
  { from: 'pending', to: 'denied', cause: 'existing_contact' },
  { from: 'pending', to: 'denied', cause: 'integrity' },
  { from: 'pending', to: 'denied', cause: 'erased' },
];

/** Whether the table has exactly this move. */
export function isAllowed({ from, to, cause }: ReferralTransition): boolean {
  return REFERRAL_TRANSITIONS.some((row) => row.from === from && row.to === to && row.cause === cause);
}
