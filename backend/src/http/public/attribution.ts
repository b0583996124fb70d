import type { Request } from 'express';
import type { PublicProgram } from '../../referrals/link-store.ts';
import { normaliseReferralCode } from '../../referrals/referral-code.ts';
import { lookUpLink, type OpenedLink } from './look-up-link.ts';
import type { PublicEdge } from './public-edge.ts';
import { readReferralCookie, visitCounts } from './referral-cookie.ts';

export type AttributionInput = {
  readonly request: Request;
  readonly program: PublicProgram;
  /** A posted form carries the code it was shown for. */
  readonly submitted: URLSearchParams | null;
};

/**
 * Whose friend this is. The form's own code first, then `?ref=`, then the visit that the browser remembers, while it
 * counts. A code that leads to another program or nowhere is nobody's: the next one is not tried, so that a friend never
 * ends up with an advocate whose link they did not open last. Null when nobody sent them.
 */
export async function attributedLink(edge: PublicEdge, input: AttributionInput): Promise<OpenedLink | null> {
  const { request, program, submitted } = input;
  const code = asCode(submitted?.get('ref')) ?? asCode(request.query['ref']) ?? rememberedCode(edge, input);
  const link = code === null ? null : await lookUpLink(edge, request, code);
  return link?.programId === program.programId ? link : null;
}

/** Other tools use `ref` too, for other things: what is no code at all says nothing. */
function asCode(given: unknown): string | null {
  return typeof given === 'string' ? normaliseReferralCode(given) : null;
}

function rememberedCode({ clock }: PublicEdge, { request, program }: AttributionInput): string | null {
  const visit = readReferralCookie(request);
  const { attributionDays } = program.definition.page;
  return visit !== null && visitCounts(visit.atS, clock.now(), attributionDays) ? visit.code : null;
}
