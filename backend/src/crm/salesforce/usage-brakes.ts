import type { CallKind } from '../port.ts';

const API_USAGE = /(?:^|[;,\s])api-usage=(\d+)\/(\d+)/;
const WAIT_MS = 900_000;

/** Which kinds of calls must wait until when. */
export type Brakes = { readonly kinds: readonly CallKind[]; readonly untilMs: number };

/** Every kind of call, for an answer that says that none is left. */
export const ALL_KINDS: readonly CallKind[] = ['default', 'search', 'background', 'user'];

/** Salesforce counts over the last 24 hours and does not say when calls are free again: we look every quarter of an hour. */
export function allKindsWait(nowMs: number): Brakes {
  return { kinds: ALL_KINDS, untilMs: nowMs + WAIT_MS };
}

/**
 * The allowance of the org is shared with all its other applications, so we stop before it is used up: from 80 % on what
 * nobody waits for, from 95 % on all but what a person asked for. Null when there is enough, or the answer does not say.
 */
export function brakesOf(limitInfo: string | null, nowMs: number): Brakes | null {
  const [, used, allowed] = API_USAGE.exec(limitInfo ?? '') ?? [];
  if (used === undefined || Number(allowed) === 0) return null;
  const share = Number(used) / Number(allowed);
  if (share < 0.8) return null;
  return { kinds: share < 0.95 ? ['background'] : ['background', 'search', 'default'], untilMs: nowMs + WAIT_MS };
}
