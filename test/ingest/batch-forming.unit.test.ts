import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_BATCHES, takeable, type BatchFormingInput } from '../../backend/src/ingest/batch-forming.ts';

const NOW_MS = 1_000_000;
const QUIET = { nowMs: NOW_MS, batchSize: 100, inBurst: false, spent: 0 };

/** Hints of which the oldest has waited `waitedMs`, and the youngest came `sinceLastMs` ago. */
function waiting(due: number, waitedMs = 0, sinceLastMs = 0): Parameters<typeof takeable>[0] {
  return { due, oldestDueAtMs: NOW_MS - waitedMs, newestDueAtMs: NOW_MS - sinceLastMs };
}

describe('batch forming', () => {
  it.each([
    { what: 'one hint alone goes at once', hints: waiting(1), taken: 1 },
    { what: 'a full batch waits while more is coming in', hints: waiting(100, 300, 50), taken: 0 },
    { what: 'a full batch goes once nothing came for 200 ms', hints: waiting(100, 300, 200), taken: 100 },
    { what: 'a full batch waits no longer than a second, whatever comes', hints: waiting(100, 1_000, 0), taken: 100 },
    { what: 'the remainder of a burst stays behind', hints: waiting(250, 300, 200), taken: 200 },
    { what: 'one hint short of the most is still a burst coming in', hints: waiting(999, 300, 0), taken: 0 },
    { what: 'the most a run may hold goes at once', hints: waiting(1_000, 0, 0), taken: 1_000 },
    { what: 'never more than a run may hold', hints: waiting(5_000, 0, 0), taken: 1_000 },
  ])('$what', ({ hints, taken }) => {
    expect(takeable(hints, QUIET)).toBe(taken);
  });

  it('lets the remainder of a burst wait half a second for company', () => {
    expect(takeable(waiting(50, 499), { ...QUIET, inBurst: true })).toBe(0);
    expect(takeable(waiting(50, 500), { ...QUIET, inBurst: true })).toBe(50);
  });

  it('lets a part batch wait longer the more of the call window is spent, at every level', () => {
    const patience = [0, 0.29, 0.3, 0.59, 0.6, 0.79, 0.8, 1].map((spent) => patienceMs({ ...QUIET, spent }));
    expect(patience[0]).toBe(0);
    expect(patience).toEqual(patience.toSorted((a, b) => a - b));
    expect(new Set(patience).size).toBeGreaterThan(2);
  });
});

/** The shortest wait after which a part batch goes. */
function patienceMs(input: BatchFormingInput): number {
  for (let waitedMs = 0; waitedMs <= 60_000; waitedMs += 1)
    if (takeable(waiting(1, waitedMs), input) > 0) return waitedMs;
  throw new Error('a hint that waits for ever');
}

const anyInput = fc.record({
  nowMs: fc.constant(NOW_MS),
  batchSize: fc.integer({ min: 1, max: 200 }),
  inBurst: fc.boolean(),
  spent: fc.double({ min: 0, max: 1, noNaN: true }),
});
const anyWaiting = fc
  .record({
    due: fc.integer({ min: 1, max: 5_000 }),
    waitedMs: fc.integer({ min: 0, max: 5_000 }),
    youngest: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  // The youngest is never older than the oldest, and may be due only in a second.
  .map(({ due, waitedMs, youngest }) =>
    waiting(due, waitedMs, Math.round(waitedMs * youngest) - 1_000 * Number(youngest === 0)),
  );

describe('batch forming, for any backlog', () => {
  it('takes only what is due, at most what a run may hold, and in a burst only full batches', () => {
    fc.assert(
      fc.property(anyWaiting, anyInput, (hints, input) => {
        const taken = takeable(hints, input);
        expect(taken).toBeGreaterThanOrEqual(0);
        expect(taken).toBeLessThanOrEqual(Math.min(hints.due, MAX_BATCHES * input.batchSize));
        if (hints.due >= input.batchSize) expect(taken % input.batchSize).toBe(0);
        else expect([0, hints.due]).toContain(taken);
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves nothing waiting for ever: by 1.2 seconds something of every backlog goes', () => {
    fc.assert(
      fc.property(anyWaiting, anyInput, (hints, input) => {
        const late = { ...hints, oldestDueAtMs: NOW_MS - 1_200 };
        expect(takeable(late, input)).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never takes less because more time has passed', () => {
    fc.assert(
      fc.property(anyWaiting, anyInput, fc.integer({ min: 0, max: 5_000 }), (hints, input, moreMs) => {
        expect(takeable(hints, { ...input, nowMs: NOW_MS + moreMs })).toBeGreaterThanOrEqual(takeable(hints, input));
      }),
      { numRuns: 2_000 },
    );
  });
});
