import type { IncomingMessage } from 'node:http';
import { findLink, type FoundLink } from '../../referrals/link-store.ts';
import { normaliseReferralCode } from '../../referrals/referral-code.ts';
import type { PublicEdge } from './public-edge.ts';

export type OpenedLink = FoundLink & { readonly code: string };

/** Sentence ends and brackets that mail programs take for a part of the link. */
const STUCK = /[.,;:!?)\]>'"’”]+$/;

/** The link with this code, or null. Throws `TooManyTries` for whoever has guessed too often. */
export async function lookUpLink(
  edge: Pick<PublicEdge, 'database' | 'guards'>,
  request: IncomingMessage,
  given: string,
): Promise<OpenedLink | null> {
  edge.guards.allowLookUp(request);
  const code = normaliseReferralCode(given.replace(STUCK, ''));
  const link = code === null ? null : await findLink(edge.database, code);
  // Again: of a thousand guesses at once, those beyond the limit learn nothing either.
  edge.guards.allowLookUp(request);
  if (link === null || code === null) {
    edge.guards.countMiss(request);
    return null;
  }
  return { ...link, code };
}
