import type { RewardState } from '../../../shared/referral-status.ts';

/**
 * Why a reward moves. `left_stage`: what earned it is not so any more (E8). `sale_value_gone`: the amount it is a share of was
 * emptied. `earned_again`: both came back. `amount_changed`: the sum followed its sale while nobody had agreed to it.
 */
export type RewardCause =
  | 'approved_by_person'
  | 'approved_automatically'
  | 'issued'
  | 'voided_by_person'
  | 'referral_denied'
  | 'left_stage'
  | 'sale_value_gone'
  | 'earned_again'
  | 'amount_changed'
  | 'merged'
  | 'erased';

/** One move of a reward; a changed sum leaves it where it is. */
export type RewardTransition = { readonly from: RewardState; readonly to: RewardState; readonly cause: RewardCause };

/**
 * Every move a reward may make; a reward is born `pending`, and an automatic one is approved in the same transaction.
 * Money that has left is never taken back by software: an issued reward only gets a clawback proposal (E8).
 */
export const REWARD_TRANSITIONS: readonly RewardTransition[] = [
  { from: 'pending', to: 'approved', cause: 'approved_by_person' },
  { from: 'pending', to: 'approved', cause: 'approved_automatically' },
  { from: 'approved', to: 'issued', cause: 'issued' },
  { from: 'pending', to: 'voided', cause: 'voided_by_person' },
  { from: 'pending', to: 'voided', cause: 'referral_denied' },
  { from: 'pending', to: 'voided', cause: 'left_stage' },
  { from: 'pending', to: 'voided', cause: 'merged' },
  { from: 'pending', to: 'voided', cause: 'erased' },
  { from: 'pending', to: 'voided', cause: 'sale_value_gone' },
  { from: 'approved', to: 'voided', cause: 'sale_value_gone' },
  { from: 'voided', to: 'pending', cause: 'earned_again' },
  { from: 'voided', to: 'approved', cause: 'earned_again' },
  { from: 'pending', to: 'pending', cause: 'amount_changed' },
  { from: 'approved', to: 'approved', cause: 'amount_changed' },
  { from: 'approved', to: 'voided', cause: 'voided_by_person' },
  { from: 'approved', to: 'voided', cause: 'referral_denied' },
  { from: 'approved', to: 'voided', cause: 'left_stage' },
  { from: 'approved', to: 'voided', cause: 'merged' },
  { from: 'approved', to: 'voided', cause: 'erased' },
  { from: 'issued', to: 'clawback_proposed', cause: 'referral_denied' },
  { from: 'issued', to: 'clawback_proposed', cause: 'left_stage' },
  { from: 'issued', to: 'clawback_proposed', cause: 'merged' },
];

/** Whether the table has exactly this move. The store makes the same check with `where state = from`. */
export function isAllowed({ from, to, cause }: RewardTransition): boolean {
  return REWARD_TRANSITIONS.some((row) => row.from === from && row.to === to && row.cause === cause);
}
