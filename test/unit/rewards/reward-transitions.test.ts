import { expect, it } from 'vitest';
import { REWARD_STATES, type RewardState } from '../../../shared/referral-status.ts';
import type { EarnedReward } from '../../../backend/src/rewards/earned-rewards.ts';
import { transitionOf } from '../../../backend/src/rewards/ledger-store.ts';
import {
  isAllowed,
  REWARD_TRANSITIONS,
  type RewardTransition,
} from '../../../backend/src/rewards/reward-transitions.ts';
import {
  settleRewards,
  type LedgerReward,
  type SettleRewardsInput,
} from '../../../backend/src/rewards/settle-rewards.ts';

const REWARD: EarnedReward = {
  rewardRuleId: 'rwr_1',
  recipient: 'advocate',
  milestone: 'approved',
  approval: 'automatic',
  amountMinor: 200n,
  currency: 'EUR',
  basis: { kind: 'fixed', amount: '2.00', currency: 'EUR' },
};

/** What may have become of the referral: earned by hand or automatically, not earned any more, denied, without a value. */
const CASES: readonly Pick<SettleRewardsInput, 'earned' | 'waiting' | 'status'>[] = [
  { earned: [REWARD], waiting: [], status: 'approved' },
  { earned: [{ ...REWARD, approval: 'manual' }], waiting: [], status: 'approved' },
  { earned: [], waiting: [], status: 'pending' },
  { earned: [], waiting: [], status: 'denied' },
  { earned: [], waiting: [{ ...REWARD, because: 'sale_value_missing' }], status: 'approved' },
];

function movesOf(from: RewardState, given: (typeof CASES)[number]): RewardTransition[] {
  const row: LedgerReward = {
    ...REWARD,
    id: 'rwd_1',
    recipientPersonId: 'per_1',
    state: from,
    amountMinor: 100n,
    programVersion: 1,
    approvedBy: 'system',
    voidCause: from === 'voided' ? 'left_stage' : null,
  };
  const moves = settleRewards({ ...given, ledger: [row], recipientPersonId: 'per_1', ruleVersions: new Map() });
  return moves.flatMap((move) => transitionOf(from, move));
}

it('moves a reward along these ways only (RF-37, E8)', () => {
  const ways = REWARD_STATES.flatMap((from) =>
    REWARD_STATES.filter((to) => REWARD_TRANSITIONS.some((row) => row.from === from && row.to === to)).map(
      (to) => `${from} > ${to}`,
    ),
  );
  expect(ways).toEqual([
    'pending > pending',
    'pending > approved',
    'pending > voided',
    'approved > approved',
    'approved > issued',
    'approved > voided',
    'issued > clawback_proposed',
    'voided > pending',
    'voided > approved',
  ]);
});

it('never voids money that has left, it only proposes to ask for it back (E8)', () => {
  expect(isAllowed({ from: 'issued', to: 'voided', cause: 'left_stage' })).toBe(false);
  expect(isAllowed({ from: 'issued', to: 'clawback_proposed', cause: 'left_stage' })).toBe(true);
  expect(isAllowed({ from: 'approved', to: 'voided', cause: 'left_stage' })).toBe(true);
});

it('brings a voided reward back only when it is earned again, approved only where its rule approves by itself (E8)', () => {
  expect(REWARD_TRANSITIONS.filter((row) => row.from === 'voided')).toEqual([
    { from: 'voided', to: 'pending', cause: 'earned_again' },
    { from: 'voided', to: 'approved', cause: 'earned_again' },
  ]);
});

it('changes a sum where it stands, and only before it was paid (E19)', () => {
  const changed = REWARD_TRANSITIONS.filter(({ cause }) => cause === 'amount_changed');
  expect(changed.map(({ from, to }) => `${from} > ${to}`)).toEqual(['pending > pending', 'approved > approved']);
});

it('knows every move that settling makes, of any row there may be (E8, E19)', () => {
  const made = REWARD_STATES.flatMap((state) => CASES.flatMap((given) => movesOf(state, given)));
  expect(made.filter((move) => !isAllowed(move))).toEqual([]);
  const automatic = { from: 'voided', to: 'approved', cause: 'earned_again' };
  expect(made).toContainEqual(automatic);
  expect(made).toContainEqual({ from: 'approved', to: 'approved', cause: 'amount_changed' });
});

it('approves once, and only for a cause that approves (RF-37)', () => {
  expect(isAllowed({ from: 'pending', to: 'approved', cause: 'approved_automatically' })).toBe(true);
  expect(isAllowed({ from: 'pending', to: 'approved', cause: 'issued' })).toBe(false);
  expect(isAllowed({ from: 'voided', to: 'approved', cause: 'approved_by_person' })).toBe(false);
  const rows = REWARD_TRANSITIONS.map((row) => JSON.stringify(row));
  expect(new Set(rows).size).toBe(rows.length);
});
