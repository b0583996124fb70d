import type { Response } from 'express';
import type { BeginInstallInput } from '../install-use-case.ts';
import { installCookie } from './install-browser.ts';
import type { ConfiguredRoute } from './install-route.ts';

/** Begins an attempt and sends the browser to the CRM’s consent page. */
export async function sendToConsent(
  response: Response,
  route: ConfiguredRoute,
  asked: BeginInstallInput,
): Promise<void> {
  const { redirectUrl, cookie } = await route.installs.begin(asked);
  response.setHeader('Set-Cookie', installCookie({ ...route, value: cookie }));
  // After a form, the consent page is fetched and not posted to.
  response.redirect(asked.join === null ? 302 : 303, redirectUrl);
}
