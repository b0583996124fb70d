import type { Random } from '../random.ts';

const MINUTE_MS = 60_000;

/** Waits before the ten further attempts; with the spread they stay within 24 hours. */
const WAITS_MS = [1, 3, 8, 20, 45, 90, 150, 210, 270, 330].map((minutes) => minutes * MINUTE_MS);

export const MOST_RETRIES = WAITS_MS.length;

/** When the attempt after `attemptNumber` is due, or null when there is none left. */
export function retryDueAt(attemptNumber: number, nowMs: number, random: Random): number | null {
  const waitMs = WAITS_MS[attemptNumber];
  return waitMs === undefined ? null : nowMs + Math.round(waitMs * (1 + random.next() * 0.2));
}
