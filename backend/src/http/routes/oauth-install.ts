import type { RequestHandler } from 'express';
import { showInstallFailure } from './install-failure.ts';
import { showInvitation } from './install-invitation.ts';
import { joinOf, single, type InstallRouteInput } from './install-route.ts';
import { sendToConsent } from './send-to-consent.ts';

/**
 * `GET /<crm>/oauth/install`: begins an attempt and sends the browser to the CRM’s consent page. Whoever comes by a join
 * link is asked first.
 */
export function startInstall(input: InstallRouteInput): RequestHandler {
  return async (request, response) => {
    const { installs } = input;
    if (!installs) throw input.notConfigured();
    const route = { ...input, installs };
    try {
      const loginUrl = single(request, 'login_url');
      const join = joinOf(Object.entries(request.query));
      if (join === null) await sendToConsent(response, route, { loginUrl, join });
      else await showInvitation(response, route, { loginUrl, join });
    } catch (error) {
      showInstallFailure(response, error, input);
    }
  };
}
