import { createHmac, generateKeyPairSync, sign } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { CLIENT_ID, consent, exchange, postForm, refresh, request, SECRET, startBench } from './harness.ts';
import type { Answer, Bench } from './harness.ts';

const DAY_MS = 86_400_000;
const told = ({ status, body }: Answer) => [status, body.error, body.error_description];

async function connected({ salesforce, orgId }: Bench): Promise<Answer> {
  const { to } = await consent(salesforce.url, { orgId });
  return exchange(salesforce.url, to?.searchParams.get('code') ?? '');
}

describe('the web-server flow', () => {
  test('a code with its verifier becomes tokens that name the org, the user and the address to call', async () => {
    const bench = await startBench();
    const { salesforce, orgId, userId, instanceUrl } = bench;
    const { to } = await consent(salesforce.url, { orgId });
    expect([to?.origin, to?.searchParams.get('state')]).toEqual(['http://127.0.0.1:9', 'state-1']);
    const { status, body } = await exchange(salesforce.url, to?.searchParams.get('code') ?? '');
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', scope: 'api refresh_token', instance_url: instanceUrl });
    expect(body.id).toBe(`${salesforce.url}/id/${orgId}/${userId}`);
    expect(body.access_token.startsWith(`${orgId.slice(0, 15)}!`)).toBe(true);
    expect(body.signature).toBe(
      createHmac('sha256', SECRET)
        .update(body.id + body.issued_at)
        .digest('base64'),
    );
    const me = await request('GET', `${instanceUrl}/services/oauth2/userinfo`, { token: body.access_token });
    expect(me.body).toMatchObject({ organization_id: orgId, user_id: userId });
    expect((await request('GET', body.id, { token: body.access_token })).body).toMatchObject({
      organization_id: orgId,
    });
  });

  test.each([
    ['no code challenge', { code_challenge: '' }, 'invalid_request', 'missing required code challenge'],
    ['a plain code challenge', { code_challenge_method: 'plain' }, 'invalid_request', 'invalid code challenge'],
    ['a scope the app may not ask for', { scope: 'full' }, 'invalid_scope', 'the requested scope is not allowed: full'],
    ['a person who says no', { decision: 'deny' }, 'access_denied', 'end-user denied authorization'],
  ])('with %s the app is told so at its address', async (_, more, error, description) => {
    const { salesforce, orgId } = await startBench();
    const { to } = await consent(salesforce.url, { orgId, ...more });
    expect([to?.searchParams.get('error'), to?.searchParams.get('error_description')]).toEqual([error, description]);
    expect(to?.searchParams.get('state')).toBe('state-1');
  });

  test('an unknown app and an address that is not its own are sent nowhere', async () => {
    const { salesforce, orgId } = await startBench();
    const wrong: Record<string, string>[] = [{ client_id: 'nobody' }, { redirect_uri: 'http://127.0.0.1:8/elsewhere' }];
    for (const more of wrong) {
      const answer = await consent(salesforce.url, { orgId, ...more });
      expect([answer.status, answer.to]).toEqual([400, null]);
    }
  });

  test('a code works once, for a quarter of an hour, with its verifier, at the host that gave it', async () => {
    const { salesforce, orgId, clock } = await startBench();
    const code = async () => (await consent(salesforce.url, { orgId })).to?.searchParams.get('code') ?? '';
    const first = await code();
    expect((await exchange(salesforce.url, first)).status).toBe(200);
    expect(told(await exchange(salesforce.url, first))).toEqual([400, 'invalid_grant', 'invalid authorization code']);
    expect(told(await exchange(salesforce.url, await code(), { code_verifier: 'wrong' }))[2]).toBe(
      'invalid code verifier',
    );
    expect(told(await exchange(salesforce.sandboxLoginUrl, await code()))[2]).toBe('invalid authorization code');
    const late = await code();
    clock.advance(15 * 60_000);
    expect(told(await exchange(salesforce.url, late))[2]).toBe('expired authorization code');
  });

  test('a client that cannot prove itself gets nothing', async () => {
    const { salesforce, refreshToken } = await startBench();
    const wrong = await refresh(salesforce.url, refreshToken, { client_secret: 'guess' });
    expect(told(wrong)).toEqual([400, 'invalid_client', 'invalid client credentials']);
    const unknown = await refresh(salesforce.url, refreshToken, { client_id: 'nobody' });
    expect(told(unknown)).toEqual([400, 'invalid_client_id', 'client identifier invalid']);
  });

  test('people of production orgs do not get in at the sandbox host, and the other way round', async () => {
    const { salesforce, control, orgId } = await startBench();
    const { orgId: sandboxId } = await control.createOrg({ isSandbox: true });
    expect((await consent(salesforce.sandboxLoginUrl, { orgId })).status).toBe(401);
    expect((await consent(salesforce.url, { orgId: sandboxId })).status).toBe(401);
    expect((await consent(salesforce.sandboxLoginUrl, { orgId: sandboxId })).to?.searchParams.has('code')).toBe(true);
  });

  test('an org that blocks apps it did not install lets nobody connect before the package is there', async () => {
    const { salesforce, org, orgId } = await startBench({ packageInstalled: false });
    org.settings({ blocksUninstalledApps: true });
    const { to } = await consent(salesforce.url, { orgId });
    expect(to?.searchParams.get('error')).toBe('OAUTH_APPROVAL_ERROR_GENERIC');
    org.installPackage();
    expect((await consent(salesforce.url, { orgId })).to?.searchParams.has('code')).toBe(true);
  });
});

describe('refreshing', () => {
  test('each refresh answers a new refresh token and kills the old one, while the access token lives on', async () => {
    const { salesforce, refreshToken, api } = await startBench();
    const next = await refresh(salesforce.url, refreshToken);
    expect(next.body.refresh_token).not.toBe(refreshToken);
    expect((await api('GET', '/limits', { token: next.body.access_token })).status).toBe(200);
    expect((await api('GET', '/limits')).status).toBe(200);
    const reused = await refresh(salesforce.url, refreshToken);
    expect(told(reused)).toEqual([400, 'invalid_grant', 'expired access/refresh token']);
    expect((await refresh(salesforce.url, next.body.refresh_token)).status).toBe(200);
  });

  test('where reuse of a rotated token is punished, the whole authorisation ends', async () => {
    const { salesforce, org, refreshToken, api } = await startBench();
    org.settings({ rotatedTokenReuse: 'revokeGrant' });
    const next = await refresh(salesforce.url, refreshToken);
    await refresh(salesforce.url, refreshToken);
    expect((await refresh(salesforce.url, next.body.refresh_token)).status).toBe(400);
    expect((await api('GET', '/limits')).status).toBe(401);
  });

  test('an answer lost on the way has rotated the token all the same', async () => {
    const { salesforce, control, refreshToken } = await startBench();
    control.faults.add({ kind: 'down', when: 'after', path: '/oauth2/token', times: 1 });
    await expect(refresh(salesforce.url, refreshToken)).rejects.toThrow();
    expect(told(await refresh(salesforce.url, refreshToken))[1]).toBe('invalid_grant');
  });

  test('a token that nobody used for thirty days is dead; one used on the last day is not', async () => {
    const { salesforce, clock, refreshToken } = await startBench();
    clock.advance(30 * DAY_MS - 1);
    const used = await refresh(salesforce.url, refreshToken);
    expect(used.status).toBe(200);
    clock.advance(30 * DAY_MS);
    expect((await refresh(salesforce.url, used.body.refresh_token)).status).toBe(400);
  });

  test('addresses outside the allowlist get no tokens', async () => {
    const { salesforce, org, refreshToken } = await startBench();
    org.settings({ refreshTokenIpAllowlist: ['203.0.113.7'] });
    expect(told(await refresh(salesforce.url, refreshToken))).toEqual([400, 'invalid_grant', 'ip restricted']);
    org.settings({ refreshTokenIpAllowlist: ['127.0.0.1'] });
    expect((await refresh(salesforce.url, refreshToken)).status).toBe(200);
  });

  test('a deactivated user can neither refresh nor go on', async () => {
    const { salesforce, org, refreshToken, userId, api } = await startBench();
    org.setUserActive(userId, false);
    expect(told(await refresh(salesforce.url, refreshToken))[2]).toBe('inactive user');
    expect((await api('GET', '/limits')).status).toBe(401);
  });

  test('the sixth authorisation of one user ends the first', async () => {
    const bench = await startBench();
    for (let more = 0; more < 5; more += 1) await connected(bench);
    expect(bench.org.grants(CLIENT_ID)).toBe(5);
    expect((await refresh(bench.salesforce.url, bench.refreshToken)).status).toBe(400);
  });
});

describe('sessions', () => {
  test('end after the time the org gives them, when revoked, and do not open another org', async () => {
    const { control, org, clock, api, accessToken, salesforce, refreshToken } = await startBench();
    const other = await control.createOrg();
    const elsewhere = await request('GET', `${other.instanceUrl}/services/data/v67.0/limits`, { token: accessToken });
    expect(elsewhere.body).toEqual([{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]);
    clock.advance(7200 * 1000 - 1);
    expect((await api('GET', '/limits')).status).toBe(200);
    clock.advance(1);
    expect((await api('GET', '/limits')).status).toBe(401);
    const { body } = await refresh(salesforce.url, refreshToken);
    org.revokeAccessTokens();
    expect((await api('GET', '/limits', { token: body.access_token })).status).toBe(401);
  });

  test('revoking the refresh token ends everything, revoking an access token only that one', async () => {
    const { salesforce, api, accessToken, refreshToken } = await startBench();
    const revoke = (token: string) => postForm(`${salesforce.url}/services/oauth2/revoke`, { token });
    const { body } = await refresh(salesforce.url, refreshToken);
    expect((await revoke(accessToken)).status).toBe(200);
    expect((await api('GET', '/limits')).status).toBe(401);
    expect((await api('GET', '/limits', { token: body.access_token })).status).toBe(200);
    expect((await revoke(body.refresh_token)).status).toBe(200);
    expect((await api('GET', '/limits', { token: body.access_token })).status).toBe(401);
    expect((await revoke(body.refresh_token)).body.error).toBe('invalid_token');
  });

  test('an administrator who takes the authorisation back ends every token', async () => {
    const { salesforce, org, api, refreshToken } = await startBench();
    org.revokeGrant(CLIENT_ID);
    expect((await api('GET', '/limits')).status).toBe(401);
    expect((await refresh(salesforce.url, refreshToken)).status).toBe(400);
  });

  test('a refreshed sandbox is another org at the same address, and knows no old token', async () => {
    const { control } = await startBench();
    const old = await control.createOrg({ isSandbox: true });
    const { accessToken, refreshToken } = control.org(old.orgId).install(CLIENT_ID);
    const fresh = await control.refreshSandbox(old.orgId);
    expect(fresh.instanceUrl).toBe(old.instanceUrl);
    expect(fresh.orgId).not.toBe(old.orgId);
    const limits = await request('GET', `${fresh.instanceUrl}/services/data/v67.0/limits`, { token: accessToken });
    expect(limits.status).toBe(401);
    expect((await refresh(control.hosts().sandboxLoginUrl, refreshToken)).status).toBe(400);
  });
});

describe('JWT bearer', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificate = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const assertion = (claims: object, alg = 'RS256'): string => {
    const signed = `${part({ alg })}.${part(claims)}`;
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
  };
  const ask = ({ salesforce }: Bench, text: string, host = salesforce.url) =>
    postForm(`${host}/services/oauth2/token`, {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: text,
    });
  const claimsOf = ({ org, userId, clock, salesforce }: Bench, more: object = {}) => ({
    iss: CLIENT_ID,
    sub: org.get(userId)?.['Username'],
    aud: salesforce.url,
    exp: clock.now() / 1000 + 180,
    ...more,
  });

  test('a signed statement about a user who is allowed brings an access token and no refresh token', async () => {
    const bench = await startBench({ certificate });
    expect(told(await ask(bench, assertion(claimsOf(bench))))[2]).toBe("user hasn't approved this consumer");
    bench.org.preauthorize();
    const { status, body } = await ask(bench, assertion(claimsOf(bench)));
    expect([status, body.refresh_token, body.instance_url]).toEqual([200, undefined, bench.instanceUrl]);
    expect((await bench.api('GET', '/limits', { token: body.access_token })).status).toBe(200);
    const canonical = claimsOf(bench, { aud: 'https://login.salesforce.com' });
    expect((await ask(bench, assertion(canonical))).status).toBe(200);
  });

  test.each([
    ['another audience', { aud: 'https://test.salesforce.com' }, 'audience is invalid'],
    ['an unknown user', { sub: 'nobody@example.com' }, "user hasn't approved this consumer"],
    ['a time long past', { exp: 1 }, 'expired authorization code'],
    ['a time too far ahead', { exp: 9_999_999_999 }, 'invalid assertion'],
  ])('%s is refused', async (_, more, description) => {
    const bench = await startBench({ certificate });
    bench.org.preauthorize();
    expect(told(await ask(bench, assertion(claimsOf(bench, more))))).toEqual([400, 'invalid_grant', description]);
  });

  test('another key, another algorithm and another host are refused', async () => {
    const bench = await startBench({ certificate });
    bench.org.preauthorize();
    const [head, claims] = assertion(claimsOf(bench)).split('.');
    expect(told(await ask(bench, `${head}.${claims}.AAAA`))[2]).toBe('invalid assertion');
    expect(told(await ask(bench, assertion(claimsOf(bench), 'none')))[2]).toBe('invalid assertion');
    const sandbox = bench.salesforce.sandboxLoginUrl;
    expect((await ask(bench, assertion(claimsOf(bench)), sandbox)).status).toBe(400);
  });
});
