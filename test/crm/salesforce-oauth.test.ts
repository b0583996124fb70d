import { generateKeyPairSync, verify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CrmMisconfigured, CrmRateLimited, CrmUnavailable } from '../../backend/src/crm/errors.ts';
import {
  CertificateMissing,
  SalesforceAddressRefused,
  SalesforceCodeRefused,
  SalesforceGrantRefused,
} from '../../backend/src/crm/salesforce/oauth-errors.ts';
import { createSalesforceHosts } from '../../backend/src/crm/salesforce/oauth-hosts.ts';
import { createSalesforceOAuth } from '../../backend/src/crm/salesforce/oauth.ts';
import { startLoopbackServer, type LoopbackServer, type PlannedAnswer } from './support/loopback-server.ts';
import { manualClock, type ManualClock } from './support/manual-clock.ts';

const SECRET = 'consumer-secret-value';
const ORG = '00D5g000008kXYZEA2';
const USER = '0055g00000AbCdEAAV';
const DAY_MS = 86_400_000;

let server: LoopbackServer;
let clock: ManualClock;
beforeEach(async () => {
  server = await startLoopbackServer();
  clock = manualClock();
});
afterEach(() => server.close());

function oauth({ jwtPrivateKey = null as string | null, timeoutMs = 2_000 } = {}) {
  const hosts = createSalesforceHosts({ loginUrl: server.url, sandboxLoginUrl: 'https://test.salesforce.com' });
  return createSalesforceOAuth({ clientId: 'key-1', clientSecret: SECRET, jwtPrivateKey, hosts, clock, timeoutMs });
}

function tokenAnswer(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    access_token: '00D5g!access',
    refresh_token: '5Aep-refresh',
    instance_url: server.url,
    id: `https://login.salesforce.com/id/${ORG}/${USER}`,
    token_type: 'Bearer',
    issued_at: '1795168500000',
    scope: 'refresh_token api',
    ...more,
  };
}

const exchange = () =>
  oauth().exchangeCode({
    loginUrl: server.url,
    code: 'code-value',
    redirectUri: 'https://p.example/cb',
    codeVerifier: 'verifier-value',
  });
const refresh = () => oauth().refresh({ loginUrl: server.url, refreshToken: 'refresh-value' });

async function errorOf(run: () => Promise<unknown>, answer: PlannedAnswer): Promise<Error> {
  server.answer(() => answer);
  const error: unknown = await run().then(
    () => null,
    (raised: unknown) => raised,
  );
  expect(error).toBeInstanceOf(Error);
  return error as Error;
}

const refused = (error: string, words = '') => ({
  status: 400,
  body: { error, error_description: words },
});

function formOf(index: number) {
  return Object.fromEntries(new URLSearchParams(server.requests[index]?.text));
}

describe('a token answer', () => {
  it('to a code is asked for with the verifier and the secret, and read into the org, the user and the tokens', async () => {
    server.answer(() => ({ status: 200, body: tokenAnswer() }));
    expect(await exchange()).toEqual({
      orgId: ORG,
      userId: USER,
      accessToken: '00D5g!access',
      refreshToken: '5Aep-refresh',
      instanceUrl: server.url,
      loginUrl: server.url,
      scopes: ['refresh_token', 'api'],
      obtainedAtMs: clock.now(),
      expiresAtMs: clock.now() + 8 * DAY_MS,
    });
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/services/oauth2/token' });
    expect(formOf(0)).toEqual({
      grant_type: 'authorization_code',
      client_id: 'key-1',
      client_secret: SECRET,
      code: 'code-value',
      redirect_uri: 'https://p.example/cb',
      code_verifier: 'verifier-value',
    });
  });

  it('states ids in 15 characters or 18, and both are the same org', async () => {
    const id = `https://login.salesforce.com/id/${ORG.slice(0, 15)}/${USER.slice(0, 15)}`;
    server.answer(() => ({ status: 200, body: tokenAnswer({ id }) }));
    expect(await exchange()).toMatchObject({ orgId: ORG, userId: USER });
  });

  it.each([
    [
      'names an org at an address that is not Salesforce’s',
      { instance_url: 'https://acme.my.salesforce.com.evil.example' },
    ],
    ['names an address inside somebody’s network', { instance_url: 'http://169.254.169.254' }],
    ['does not say whose token it is', { id: 'https://login.salesforce.com/id/evil' }],
    ['names a user where the org should be', { id: `https://login.salesforce.com/id/${USER}/${ORG}` }],
    ['is for another kind of token', { token_type: 'MAC' }],
  ])('that %s is refused, and what it granted is given back', async (_words, change) => {
    server.answer(() => ({ status: 200, body: tokenAnswer(change) }));
    await expect(exchange()).rejects.toBeInstanceOf(CrmMisconfigured);
    expect(server.requests.at(-1)).toMatchObject({ path: '/services/oauth2/revoke', text: 'token=5Aep-refresh' });
  });

  it('to a refresh that names no new refresh token says so', async () => {
    server.answer(() => ({ status: 200, body: tokenAnswer({ refresh_token: undefined }) }));
    expect((await refresh()).refreshToken).toBeNull();
    expect(formOf(0)).toMatchObject({ grant_type: 'refresh_token', refresh_token: 'refresh-value' });
  });
});

describe('what Salesforce refuses', () => {
  it.each([
    ['expired access/refresh token', 'invalid_grant', 'has ended the authorisation'],
    ['inactive user', 'invalid_grant', 'user who connected this org is inactive'],
    ['user is inactive', 'inactive_user', 'user who connected this org is inactive'],
    ['organization is locked', 'invalid_grant', 'org is locked, suspended or closed'],
    ['', 'inactive_org', 'org is locked, suspended or closed'],
    ['user is not admin approved to access this app', 'invalid_app_access', 'may not use the Passalong app'],
  ])('of a grant, “%s” (%s), ends it in words a person can act on', async (words, code, said) => {
    const error = await errorOf(refresh, refused(code, words));
    expect(error).toBeInstanceOf(SalesforceGrantRefused);
    expect(error.message).toContain(said);
    expect(error.message).toMatch(/connect/);
  });

  it.each([
    ['invalid_client_id', 'client identifier invalid', CrmMisconfigured],
    ['invalid_client', 'invalid client credentials', CrmMisconfigured],
    ['unsupported_grant_type', 'grant type not supported', CrmMisconfigured],
    ['redirect_uri_mismatch', 'redirect_uri must match configuration', CrmMisconfigured],
    ['invalid_grant', 'ip restricted', SalesforceAddressRefused],
  ])('of us, %s (%s), ends no connection', async (code, words, kind) => {
    for (const run of [exchange, refresh]) {
      const error = await errorOf(run, refused(code, words));
      expect(error).toBeInstanceOf(kind);
      expect(error).not.toBeInstanceOf(SalesforceGrantRefused);
    }
  });

  it('of a code is the admin’s to start again', async () => {
    for (const words of ['invalid authorization code', 'expired authorization code', 'invalid code verifier'])
      expect(await errorOf(exchange, refused('invalid_grant', words))).toBeInstanceOf(SalesforceCodeRefused);
  });

  it('for now is a matter of waiting, for as long as it says', async () => {
    const limited = await errorOf(refresh, { status: 429, headers: { 'retry-after': '30' } });
    expect(limited).toMatchObject({ retryAtMs: clock.now() + 30_000 });
    expect(limited).toBeInstanceOf(CrmRateLimited);
    expect(await errorOf(refresh, refused('rate_limit_exceeded'))).toBeInstanceOf(CrmRateLimited);
    const down = await errorOf(refresh, { status: 503, headers: { 'retry-after': '5' } });
    expect(down).toBeInstanceOf(CrmUnavailable);
    expect(down).toMatchObject({ retryAtMs: clock.now() + 5_000 });
    for (const answer of [
      'cut',
      { status: 200, body: 'no json' },
      { status: 302, headers: { location: server.url } },
    ] as const)
      expect(await errorOf(refresh, answer)).toBeInstanceOf(CrmUnavailable);
  });

  it('is not looked for at another address, which would be given the secret and the code', async () => {
    server.answer(({ path }) =>
      path.startsWith('/elsewhere')
        ? { status: 200, body: tokenAnswer() }
        : { status: 307, headers: { location: `${server.url}/elsewhere` } },
    );
    for (const run of [exchange, refresh]) await expect(run()).rejects.toBeInstanceOf(CrmUnavailable);
    expect(server.requests.map(({ path }) => path)).toEqual(['/services/oauth2/token', '/services/oauth2/token']);
  });

  it('with words about locks and approvals ends a grant only where it is a grant that is refused', async () => {
    for (const words of ['this app is locked', 'app not approved', 'hasn’t approved', 'user is inactive'])
      expect(await errorOf(refresh, refused('invalid_request', words))).not.toBeInstanceOf(SalesforceGrantRefused);
    expect(await errorOf(refresh, refused('invalid_grant', 'user locked'))).toBeInstanceOf(SalesforceGrantRefused);
  });

  it('tells nothing of secrets, codes and tokens', async () => {
    const echo = `client_secret=${SECRET} refresh_token=refresh-value code-value`;
    for (const run of [exchange, refresh]) {
      const error = await errorOf(run, refused(SECRET, echo));
      expect(JSON.stringify([error.message, (error as CrmMisconfigured).facts, error.cause])).not.toMatch(
        /consumer-secret-value|refresh-value|code-value|verifier-value/,
      );
    }
  });

  it('is not waited for beyond the time-out', async () => {
    server.answer(() => null);
    const hanging = oauth({ timeoutMs: 30 }).refresh({ loginUrl: server.url, refreshToken: 'r' });
    await expect(hanging).rejects.toBeInstanceOf(CrmUnavailable);
  });
});

describe('an assertion', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwtPrivateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

  it('is signed with RS256 for the app, the user and the login host, and lives three minutes', async () => {
    server.answer(() => ({ status: 200, body: tokenAnswer({ refresh_token: undefined, scope: 'api' }) }));
    await oauth({ jwtPrivateKey }).exchangeAssertion({ loginUrl: server.url, username: 'passalong@acme.com' });
    const form = formOf(0);
    expect(form['grant_type']).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    expect(server.requests[0]?.text).not.toContain(SECRET);
    const [head = '', body = '', signature = ''] = (form['assertion'] ?? '').split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown;
    expect(read(head)).toMatchObject({ alg: 'RS256' });
    expect(read(body)).toEqual({
      iss: 'key-1',
      sub: 'passalong@acme.com',
      aud: server.url,
      exp: Math.floor(clock.now() / 1000) + 180,
    });
    const signed = Buffer.from(`${head}.${body}`);
    expect(verify('RSA-SHA256', signed, pair.publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  it('is for the sandboxes’ host where the org’s own domain is a sandbox’s', () => {
    const hosts = createSalesforceHosts({
      loginUrl: 'https://login.salesforce.com',
      sandboxLoginUrl: 'https://test.salesforce.com',
    });
    expect(hosts.audience('https://acme--dev.sandbox.my.salesforce.com')).toBe('https://test.salesforce.com');
    expect(hosts.audience('https://acme.my.salesforce.com')).toBe('https://login.salesforce.com');
  });

  it('that Salesforce does not take means our certificate, our clock or the name is wrong, and ends nothing', async () => {
    const ask = () => oauth({ jwtPrivateKey }).exchangeAssertion({ loginUrl: server.url, username: 'x@y.z' });
    for (const words of ['invalid assertion', 'audience is invalid', 'expired authorization code'])
      expect(await errorOf(ask, refused('invalid_grant', words))).toBeInstanceOf(CrmMisconfigured);
    expect((await errorOf(ask, refused('invalid_grant', 'audience is invalid'))).message).toContain('sign-in host');
    expect((await errorOf(ask, refused('invalid_grant', 'invalid assertion'))).message).toContain('signature');
    const unapproved = await errorOf(ask, refused('invalid_grant', "user hasn't approved this consumer"));
    expect(unapproved).toBeInstanceOf(SalesforceGrantRefused);
  });

  it('cannot be made without a key, or with one that is none', async () => {
    const ask = (key: string | null) =>
      oauth({ jwtPrivateKey: key }).exchangeAssertion({ loginUrl: server.url, username: 'x' });
    await expect(ask(null)).rejects.toBeInstanceOf(CertificateMissing);
    await expect(ask('no key')).rejects.toBeInstanceOf(CrmMisconfigured);
    expect(server.requests).toEqual([]);
  });
});

describe('the end of a grant', () => {
  it('is told to Salesforce, and a token it knows no more is the end wanted', async () => {
    server.answer(() => ({ status: 200 }));
    await oauth().revoke({ loginUrl: server.url, token: 'refresh-value' });
    expect(server.requests[0]).toMatchObject({ path: '/services/oauth2/revoke', text: 'token=refresh-value' });
    server.answer(() => refused('invalid_token', 'invalid token'));
    await oauth().revoke({ loginUrl: server.url, token: 'refresh-value' });
    server.answer(() => ({ status: 503 }));
    await expect(oauth().revoke({ loginUrl: server.url, token: 'r' })).rejects.toBeInstanceOf(CrmUnavailable);
  });
});
