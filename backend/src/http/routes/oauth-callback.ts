import type { RequestHandler, Response } from 'express';
import { sendPage } from '../html-page.ts';
import { clearedCookie, readInstallCookies } from './install-browser.ts';
import { showInstallFailure } from './install-failure.ts';
import { single, type InstallRouteInput } from './install-route.ts';

/** `GET /<crm>/oauth/callback`: an administrator looks at this, so it answers with a page, also when it went wrong. */
export function finishInstall(input: InstallRouteInput): RequestHandler {
  return async (request, response) => {
    try {
      if (!input.installs) throw input.notConfigured();
      const finished = await input.installs.finish({
        code: single(request, 'code'),
        state: single(request, 'state'),
        cookies: readInstallCookies(request),
        error: single(request, 'error'),
      });
      // What did not come to an end here may still: its cookie goes with its ten minutes.
      if (finished.cookie !== null)
        response.setHeader('Set-Cookie', clearedCookie({ ...input, value: finished.cookie }));
      showConnected(response, input, finished);
    } catch (error) {
      showInstallFailure(response, error, input);
    }
  };
}

type Finished = { readonly accountId: string; readonly joined: boolean };

function showConnected(response: Response, input: InstallRouteInput, finished: Finished): void {
  const { title, connected } = input;
  sendPage(response, 200, {
    title: `${title} is connected`,
    paragraphs: [
      `Passalong is connected to the ${title} account ${finished.accountId}.`,
      ...(finished.joined ? ['It has joined the workspace that made the link.'] : []),
      connected,
    ],
  });
}
