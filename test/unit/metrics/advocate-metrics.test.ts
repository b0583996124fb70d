import fc from 'fast-check';
import { expect, it } from 'vitest';
import { combineMetrics, NO_METRICS, rewardStatusOf } from '../../../backend/src/metrics/advocate-metrics.ts';
import type { AdvocateMetrics, AdvocateRewardStatus } from '../../../backend/src/metrics/advocate-metrics.ts';

const none = NO_METRICS.rewards;
const count = fc.nat({ max: 50 });
const anyMetrics: fc.Arbitrary<AdvocateMetrics> = fc.record({
  referred: count,
  qualified: count,
  approved: count,
  rewards: fc.record({ pending: count, approved: count, issued: count, voided: count, clawback_proposed: count }),
  totals: fc.dictionary(fc.constantFrom('EUR', 'USD', 'JPY'), fc.bigInt({ min: 0n, max: 10n ** 17n })),
  pendingTotals: fc.dictionary(fc.constantFrom('EUR', 'USD'), fc.bigInt({ min: 0n, max: 10n ** 17n })),
  lastReferralAt: fc.option(fc.integer({ min: 1, max: 9 }).map((day) => `2026-11-0${String(day)}T00:00:00.000Z`)),
});

it.each<[string, Partial<typeof none>, AdvocateRewardStatus]>([
  ['no reward at all', {}, 'none'],
  ['any pending reward', { pending: 1, approved: 2, issued: 3 }, 'pending'],
  ['approved and issued ones', { approved: 1, issued: 3 }, 'approved'],
  ['issued ones only', { issued: 1, voided: 5 }, 'issued'],
  ['voided ones and clawback proposals', { voided: 2, clawback_proposed: 1 }, 'none'],
])('with %s the reward status is as promised (RF-37)', (_case, counts, expected) => {
  expect(rewardStatusOf({ ...none, ...counts })).toBe(expected);
});

it('adds several programs up per currency and keeps the latest referral (RF-37, E19)', () => {
  const a: AdvocateMetrics = {
    referred: 3,
    qualified: 2,
    approved: 1,
    rewards: { pending: 1, approved: 0, issued: 1, voided: 1, clawback_proposed: 0 },
    totals: { EUR: 2500n, USD: 100n },
    pendingTotals: { EUR: 5n },
    lastReferralAt: '2026-11-02T10:00:00.000Z',
  };
  const b: AdvocateMetrics = { ...a, totals: { EUR: 1n, JPY: 7n }, lastReferralAt: '2026-11-02T11:30:00.000+02:00' };
  expect(combineMetrics([a, b])).toEqual({
    referred: 6,
    qualified: 4,
    approved: 2,
    rewards: { pending: 2, approved: 0, issued: 2, voided: 2, clawback_proposed: 0 },
    totals: { EUR: 2501n, USD: 100n, JPY: 7n },
    pendingTotals: { EUR: 10n },
    lastReferralAt: '2026-11-02T10:00:00.000Z',
  });
});

it('does not depend on the order or the grouping of the programs (RF-37)', () => {
  fc.assert(
    fc.property(anyMetrics, anyMetrics, anyMetrics, (a, b, c) => {
      const all = combineMetrics([a, b, c]);
      expect(combineMetrics([c, a, b])).toEqual(all);
      expect(combineMetrics([combineMetrics([a, b]), c])).toEqual(all);
      expect(combineMetrics([a])).toEqual(a);
    }),
  );
  expect(combineMetrics([])).toEqual(NO_METRICS);
});
