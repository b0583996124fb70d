import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { isPersonVisit } from '../../../backend/src/http/public/person-visit.ts';

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';

function request(program: string | undefined, headers: Record<string, string> = {}): IncomingMessage {
  return { method: 'GET', headers: { 'user-agent': program, ...headers } } as unknown as IncomingMessage;
}

test.each([
  CHROME,
  `${IPHONE} Version/17.5 Mobile/15E148 Safari/604.1`,
  `${IPHONE} Mobile/15E148 Instagram 334.0.4.32.98`,
  `${IPHONE} Mobile/21F79 [FBAN/FBIOS;FBAV/467.0.0.1]`,
])('a person, also inside the browser of an app: %s (E35)', (program) => {
  expect(isPersonVisit(request(program))).toBe(true);
});

test.each([
  undefined,
  '',
  'WhatsApp/2.23.20.0',
  'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
  'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'TelegramBot (like TwitterBot)',
  'LinkedInBot/1.0 (compatible; Mozilla/5.0)',
  'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)',
  'SkypeUriPreview Preview/0.5',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'curl/8.5.0',
  'node',
])('no person: %s (E35)', (program) => {
  expect(isPersonVisit(request(program))).toBe(false);
});

test('a browser that fetches ahead is no visit, and one that was sent on by a prefetched page is', () => {
  expect(isPersonVisit(request(CHROME, { 'sec-purpose': 'prefetch' }))).toBe(false);
  expect(isPersonVisit(request(CHROME, { 'x-purpose': 'preview' }))).toBe(false);
  expect(isPersonVisit(request(CHROME, { purpose: '', referer: 'https://example.com/prefetch' }))).toBe(true);
});
