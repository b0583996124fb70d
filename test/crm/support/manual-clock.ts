import type { Clock } from '../../../backend/src/clock.ts';

/** A clock that moves only when the test says so. */
export type ManualClock = Clock & { advance(ms: number): void };

export function manualClock(startMs = Date.UTC(2026, 10, 20)): ManualClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
  };
}
