import request from 'supertest';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { LoginHostRefused, SalesforceCodeRefused } from '../../backend/src/crm/salesforce/oauth-errors.ts';
import type { BeginInstallInput, FinishInstallInput, InstallUseCase } from '../../backend/src/http/install-use-case.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const begun: BeginInstallInput[] = [];
const finished: FinishInstallInput[] = [];
let beginning: () => ReturnType<InstallUseCase['begin']>;
let outcome: () => ReturnType<InstallUseCase['finish']>;

const installs: InstallUseCase = {
  begin: (input) => {
    begun.push(input);
    return beginning();
  },
  finish: (input) => {
    finished.push(input);
    return outcome();
  },
};

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ salesforce: { installs } });
});
afterAll(() => server.close());
beforeEach(() => {
  begun.length = 0;
  finished.length = 0;
  beginning = () =>
    Promise.resolve({
      redirectUrl: 'https://login.salesforce.com/services/oauth2/authorize?state=s',
      cookie: 'browser-secret',
    });
  outcome = () => Promise.resolve({ returnTo: null, accountId: '00D5g000008kXYZEA2', joined: false });
});

test('an install sends the browser to Salesforce and binds the attempt to it, apart from one at HubSpot', async () => {
  const answer = await request(server.app).get('/salesforce/oauth/install?login_url=sandbox&join=abc');
  expect([answer.status, answer.headers['location']]).toEqual([
    302,
    'https://login.salesforce.com/services/oauth2/authorize?state=s',
  ]);
  expect(answer.headers['set-cookie']?.[0]).toBe(
    'passalong_install=browser-secret; Path=/salesforce/oauth; Max-Age=600; HttpOnly; SameSite=Lax; Secure',
  );
  expect(begun).toEqual([{ returnTo: null, loginUrl: 'sandbox', join: 'abc' }]);
});

test('what cannot begin is a page with its remedy and its status, and no cookie', async () => {
  beginning = () => Promise.reject(new LoginHostRefused('This is <b>no</b> address.'));
  const answer = await request(server.app).get('/salesforce/oauth/install?login_url=x');
  expect(answer.status).toBe(422);
  expect(answer.headers['content-type']).toContain('text/html');
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(answer.text).toContain('This is &lt;b&gt;no&lt;/b&gt; address.');
  expect(answer.text).toContain('My Domain');
  expect(answer.text).toContain('login_host_refused');
});

test('the callback hands on code, state and cookie, and shows that it worked', async () => {
  outcome = () => Promise.resolve({ returnTo: null, accountId: '00D5g000008kXYZEA2', joined: true });
  const answer = await request(server.app)
    .get('/salesforce/oauth/callback?code=c&state=s&error=&state2=x')
    .set('Cookie', 'passalong_install=browser-secret');
  expect(answer.status).toBe(200);
  expect(finished).toEqual([{ code: 'c', state: 's', cookie: 'browser-secret', error: null }]);
  expect(answer.text).toContain('Salesforce account 00D5g000008kXYZEA2');
  expect(answer.text).toContain('has joined the workspace');
  expect(answer.headers['set-cookie']?.[0]).toMatch(/^passalong_install=; Path=\/salesforce\/oauth; Max-Age=0/);
});

test('a callback that fails is a page with its remedy, its status and a request id', async () => {
  outcome = () => Promise.reject(new SalesforceCodeRefused('The code was used before.'));
  const answer = await request(server.app).get('/salesforce/oauth/callback?code=c&state=s');
  expect(answer.status).toBe(400);
  expect(answer.text).toContain('The code was used before.');
  expect(answer.text).toContain('Start the installation again');
  expect(answer.text).toContain(answer.headers['x-request-id'] as string);
  expect(answer.text).toContain('href="/salesforce/oauth/install"');
});

test('a failure nobody foresaw tells the browser nothing of the inside', async () => {
  beginning = () => Promise.reject(new Error('verifier=abc'));
  outcome = () => Promise.reject(new Error('token=abc'));
  for (const path of ['/salesforce/oauth/install', '/salesforce/oauth/callback?code=c']) {
    const answer = await request(server.app).get(path);
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/abc/);
  }
});

test('without Salesforce’s consumer key an install says what to set', async () => {
  const answer = await request(server.appWith({ salesforce: null })).get('/salesforce/oauth/install');
  expect([answer.status, answer.body]).toMatchObject([503, { error: { code: 'salesforce_not_configured' } }]);
});

test('the front page offers what the service is set up for', async () => {
  const both = await request(server.app).get('/');
  expect(both.text).toContain('href="/salesforce/oauth/install"');
  expect(both.text).toContain('href="/salesforce/oauth/install?login_url=sandbox"');
  const none = await request(server.appWith({ salesforce: null, hubspot: null })).get('/');
  expect(none.text).not.toContain('/oauth/install');
});
