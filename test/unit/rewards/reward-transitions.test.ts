import { expect, it } from 'vitest';
import { REWARD_STATES } from '../../../shared/referral-status.ts';
import { isAllowed, REWARD_TRANSITIONS } from '../../../backend/src/rewards/reward-transitions.ts';

it('moves a reward along these ways only (RF-37, E8)', () => {
  const ways = REWARD_STATES.flatMap((from) =>
    REWARD_STATES.filter((to) => REWARD_TRANSITIONS.some((row) => row.from === from && row.to === to)).map(
      (to) => `${from} > ${to}`,
    ),
  );
  expect(ways).toEqual([
    'pending > approved',
    'pending > voided',
    'approved > issued',
    'approved > voided',
    'issued > clawback_proposed',
    'voided > pending',
  ]);
});

it('never voids money that has left, it only proposes to ask for it back (E8)', () => {
  expect(isAllowed({ from: 'issued', to: 'voided', cause: 'left_stage' })).toBe(false);
  expect(isAllowed({ from: 'issued', to: 'clawback_proposed', cause: 'left_stage' })).toBe(true);
  expect(isAllowed({ from: 'approved', to: 'voided', cause: 'left_stage' })).toBe(true);
});

it('brings a voided reward back only when it is earned again, and then it waits for approval anew (E8)', () => {
  expect(REWARD_TRANSITIONS.filter((row) => row.from === 'voided')).toEqual([
    { from: 'voided', to: 'pending', cause: 'earned_again' },
  ]);
});

it('approves once, and only for a cause that approves (RF-37)', () => {
  expect(isAllowed({ from: 'pending', to: 'approved', cause: 'approved_automatically' })).toBe(true);
  expect(isAllowed({ from: 'pending', to: 'approved', cause: 'issued' })).toBe(false);
  expect(isAllowed({ from: 'voided', to: 'approved', cause: 'approved_by_person' })).toBe(false);
  const rows = REWARD_TRANSITIONS.map((row) => JSON.stringify(row));
  expect(new Set(rows).size).toBe(rows.length);
});
