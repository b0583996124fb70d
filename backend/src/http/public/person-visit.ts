import type { IncomingMessage } from 'node:http';
import { isbot } from 'isbot';

/** What a browser says when it fetches a page nobody has opened yet, in the words of several browsers. */
const AHEAD = /prefetch|prerender|preview/i;
const AHEAD_HEADERS = ['purpose', 'sec-purpose', 'x-purpose', 'x-moz'] as const;

/**
 * Whether a person has opened this, as far as a request can tell. Messengers and social networks fetch every link that
 * is posted to show a preview, mail filters and crawlers follow it, browsers fetch ahead: none of that is a visit. What
 * names no program at all is no browser either.
 */
export function isPersonVisit(request: IncomingMessage): boolean {
  if (request.method !== 'GET') return false;
  if (AHEAD_HEADERS.some((name) => AHEAD.test(String(request.headers[name] ?? '')))) return false;
  const program = request.headers['user-agent'] ?? '';
  return program !== '' && !isbot(program);
}
