import type { RequestHandler } from 'express';
import { HubSpotNotConfigured } from '../http-errors.ts';
import type { InstallUseCase } from '../install-use-case.ts';
import { hubspotPage, installCookie } from './install-browser.ts';

export type InstallRouteInput = {
  /** Null: the service runs without HubSpot. */
  readonly installs: InstallUseCase | null;
  readonly publicUrl: string;
  /** HUBSPOT_APP_URL: the only other place a browser may be sent back to. */
  readonly hubspotAppUrl: string | null;
};

/** `GET /hubspot/oauth/install`: begins an attempt and sends the browser to HubSpot’s consent page. */
export function startInstall(input: InstallRouteInput): RequestHandler {
  return async (request, response) => {
    if (!input.installs) throw new HubSpotNotConfigured();
    const { redirectUrl, cookie } = await input.installs.begin({
      returnTo: hubspotPage(request.query['returnTo'], input.hubspotAppUrl),
    });
    response.setHeader('Set-Cookie', installCookie({ value: cookie, publicUrl: input.publicUrl }));
    response.redirect(302, redirectUrl);
  };
}
