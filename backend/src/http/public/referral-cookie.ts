import type { IncomingMessage } from 'node:http';
import { isReferralCode } from '../../referrals/referral-code.ts';

const NAME = 'passalong_ref';
const DAY_S = 86_400;
/** A clock of another of our machines may be this much ahead. */
const SKEW_S = 300;

export type RememberedVisit = { readonly code: string; readonly atS: number };

/** `<code>.<unix seconds of the visit>`: whether it still counts is asked of the program when the friend signs up. */
export function referralCookie(input: {
  readonly visit: RememberedVisit;
  readonly days: number;
  readonly secure: boolean;
}): string {
  const { visit, days, secure } = input;
  const attributes = `Path=/; Max-Age=${days * DAY_S}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  return `${NAME}=${visit.code}.${visit.atS}; ${attributes}`;
}

/**
 * The visit a browser remembers, or null for what we did not write. It is not signed, for a forged one says no more than
 * a link with that code in it, which anybody may open.
 */
export function readReferralCookie(request: IncomingMessage): RememberedVisit | null {
  const found = new RegExp(`(?:^|;\\s*)${NAME}=([^;]*)`).exec(request.headers.cookie ?? '');
  const [code = '', at = '', ...rest] = (found?.[1] ?? '').split('.');
  if (!isReferralCode(code) || !/^\d{1,11}$/.test(at) || rest.length > 0) return null;
  return { code, atS: Number(at) };
}

/** Whether a visit of then counts for a sign-up of now: not longer ago than the program says, and not in the future. */
export function visitCounts(atS: number, nowMs: number, days: number): boolean {
  const ageS = nowMs / 1000 - atS;
  return ageS >= -SKEW_S && ageS <= days * DAY_S;
}
