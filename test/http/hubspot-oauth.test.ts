import request from 'supertest';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { HubSpotCodeRefused } from '../../backend/src/crm/hubspot/oauth-errors.ts';
import type { FinishInstallInput, InstallUseCase } from '../../backend/src/http/install-use-case.ts';
import { recordingCards, startTestServer, type TestServer } from './test-server.ts';

const finished: FinishInstallInput[] = [];
let outcome: () => Promise<{ accountId: string; joined: boolean; cookie: string | null }>;

const installs: InstallUseCase = {
  invitation: () => Promise.reject(new Error('not used')),
  begin: () =>
    Promise.resolve({
      redirectUrl: 'https://app.hubspot.com/oauth/authorize?state=s',
      cookie: 'browser-secret',
    }),
  finish: (input) => {
    finished.push(input);
    return outcome();
  },
};

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({
    hubspot: {
      clientSecrets: ['x'],
      appUrl: 'https://app.hubspot.com',
      installs,
      acceptSignals: () => Promise.resolve(),
      appId: null,
      cards: recordingCards([]),
    },
  });
});
afterAll(() => server.close());
beforeEach(() => {
  finished.length = 0;
  outcome = () => Promise.resolve({ accountId: '111', joined: false, cookie: 'browser-secret' });
});

test('an install sends the browser to HubSpot and binds the attempt to it', async () => {
  const answer = await request(server.app).get('/hubspot/oauth/install');
  expect([answer.status, answer.headers['location']]).toEqual([302, 'https://app.hubspot.com/oauth/authorize?state=s']);
  expect(answer.headers['set-cookie']?.[0]).toBe(
    'passalong_install_browser-secr=browser-secret; Path=/hubspot/oauth; Max-Age=600; HttpOnly; SameSite=Lax; Secure',
  );
});

test('the callback hands on code, state and cookie, and shows that it worked', async () => {
  const answer = await request(server.app)
    .get('/hubspot/oauth/callback?code=c&state=s&code2=x')
    .set('Cookie', 'other=1; passalong_install_browser-secr=browser-secret');
  expect(answer.status).toBe(200);
  expect(finished).toEqual([{ code: 'c', state: 's', cookies: ['browser-secret'], error: null }]);
  expect(answer.text).toContain('HubSpot account 111');
  expect(answer.text).not.toContain('<a ');
  expect(answer.headers['set-cookie']?.[0]).toMatch(/^passalong_install_browser-secr=; .*Max-Age=0/);
});

test('a callback that fails is a page with its remedy, its status and a request id', async () => {
  outcome = () => Promise.reject(new HubSpotCodeRefused('The code <b>c</b> was used before.'));
  const answer = await request(server.app).get('/hubspot/oauth/callback?code=c');
  expect(answer.status).toBe(400);
  expect(answer.headers['content-type']).toContain('text/html');
  expect(answer.text).toContain('The code &lt;b&gt;c&lt;/b&gt; was used before.');
  expect(answer.text).toContain('Start the installation again');
  expect(answer.text).toContain(answer.headers['x-request-id'] as string);
});

test('a callback that fails unforeseen tells the browser nothing of the inside', async () => {
  outcome = () => Promise.reject(new Error('token=abc'));
  const answer = await request(server.app).get('/hubspot/oauth/callback?error=access_denied');
  expect(finished[0]).toMatchObject({ code: null, error: 'access_denied' });
  expect(answer.status).toBe(500);
  expect(answer.text).not.toContain('token=abc');
});

test('a repeated parameter counts as absent', async () => {
  await request(server.app).get('/hubspot/oauth/callback?code=a&code=b&state=');
  expect(finished[0]).toMatchObject({ code: null, state: null });
});

test('without HubSpot’s client id an install says what to set', async () => {
  const answer = await request(server.appWith({ hubspot: null })).get('/hubspot/oauth/install');
  expect([answer.status, answer.body]).toMatchObject([503, { error: { code: 'hubspot_not_configured' } }]);
});
