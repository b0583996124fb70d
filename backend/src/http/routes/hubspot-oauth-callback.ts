import type { Request, RequestHandler, Response } from 'express';
import { describeError, logError } from '../error-response.ts';
import { sendPage } from '../html-page.ts';
import { HubSpotNotConfigured } from '../http-errors.ts';
import type { Logger } from '../../observability/logger.ts';
import { requestIdOf } from '../request-id.ts';
import type { InstallRouteInput } from './hubspot-oauth-install.ts';
import { hubspotPage, installCookie, readInstallCookie } from './install-browser.ts';

/** `GET /hubspot/oauth/callback`: an administrator looks at this, so it answers with a page, also when it went wrong. */
export function finishInstall(input: InstallRouteInput & { readonly logger: Logger }): RequestHandler {
  return async (request, response) => {
    // Used up either way: an attempt is finished once.
    response.setHeader('Set-Cookie', installCookie({ value: '', publicUrl: input.publicUrl }));
    try {
      if (!input.installs) throw new HubSpotNotConfigured();
      const finished = await input.installs.finish({
        code: single(request, 'code'),
        state: single(request, 'state'),
        cookie: readInstallCookie(request),
        error: single(request, 'error'),
      });
      showConnected(response, finished.portalId, hubspotPage(finished.returnTo, input.hubspotAppUrl));
    } catch (error) {
      logError(input.logger, error, requestIdOf(response));
      showFailure(response, error);
    }
  };
}

/** A repeated parameter is nobody's honest request: it counts as absent. */
function single(request: Request, name: string): string | null {
  const value = request.query[name];
  return typeof value === 'string' && value !== '' && value.length <= 4_000 ? value : null;
}

function showConnected(response: Response, portalId: string, returnTo: string | null): void {
  sendPage(response, 200, {
    title: 'HubSpot is connected',
    paragraphs: [
      `Passalong is connected to the HubSpot account ${portalId}.`,
      'Its contact properties are being set up now; that takes less than a minute. You can close this page.',
    ],
    ...(returnTo === null ? {} : { links: [{ href: returnTo, text: 'Back to HubSpot' }] }),
  });
}

function showFailure(response: Response, error: unknown): void {
  const { status, headers, body } = describeError(error, requestIdOf(response));
  const { code, message, remedy, requestId } = body.error;
  response.set(headers);
  sendPage(response, status, {
    title: 'HubSpot was not connected',
    paragraphs: [String(message), String(remedy)],
    links: [{ href: '/hubspot/oauth/install', text: 'Start again' }],
    footnote: `${String(code)} · ${String(requestId)}`,
  });
}
