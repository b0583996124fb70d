import type { RequestHandler } from 'express';
import { lookUpLink, type OpenedLink } from '../public/look-up-link.ts';
import { linkNotFound, linkResting } from '../public/notices.ts';
import { brandOf, sendPublicPage } from '../public/page-shell.ts';
import { isPersonVisit } from '../public/person-visit.ts';
import type { PublicEdge } from '../public/public-edge.ts';
import { referralCookie } from '../public/referral-cookie.ts';

/** `GET /r/:code`: remembers who sent this friend, counts the visit, and sends them on to where they sign up. */
export function openLink(edge: PublicEdge): RequestHandler {
  const { clock, publicUrl } = edge;
  const secure = publicUrl.startsWith('https:');
  return async (request, response) => {
    const link = await lookUpLink(edge, request, String(request.params['code'] ?? ''));
    const target = link && landingUrl(link, publicUrl);
    if (link === null || target === null) return sendPublicPage(response, linkNotFound());
    const { definition, code, workspaceId, advocateId } = link;
    if (link.paused) return sendPublicPage(response, linkResting(brandOf(definition)));
    // Previews and robots are sent on, so that they show the right page, and leave no trace.
    if (isPersonVisit(request)) {
      edge.countVisit({ workspaceId, advocateId });
      const visit = { code, atS: Math.floor(clock.now() / 1000) };
      response.setHeader('Set-Cookie', referralCookie({ visit, days: definition.page.attributionDays, secure }));
    }
    response.redirect(302, target);
  };
}

/** The landing page with `ref=<code>`; null when what is stored is no web address, so that nobody is sent astray. */
function landingUrl({ definition, programId, code }: OpenedLink, publicUrl: string): string | null {
  const landing = definition.landingUrl ?? `${publicUrl}/p/${programId}/sign-up`;
  if (!URL.canParse(landing)) return null;
  const url = new URL(landing);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  url.searchParams.set('ref', code);
  return url.href;
}
