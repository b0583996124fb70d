import type { ErrorRequestHandler } from 'express';
import type { Clock } from '../../clock.ts';
import type { PassalongError } from '../../errors/passalong-error.ts';
import type { Logger } from '../../observability/logger.ts';
import { asPassalongError, describeError, logError } from '../error-response.ts';
import { html, type Html } from '../reference/html.ts';
import { requestIdOf } from '../request-id.ts';
import { hiddenInputs } from './form-markup.ts';
import { linkNotFound, pageNotFound } from './notices.ts';
import { sendPublicPage, type PublicPage } from './page-shell.ts';

const PAGES = /^\/(r|p|go)\//;

/** People look at these addresses, so whatever goes wrong there is a page too, and what they typed is not lost. */
export function pageFailure(logger: Logger, clock: Clock): ErrorRequestHandler {
  // eslint-disable-next-line max-params -- express knows an error handler by its four parameters
  return (error: unknown, request, response, next) => {
    if (!PAGES.test(request.path) || response.headersSent) return next(error);
    const requestId = requestIdOf(response);
    logError(logger, error, requestId);
    const submitted = response.locals['submitted'] instanceof URLSearchParams ? response.locals['submitted'] : null;
    const { headers } = describeError(error, requestId, clock.now());
    const known = asPassalongError(error);
    response.set(headers);
    sendPublicPage(response, failurePage(known, { submitted, requestId, path: request.path }));
  };
}

type FailureInput = { readonly submitted: URLSearchParams | null; readonly requestId: string; readonly path: string };

function failurePage(error: PassalongError, { submitted, requestId, path }: FailureInput): PublicPage {
  const { code, details } = error;
  const { status } = details;
  if (status === 404 || code === 'request_invalid') return path.startsWith('/r/') ? linkNotFound() : pageNotFound();
  const { title, text } = wordsFor(error);
  const again = submitted !== null && details.retry === 'later' ? sendAgain(submitted) : null;
  return {
    status,
    brand: null,
    title,
    intro: null,
    content: html`<p class="said">${text}</p>
      ${again} ${status < 500 ? null : html`<p><small>${code} · ${requestId}</small></p>`}`,
  };
}

/** The same form with the same values and the same token, so that trying again can double nothing. */
function sendAgain(submitted: URLSearchParams): Html {
  return html`<p>What you typed is still here.</p>
    <form method="post">
      ${hiddenInputs(submitted)}
      <button type="submit">Send again</button>
    </form>`;
}

type Words = { readonly title: string; readonly text: string };

function wordsFor({ code, details }: PassalongError): Words {
  const { status } = details;
  if (status === 429)
    return { title: 'Too many tries', text: 'There were too many tries from your network. Please wait a few minutes.' };
  if (status === 413)
    return { title: 'That was too long', text: 'Go back, shorten what you wrote, and send it again.' };
  if (code === 'idempotency_key_busy')
    return {
      title: 'One moment',
      text: 'Your details are being saved. Send them again in a few seconds to make sure.',
    };
  if (status < 500)
    return { title: 'That did not work', text: 'This address cannot be used like that. Go back and try again.' };
  if (status === 503)
    return {
      title: 'We will be right back',
      text: 'We cannot reach our records at the moment. Please try again soon.',
    };
  return {
    title: 'Something went wrong',
    text: 'The fault is ours. Please try again; if it stays, tell us this number.',
  };
}
