import { afterEach, beforeEach, expect, it } from 'vitest';
import { readAnswerText } from '../../backend/src/crm/answer-text.ts';
import { CrmUnavailable } from '../../backend/src/crm/errors.ts';
import { sendOAuth } from '../../backend/src/crm/salesforce/oauth-request.ts';
import { startLoopbackServer, type LoopbackServer } from './support/loopback-server.ts';

let server: LoopbackServer;
beforeEach(async () => {
  server = await startLoopbackServer();
});
afterEach(() => server.close());

it('an answer is read no further than it may be long, and whole up to there', async () => {
  let sent = 0;
  const chunks = async function* () {
    for (; sent < 100; sent += 1) yield await Promise.resolve(new TextEncoder().encode('€'));
  };
  await expect(readAnswerText({ body: chunks() }, 30)).rejects.toBeInstanceOf(CrmUnavailable);
  expect(sent).toBe(10);
  sent = 90;
  expect(await readAnswerText({ body: chunks() }, 30)).toBe('€'.repeat(10));
  expect(await readAnswerText({ body: null })).toBe('');
});

it('a login service that answers without end is one that does not answer', async () => {
  server.answer(() => ({ status: 200, body: `"${'x'.repeat(21_000_000)}"` }));
  const asked = sendOAuth(
    { clock: { now: () => 0 }, timeoutMs: 10_000 },
    { url: `${server.url}/services/oauth2/token`, form: { token: 't' }, grant: 'none' },
  );
  await expect(asked).rejects.toBeInstanceOf(CrmUnavailable);
});
