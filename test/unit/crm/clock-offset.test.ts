import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clockOffset } from '../../../backend/src/crm/clock-offset.ts';

const NINE = Date.parse('2026-11-02T09:00:00.000Z');

function answered(aheadMs: number, { sentAtMs = NINE, tookMs = 0 } = {}): number | null {
  const receivedAtMs = sentAtMs + tookMs;
  const date = new Date(receivedAtMs + aheadMs).toUTCString();
  return clockOffset({ date, sentAtMs, receivedAtMs });
}

it.each([0, 1_000, -1_000, 600_000, -600_000, 86_400_000])(
  'a clock %i ms ahead is known to the second, whatever part of a second it is here (E6)',
  (aheadMs) => {
    for (const part of [0, 1, 499, 500, 999]) {
      expect(answered(aheadMs, { sentAtMs: NINE + part })).toBe(aheadMs);
    }
  },
);

it('a slow answer never makes two clocks differ that agree', () => {
  for (const tookMs of [0, 400, 1_000, 19_999]) {
    for (const part of [0, 999]) expect(answered(0, { sentAtMs: NINE + part, tookMs })).toBe(0);
  }
});

it('is never further off than a second and the time the call took (E6)', () => {
  const facts = fc.record({
    aheadMs: fc.integer({ min: -900_000, max: 900_000 }),
    sentAtMs: fc.integer({ min: NINE, max: NINE + 5_000 }),
    tookMs: fc.integer({ min: 0, max: 3_000 }),
  });
  fc.assert(
    fc.property(facts, ({ aheadMs, sentAtMs, tookMs }) => {
      const offset = answered(aheadMs, { sentAtMs, tookMs })!;
      expect(offset % 1_000).toBeCloseTo(0);
      expect(Math.abs(offset - aheadMs)).toBeLessThanOrEqual(1_000 + tookMs);
    }),
    { numRuns: 1_000 },
  );
});

it.each([null, '', 'yesterday', '2026-11-02T09:00:00Z', 'Mon, 99 Foo 2026 09:00:00 GMT'])(
  'an answer that says %j says nothing about its clock',
  (date) => {
    expect(clockOffset({ date, sentAtMs: NINE, receivedAtMs: NINE })).toBeNull();
  },
);
