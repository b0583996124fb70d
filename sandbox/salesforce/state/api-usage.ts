import type { Org } from './org.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Calls of the last 24 hours, counted by the hour. */
export function usedCalls(org: Org, nowMs: number): number {
  org.apiUsage = org.apiUsage.filter(({ at }) => at > nowMs - DAY_MS);
  return org.apiUsage.reduce((sum, { calls }) => sum + calls, 0);
}

export function countCall(org: Org, nowMs: number): void {
  const at = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const hour = org.apiUsage.find((each) => each.at === at);
  if (hour) hour.calls += 1;
  else org.apiUsage.push({ at, calls: 1 });
}
