import type { RequestHandler, Response } from 'express';
import { sendPage } from '../html-page.ts';
import { installCookie, readInstallCookie } from './install-browser.ts';
import { showInstallFailure } from './install-failure.ts';
import { single, type InstallRouteInput } from './install-route.ts';

/** `GET /<crm>/oauth/callback`: an administrator looks at this, so it answers with a page, also when it went wrong. */
export function finishInstall(input: InstallRouteInput): RequestHandler {
  return async (request, response) => {
    // Used up either way: an attempt is finished once.
    response.setHeader('Set-Cookie', installCookie({ ...input, value: '' }));
    try {
      if (!input.installs) throw input.notConfigured();
      const finished = await input.installs.finish({
        code: single(request, 'code'),
        state: single(request, 'state'),
        cookie: readInstallCookie(request),
        error: single(request, 'error'),
      });
      showConnected(response, input, finished);
    } catch (error) {
      showInstallFailure(response, error, input);
    }
  };
}

type Finished = { readonly returnTo: string | null; readonly accountId: string; readonly joined: boolean };

function showConnected(response: Response, input: InstallRouteInput, finished: Finished): void {
  const { title, connected, ownPage } = input;
  const returnTo = ownPage(finished.returnTo);
  sendPage(response, 200, {
    title: `${title} is connected`,
    paragraphs: [
      `Passalong is connected to the ${title} account ${finished.accountId}.`,
      ...(finished.joined ? ['It has joined the workspace that made the link.'] : []),
      connected,
    ],
    ...(returnTo === null ? {} : { links: [{ href: returnTo, text: `Back to ${title}` }] }),
  });
}
