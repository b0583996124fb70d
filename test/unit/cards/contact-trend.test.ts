import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toTrend, trendEdges, type EdgeCount } from '../../../backend/src/cards/contact-trend.ts';

/** As `width_bucket` counts, in our own few lines. */
function countsOf(now: Date, times: readonly number[]): EdgeCount[] {
  const edges = trendEdges(now).map((edge) => edge.getTime());
  const placed = times.map((time) => edges.filter((edge) => edge <= time).length).filter((edge) => edge > 0);
  return [...Map.groupBy(placed, (edge) => edge)].map(([edge, all]) => ({ edge, referred: all.length }));
}

test('a referral counts in its days and in its calendar month, both in UTC (RF-09)', () => {
  const now = new Date('2026-03-01T00:30:00.000Z');
  const times = [
    '2026-03-01T00:10:00.000Z',
    '2026-02-28T23:59:59.999Z',
    '2026-01-30T00:30:00.000Z',
    '2026-01-30T00:29:59.999Z',
    '2025-10-01T00:00:00.000Z',
    '2025-09-30T23:59:59.999Z',
  ].map((time) => Date.parse(time));
  expect(toTrend(now, countsOf(now, times))).toEqual({
    last30Days: 3,
    previous30Days: 1,
    months: [
      { month: '2025-10', referred: 1 },
      { month: '2025-11', referred: 0 },
      { month: '2025-12', referred: 0 },
      { month: '2026-01', referred: 2 },
      { month: '2026-02', referred: 1 },
      { month: '2026-03', referred: 1 },
    ],
  });
});

const DAY_MS = 86_400_000;

test('on any day the trend says what counting one by one says (RF-09)', () => {
  const anyNow = fc.date({ min: new Date('2020-01-01'), max: new Date('2032-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(anyNow, fc.array(fc.integer({ min: 0, max: 250 * DAY_MS })), (now, ages) => {
      const times = ages.map((age) => now.getTime() - age);
      const trend = toTrend(now, countsOf(now, times));
      const within = (from: number, to: number): number => ages.filter((age) => age > from && age <= to).length;
      expect(trend.last30Days).toBe(within(-1, 30 * DAY_MS));
      expect(trend.previous30Days).toBe(within(30 * DAY_MS, 60 * DAY_MS));
      expect(trend.months).toHaveLength(6);
      for (const { month, referred } of trend.months) {
        expect(referred).toBe(times.filter((time) => new Date(time).toISOString().startsWith(month)).length);
      }
    }),
  );
});
