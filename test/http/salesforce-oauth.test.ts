import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LoginHostRefused, SalesforceCodeRefused } from '../../backend/src/crm/salesforce/oauth-errors.ts';
import type { BeginInstallInput, FinishInstallInput, InstallUseCase } from '../../backend/src/http/install-use-case.ts';
import { JoinLinkInvalid } from '../../backend/src/workspaces/install-errors.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const opened: string[] = [];
const begun: BeginInstallInput[] = [];
const finished: FinishInstallInput[] = [];
let invited: () => ReturnType<InstallUseCase['invitation']>;
let beginning: () => ReturnType<InstallUseCase['begin']>;
let outcome: () => ReturnType<InstallUseCase['finish']>;

const installs: InstallUseCase = {
  invitation: (join) => {
    opened.push(join);
    return invited();
  },
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
  opened.length = 0;
  begun.length = 0;
  invited = () => Promise.resolve({ workspace: 'Acme <Ltd>', accounts: [{ crm: 'hubspot', id: '24680135' }] });
  finished.length = 0;
  beginning = () =>
    Promise.resolve({
      redirectUrl: 'https://login.salesforce.com/services/oauth2/authorize?state=s',
      cookie: 'browser-secret',
    });
  outcome = () => Promise.resolve({ accountId: '00D5g000008kXYZEA2', joined: false, cookie: 'browser-secret' });
});

test('an install sends the browser to Salesforce and binds the attempt to it, apart from one at HubSpot', async () => {
  const answer = await request(server.app).get('/salesforce/oauth/install?login_url=sandbox');
  expect([answer.status, answer.headers['location']]).toEqual([
    302,
    'https://login.salesforce.com/services/oauth2/authorize?state=s',
  ]);
  expect(answer.headers['set-cookie']?.[0]).toBe(
    'passalong_install_browser-secr=browser-secret; Path=/salesforce/oauth; Max-Age=600; HttpOnly; SameSite=Lax; Secure',
  );
  expect(begun).toEqual([{ loginUrl: 'sandbox', join: null }]);
});

describe('a link that joins a workspace', () => {
  const open = () => request(server.app).get('/salesforce/oauth/install?login_url=sandbox&join=abc');
  const accept = (cookie: string, body = 'join=abc&login_url=sandbox') =>
    request(server.app).post('/salesforce/oauth/install').set('Cookie', cookie).send(body);

  test('says whose workspace it is and what joining means, and begins nothing by itself (G4)', async () => {
    const page = await open();
    expect(page.status).toBe(200);
    expect(opened).toEqual(['abc']);
    expect(begun).toEqual([]);
    expect(page.text).toContain('workspace “Acme &lt;Ltd&gt;” works with: HubSpot account 24680135.');
    expect(page.text).toContain('Joining means');
    expect(page.text).toContain('<form method="post" action="/salesforce/oauth/install">');
    expect(page.text).toContain('<input type="hidden" name="join" value="abc">');
    expect(page.text).toContain('<input type="hidden" name="login_url" value="sandbox">');
    expect(page.headers['content-security-policy']).toContain("form-action 'self' https:;");
    expect(page.headers['set-cookie']?.[0]).toMatch(/^passalong_join_.*HttpOnly; SameSite=Strict; Secure$/);
  });

  test('begins in the browser that was shown it, and nowhere else', async () => {
    const shown = ((await open()).headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
    for (const cookie of ['', 'passalong_join_abc=abc']) {
      const refused = await accept(cookie);
      expect([refused.status, refused.text.includes('join_link_invalid')]).toEqual([400, true]);
    }
    expect((await accept(shown, 'join=another')).status).toBe(400);
    expect((await accept(shown, 'login_url=sandbox')).status).toBe(400);
    expect(begun).toEqual([]);
    const gone = await accept(shown);
    expect([gone.status, gone.headers['location']]).toEqual([
      303,
      'https://login.salesforce.com/services/oauth2/authorize?state=s',
    ]);
    expect(begun).toEqual([{ loginUrl: 'sandbox', join: 'abc' }]);
  });

  test('is never taken for a plain install when it was damaged on its way', async () => {
    for (const query of [
      'join=',
      'join=a&join=b',
      'join[x]=a',
      'join[]=a',
      'JOIN=a',
      'amp;join=a',
      `join=${'x'.repeat(4_001)}`,
    ]) {
      const refused = await request(server.app).get(`/salesforce/oauth/install?${query}`);
      expect([query.slice(0, 12), refused.status]).toEqual([query.slice(0, 12), 400]);
      expect(refused.text).toContain('damaged on its way');
      expect(refused.text).toContain('Make a new link');
    }
    expect(begun).toEqual([]);
  });

  test('that leads nowhere is a page with its remedy', async () => {
    invited = () => Promise.reject(new JoinLinkInvalid('This link was used before.'));
    const answer = await open();
    expect([answer.status, answer.text.includes('used before')]).toEqual([400, true]);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });
});

test('a callback that is nobody’s leaves the installation of another tab alone, and so does one that fails', async () => {
  const held = 'passalong_install_aaaaaaaaaaaa=aaaaaaaaaaaaaaaa; passalong_install_bbbbbbbbbbbb=bbbbbbbbbbbbbbbb';
  outcome = () => Promise.reject(new SalesforceCodeRefused('The code was used before.'));
  const failed = await request(server.app).get('/salesforce/oauth/callback?error=x').set('Cookie', held);
  expect(failed.headers['set-cookie']).toBeUndefined();
  expect(finished[0]?.cookies).toEqual(['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb']);
  outcome = () => Promise.resolve({ accountId: '1', joined: false, cookie: 'bbbbbbbbbbbbbbbb' });
  const done = await request(server.app).get('/salesforce/oauth/callback?code=c&state=s').set('Cookie', held);
  expect(done.headers['set-cookie']).toHaveLength(1);
  expect(done.headers['set-cookie']?.[0]).toMatch(/^passalong_install_bbbbbbbbbbbb=; .*Max-Age=0/);
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
  outcome = () => Promise.resolve({ accountId: '00D5g000008kXYZEA2', joined: true, cookie: 'browser-secret' });
  const answer = await request(server.app)
    .get('/salesforce/oauth/callback?code=c&state=s&error=&state2=x')
    .set('Cookie', 'passalong_install_browser-secr=browser-secret');
  expect(answer.status).toBe(200);
  expect(finished).toEqual([{ code: 'c', state: 's', cookies: ['browser-secret'], error: null }]);
  expect(answer.text).toContain('Salesforce account 00D5g000008kXYZEA2');
  expect(answer.text).toContain('has joined the workspace');
  expect(answer.headers['set-cookie']?.[0]).toMatch(
    /^passalong_install_browser-secr=; Path=\/salesforce\/oauth; Max-Age=0/,
  );
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
