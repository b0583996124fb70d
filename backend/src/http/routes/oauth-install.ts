import type { RequestHandler } from 'express';
import { installCookie } from './install-browser.ts';
import { showInstallFailure } from './install-failure.ts';
import { single, type InstallRouteInput } from './install-route.ts';

/** `GET /<crm>/oauth/install`: begins an attempt and sends the browser to the CRM’s consent page. */
export function startInstall(input: InstallRouteInput): RequestHandler {
  return async (request, response) => {
    if (!input.installs) throw input.notConfigured();
    try {
      const { redirectUrl, cookie } = await input.installs.begin({
        returnTo: input.ownPage(request.query['returnTo']),
        loginUrl: single(request, 'login_url'),
        join: single(request, 'join'),
      });
      response.setHeader('Set-Cookie', installCookie({ ...input, value: cookie }));
      response.redirect(302, redirectUrl);
    } catch (error) {
      showInstallFailure(response, error, input);
    }
  };
}
