import { createHash } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { APP_ID, CLIENT_ID, PORTAL_ID, SECRET, contacts, ourScopes, postForm, request, startBench } from './harness.ts';
import type { Bench } from './harness.ts';

const REDIRECT = 'http://127.0.0.1:9/hubspot/oauth/callback';
const SCOPES = ourScopes().join(' ');
const CLIENT = { client_id: CLIENT_ID, client_secret: SECRET };
const TOKEN = '/oauth/2026-09/token';

const authorizePath = (more: Record<string, string> = {}): string =>
  `/oauth/authorize?${new URLSearchParams({ client_id: CLIENT_ID, redirect_uri: REDIRECT, scope: SCOPES, state: 'st 1', ...more }).toString()}`;

async function decide(bench: Bench, decision: string, more: Record<string, string> = {}): Promise<URL> {
  const path = authorizePath({ ...more, portalId: String(PORTAL_ID), decision });
  const response = await fetch(bench.hubspot.url + path, { method: 'POST', redirect: 'manual' });
  expect(response.status).toBe(302);
  return new URL(response.headers.get('location') ?? '');
}

async function codeOf(bench: Bench, more: Record<string, string> = {}): Promise<string> {
  return (await decide(bench, 'grant', more)).searchParams.get('code') ?? '';
}

const exchange = (bench: Bench, code: string, more: Record<string, string> = {}) =>
  postForm(bench.hubspot.url, TOKEN, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT,
    ...CLIENT,
    ...more,
  });

describe('the consent page', () => {
  test('lists what is asked and offers the accounts', async () => {
    const bench = await startBench();
    const page = await (await fetch(bench.hubspot.url + authorizePath())).text();
    expect(page).toContain('crm.objects.contacts.write');
    expect(page).toContain(`value="${PORTAL_ID}"`);
    expect(page).toContain('value="deny"');
  });

  test.each([
    ['an unknown client', { client_id: 'nobody' }, 'client_id'],
    ['a redirect that is not registered', { redirect_uri: 'http://127.0.0.1:9/elsewhere' }, 'redirect_uri'],
    ['a required scope that is left out', { scope: 'oauth crm.objects.contacts.read' }, 'crm.objects.contacts.write'],
    ['a scope the app does not declare', { scope: `${SCOPES} tickets` }, 'tickets'],
    ['a plain code challenge', { code_challenge: 'x', code_challenge_method: 'plain' }, 'S256'],
  ])('stops at %s without redirecting', async (_, more, word) => {
    const bench = await startBench();
    const response = await fetch(bench.hubspot.url + authorizePath(more), { redirect: 'manual' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(word);
  });

  test('sends the browser back with the state, with a code or with the denial', async () => {
    const bench = await startBench();
    const granted = await decide(bench, 'grant');
    expect(granted.origin + granted.pathname).toBe(REDIRECT);
    expect(granted.searchParams.get('state')).toBe('st 1');
    expect(granted.searchParams.get('code')).toBeTruthy();
    const denied = await decide(bench, 'deny');
    expect(denied.searchParams.get('error')).toBe('access_denied');
    expect(denied.searchParams.get('code')).toBeNull();
  });

  test('can be opened for one account only', async () => {
    const bench = await startBench();
    bench.control.createPortal({ portalId: 102 });
    const page = await (await fetch(bench.hubspot.url + authorizePath().replace('/oauth/', '/oauth/102/'))).text();
    expect(page).toContain('value="102"');
    expect(page).not.toContain(`value="${PORTAL_ID}"`);
  });
});

describe('the token endpoint', () => {
  test('turns a code into tokens that work, and installs the app', async () => {
    const bench = await startBench();
    bench.portal.uninstall(APP_ID);
    expect(bench.portal.installedApps()).toEqual([]);
    const answer = await exchange(bench, await codeOf(bench));
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      token_type: 'bearer',
      expires_in: 1800,
      hub_id: PORTAL_ID,
      token_use: 'access_token',
      scopes: SCOPES.split(' '),
    });
    expect(bench.portal.installedApps()).toEqual([APP_ID]);
    expect(
      (await bench.api('GET', '/account-info/2026-09/details', undefined, answer.body.access_token)).body.portalId,
    ).toBe(PORTAL_ID);
  });

  test('takes a code once, in time, with its redirect', async () => {
    const bench = await startBench();
    const code = await codeOf(bench);
    expect((await exchange(bench, code, { redirect_uri: `${REDIRECT}/` })).body.status).toBe('BAD_REDIRECT_URI');
    expect((await exchange(bench, code)).status).toBe(200);
    expect((await exchange(bench, code)).body).toMatchObject({ status: 'BAD_AUTH_CODE', error: 'invalid_grant' });
    const late = await codeOf(bench);
    bench.clock.advance(5 * 60_000);
    expect((await exchange(bench, late)).body.status).toBe('EXPIRED_AUTH_CODE');
  });

  test('holds a code with a challenge to its verifier', async () => {
    const bench = await startBench();
    const verifier = 'a-verifier-of-at-least-forty-three-characters-long';
    const challenge = {
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    };
    const code = await codeOf(bench, challenge);
    expect((await exchange(bench, code)).body.status).toBe('BAD_CODE_VERIFIER');
    expect((await exchange(bench, code, { code_verifier: 'another' })).body.status).toBe('BAD_CODE_VERIFIER');
    expect((await exchange(bench, code, { code_verifier: verifier })).status).toBe(200);
  });

  test('refreshes, and tells a wrong token from a wrong client', async () => {
    const bench = await startBench();
    const refresh = (more: Record<string, string> = {}) =>
      postForm(bench.hubspot.url, TOKEN, {
        grant_type: 'refresh_token',
        refresh_token: bench.refreshToken,
        ...CLIENT,
        ...more,
      });
    const answer = await refresh();
    expect(answer.body).toMatchObject({ refresh_token: bench.refreshToken, hub_id: PORTAL_ID });
    expect(answer.body.access_token).not.toBe(bench.accessToken);
    expect(await refresh({ refresh_token: 'na1-nothing' })).toMatchObject({
      status: 400,
      body: { status: 'BAD_REFRESH_TOKEN', error: 'invalid_grant' },
    });
    expect((await refresh({ client_id: 'nobody' })).body).toMatchObject({
      status: 'BAD_CLIENT_ID',
      error: 'invalid_client',
    });
    expect((await refresh({ client_secret: 'wrong' })).body.status).toBe('BAD_CLIENT_SECRET');
    expect((await refresh({ grant_type: 'password' })).body.error).toBe('unsupported_grant_type');
  });

  test('accepts either secret while one replaces the other', async () => {
    const bench = await startBench();
    bench.control.setClientSecrets(APP_ID, ['new-secret', SECRET]);
    for (const client_secret of ['new-secret', SECRET])
      expect(
        (
          await postForm(bench.hubspot.url, TOKEN, {
            grant_type: 'refresh_token',
            refresh_token: bench.refreshToken,
            ...CLIENT,
            client_secret,
          })
        ).status,
      ).toBe(200);
  });

  test('can hand out a new refresh token that replaces the old one', async () => {
    const bench = await startBench();
    bench.control.settings.set({ refreshTokens: 'new' });
    const refresh = (token: string) =>
      postForm(bench.hubspot.url, TOKEN, { grant_type: 'refresh_token', refresh_token: token, ...CLIENT });
    const first = await refresh(bench.refreshToken);
    expect(first.body.refresh_token).not.toBe(bench.refreshToken);
    expect((await refresh(bench.refreshToken)).body.status).toBe('BAD_REFRESH_TOKEN');
    expect((await refresh(first.body.refresh_token)).status).toBe(200);
  });

  test('gives an app a token of its own for client credentials', async () => {
    const bench = await startBench();
    const answer = await postForm(bench.hubspot.url, TOKEN, {
      grant_type: 'client_credentials',
      scope: 'developer.webhooks_journal.read',
      ...CLIENT,
    });
    expect(answer.body).toMatchObject({ token_use: 'client_credentials', scopes: ['developer.webhooks_journal.read'] });
    expect(answer.body.refresh_token).toBeUndefined();
    expect((await bench.api('GET', '/account-info/2026-09/details', undefined, answer.body.access_token)).status).toBe(
      401,
    );
  });

  test('answers 429 with Retry-After when told to', async () => {
    const bench = await startBench();
    bench.control.faults.add({ kind: 'rateLimited', path: TOKEN, times: 1, retryAfterSeconds: 7 });
    const refused = await postForm(bench.hubspot.url, TOKEN, {
      grant_type: 'refresh_token',
      refresh_token: bench.refreshToken,
      ...CLIENT,
    });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
    expect(
      (
        await postForm(bench.hubspot.url, TOKEN, {
          grant_type: 'refresh_token',
          refresh_token: bench.refreshToken,
          ...CLIENT,
        })
      ).status,
    ).toBe(200);
  });
});

describe('tokens', () => {
  test('expire, are unknown, or are missing: three kinds of 401', async () => {
    const bench = await startBench();
    expect(await bench.api('GET', contacts(''))).toMatchObject({ status: 200 });
    bench.clock.advance(1800_000);
    expect((await bench.api('GET', contacts(''))).body).toMatchObject({
      status: 'error',
      category: 'EXPIRED_AUTHENTICATION',
    });
    expect((await bench.api('GET', contacts(''), undefined, 'na1-nobody')).body.category).toBe(
      'INVALID_AUTHENTICATION',
    );
    expect((await fetch(bench.hubspot.url + contacts(''))).status).toBe(401);
  });

  test('a token without the scope gets 403 and the name of the scope', async () => {
    const bench = await startBench({ scopes: ['oauth', 'crm.objects.contacts.read'] });
    const answer = await bench.api('POST', contacts(''), { properties: {} });
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({
      category: 'MISSING_SCOPES',
      errors: [{ context: { requiredGranularScopes: ['crm.objects.contacts.write'] } }],
    });
    expect((await bench.api('GET', '/crm/objects/2026-09/companies')).status).toBe(403);
  });

  test('introspection knows them until they end', async () => {
    const bench = await startBench();
    const ask = (token: string) =>
      postForm(bench.hubspot.url, `${TOKEN}/introspect`, { token, token_type_hint: 'access_token', ...CLIENT });
    expect((await ask(bench.accessToken)).body).toMatchObject({
      active: true,
      hub_id: PORTAL_ID,
      app_id: APP_ID,
      token_use: 'access_token',
      expires_in: 1800,
      signed_access_token: { hublet: 'na1' },
    });
    expect((await ask(bench.refreshToken)).body).toMatchObject({ active: true, token_use: 'refresh_token' });
    expect((await ask('na1-nobody')).body).toEqual({ active: false });
  });

  test('revoking the refresh token lets access tokens live on', async () => {
    const bench = await startBench();
    const revoked = await postForm(bench.hubspot.url, `${TOKEN}/revoke`, {
      token: bench.refreshToken,
      token_type_hint: 'refresh_token',
      ...CLIENT,
    });
    expect(revoked.status).toBe(200);
    expect((await bench.api('GET', contacts(''))).status).toBe(200);
    expect(
      (
        await postForm(bench.hubspot.url, TOKEN, {
          grant_type: 'refresh_token',
          refresh_token: bench.refreshToken,
          ...CLIENT,
        })
      ).body.status,
    ).toBe('BAD_REFRESH_TOKEN');
  });

  test('the app can uninstall itself, and an administrator can: every token stops', async () => {
    const bench = await startBench();
    expect((await bench.api('DELETE', '/appinstalls/2026-09/external-install')).status).toBe(204);
    expect((await bench.api('GET', contacts(''))).status).toBe(401);
    const again = bench.portal.install(APP_ID);
    bench.portal.uninstall(APP_ID);
    expect((await bench.api('GET', contacts(''), undefined, again.accessToken)).status).toBe(401);
    expect(
      (
        await postForm(bench.hubspot.url, TOKEN, {
          grant_type: 'refresh_token',
          refresh_token: again.refreshToken,
          ...CLIENT,
        })
      ).body.status,
    ).toBe('BAD_REFRESH_TOKEN');
  });

  test('an install from the marketplace arrives with a code and no state', async () => {
    const bench = await startBench();
    const url = new URL(bench.portal.marketplaceInstall(APP_ID).url);
    expect(url.searchParams.has('state')).toBe(false);
    const answer = await exchange(bench, url.searchParams.get('code') ?? '');
    expect((await request(bench.hubspot.url, 'GET', contacts(''), undefined, answer.body.access_token)).status).toBe(
      200,
    );
  });
});
