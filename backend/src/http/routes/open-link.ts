import type { Request, RequestHandler } from 'express';
import type { Database } from '../../db/database.ts';
import { findLink } from '../../referrals/link-store.ts';
import { normaliseReferralCode } from '../../referrals/referral-code.ts';
import { sendPage } from '../html-page.ts';

const COOKIE = 'passalong_ref';
const NINETY_DAYS_S = 7_776_000;

/** `GET /r/:code`: remembers who sent this friend, and sends them on to the program’s landing page. */
export function openLink(input: { readonly database: Database; readonly publicUrl: string }): RequestHandler {
  const secure = input.publicUrl.startsWith('https:') ? '; Secure' : '';
  return async (request: Request, response) => {
    const given = request.params['code'];
    const code = typeof given === 'string' ? normaliseReferralCode(given) : null;
    const link = code === null ? null : await findLink(input.database, code);
    const landingUrl = link && code !== null ? withCode(link.landingUrl, code) : null;
    if (landingUrl === null || code === null) {
      sendPage(response, 404, {
        title: 'This link is not valid',
        paragraphs: [
          'The referral link was mistyped or is no longer in use.',
          'Ask the person who sent it for a new one.',
        ],
      });
      return;
    }
    response.setHeader(
      'Set-Cookie',
      `${COOKIE}=${code}; Path=/; Max-Age=${NINETY_DAYS_S}; HttpOnly; SameSite=Lax${secure}`,
    );
    response.redirect(302, landingUrl);
  };
}

/** The landing page with `ref=<code>`; null when what is stored is no web address, so that nobody is sent astray. */
function withCode(landingUrl: string, code: string): string | null {
  if (!URL.canParse(landingUrl)) return null;
  const url = new URL(landingUrl);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  url.searchParams.set('ref', code);
  return url.href;
}
