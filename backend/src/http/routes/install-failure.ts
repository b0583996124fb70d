import type { Response } from 'express';
import { describeError, logError } from '../error-response.ts';
import { sendPage } from '../html-page.ts';
import { requestIdOf } from '../request-id.ts';
import type { InstallRouteInput } from './install-route.ts';

/** What went wrong with a connection, as a page: an administrator looks at it. */
export function showInstallFailure(
  response: Response,
  error: unknown,
  { crm, title, logger }: InstallRouteInput,
): void {
  const requestId = requestIdOf(response);
  logError(logger, error, requestId);
  const { status, headers, body } = describeError(error, requestId);
  const { code, message, remedy } = body.error;
  response.set(headers);
  sendPage(response, status, {
    title: `${title} was not connected`,
    paragraphs: [String(message), String(remedy)],
    links: [{ href: `/${crm}/oauth/install`, text: 'Start again' }],
    footnote: `${String(code)} · ${requestId}`,
  });
}
