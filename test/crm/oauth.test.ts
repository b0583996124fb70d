import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CrmMisconfigured, CrmRateLimited, CrmUnavailable } from '../../backend/src/crm/errors.ts';
import { HubSpotCodeRefused, HubSpotGrantRefused } from '../../backend/src/crm/hubspot/oauth-errors.ts';
import { createHubSpotOAuth } from '../../backend/src/crm/hubspot/oauth.ts';
import { codeChallengeOf, createCodeVerifier } from '../../backend/src/workspaces/pkce.ts';
import { startLoopbackServer, type LoopbackServer, type PlannedAnswer } from './support/loopback-server.ts';
import { manualClock, type ManualClock } from './support/manual-clock.ts';

const SECRET = 'client-secret-value';
const TOKENS = {
  token_type: 'bearer',
  access_token: 'na1-access',
  refresh_token: 'na1-refresh',
  expires_in: 1800,
  hub_id: 33,
  user_id: 7,
  scopes: ['oauth', 'crm.objects.contacts.read'],
  token_use: 'access_token',
};

let server: LoopbackServer;
let clock: ManualClock;
beforeEach(async () => {
  server = await startLoopbackServer();
  clock = manualClock();
});
afterEach(() => server.close());

function oauth(timeoutMs = 2_000) {
  const appUrl = 'https://app.hubspot.com/';
  return createHubSpotOAuth({
    apiUrl: server.url,
    appUrl,
    clientId: 'client-1',
    clientSecret: SECRET,
    clock,
    timeoutMs,
  });
}

const exchange = () =>
  oauth().exchangeCode({ code: 'code-value', redirectUri: 'https://p.example/cb', codeVerifier: 'v' });
const refresh = () => oauth().refresh('refresh-value');

async function errorOf(run: () => Promise<unknown>, answer: PlannedAnswer): Promise<Error> {
  server.answer(() => answer);
  const error: unknown = await run().then(
    () => null,
    (raised: unknown) => raised,
  );
  expect(error).toBeInstanceOf(Error);
  return error as Error;
}

function formOf(index: number) {
  return Object.fromEntries(new URLSearchParams(server.requests[index]?.text));
}

describe('the authorize URL', () => {
  it('names the app, the scopes apart by %20, the state and an S256 challenge', () => {
    const codeVerifier = createCodeVerifier();
    const url = oauth().authorizeUrl({
      redirectUri: 'https://p.example/hubspot/oauth/callback',
      scopes: ['oauth', 'crm.objects.contacts.read'],
      optionalScopes: ['crm.lists.read'],
      state: 'st/ate',
      codeChallenge: codeChallengeOf(codeVerifier),
    });
    expect(url.startsWith('https://app.hubspot.com/oauth/authorize?client_id=client-1&')).toBe(true);
    expect(url).toContain('scope=oauth%20crm.objects.contacts.read&');
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
      redirect_uri: 'https://p.example/hubspot/oauth/callback',
      optional_scope: 'crm.lists.read',
      state: 'st/ate',
      code_challenge_method: 'S256',
    });
    expect(url).not.toContain(SECRET);
  });

  it('carries the challenge RFC 7636 states for its own verifier', () => {
    expect(codeChallengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    );
    expect(createCodeVerifier()).toMatch(/^[A-Za-z0-9_-]{43,128}$/);
  });
});

describe('the code of a callback', () => {
  it('is exchanged by a form on the dated path, and the tenant comes from the answer', async () => {
    server.answer(() => ({ status: 200, body: TOKENS }));
    expect(await exchange()).toEqual({
      hubId: '33',
      userId: '7',
      accessToken: 'na1-access',
      refreshToken: 'na1-refresh',
      clientId: 'client-1',
      obtainedAtMs: clock.now(),
      expiresAtMs: clock.now() + 1_800_000,
      scopes: ['oauth', 'crm.objects.contacts.read'],
    });
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/oauth/2026-09/token' });
    expect(server.requests[0]?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(formOf(0)).toEqual({
      client_id: 'client-1',
      client_secret: SECRET,
      grant_type: 'authorization_code',
      code: 'code-value',
      redirect_uri: 'https://p.example/cb',
      code_verifier: 'v',
    });
  });

  it('of a marketplace installation is exchanged without a verifier', async () => {
    server.answer(() => ({ status: 200, body: TOKENS }));
    await oauth().exchangeCode({ code: 'c', redirectUri: 'r', codeVerifier: null });
    expect(formOf(0)).not.toHaveProperty('code_verifier');
  });

  it.each([
    [{ status: 'BAD_AUTH_CODE', message: 'missing or unknown auth code' }],
    [{ error: 'invalid_grant', error_description: 'expired' }],
  ])('that is used up, expired or foreign asks for a new installation: %o', async (body) => {
    expect(await errorOf(exchange, { status: 400, body })).toBeInstanceOf(HubSpotCodeRefused);
  });

  it('whose answer lacks the portal is no grant', async () => {
    expect(await errorOf(exchange, { status: 200, body: { ...TOKENS, hub_id: undefined } })).toBeInstanceOf(
      CrmUnavailable,
    );
  });
});

describe('a refresh', () => {
  it('keeps the old refresh token when the answer names none, and takes a new one when it does', async () => {
    server.answer((_request, index) => ({
      status: 200,
      body: index === 0 ? { ...TOKENS, refresh_token: undefined } : TOKENS,
    }));
    expect((await refresh()).refreshToken).toBe('refresh-value');
    expect((await refresh()).refreshToken).toBe('na1-refresh');
    expect(formOf(0)).toMatchObject({ grant_type: 'refresh_token', refresh_token: 'refresh-value' });
  });

  it.each([
    [{ status: 'BAD_REFRESH_TOKEN', error: 'invalid_grant' }],
    [{ error: 'invalid_grant' }],
    [{ status: 'BAD_HUB', error: 'access_denied' }],
  ])('refused with %o says the grant is refused, not yet that it is revoked', async (body) => {
    const error = await errorOf(refresh, { status: 400, body });
    expect(error).toBeInstanceOf(HubSpotGrantRefused);
    expect((error as HubSpotGrantRefused).retry).toBe('later');
  });

  it.each([
    [{ status: 'BAD_CLIENT_ID' }],
    [{ status: 'BAD_CLIENT_SECRET', error: 'invalid_grant' }],
    [{ error: 'invalid_client' }],
    [{ status: 'BAD_SCOPES' }],
    [{ status: 'BAD_REDIRECT_URI' }],
    [{ status: 'SOMETHING_NEW' }],
    [{}],
  ])('refused with %o is our own misconfiguration, whatever grant it came for', async (body) => {
    expect(await errorOf(refresh, { status: 400, body })).toBeInstanceOf(CrmMisconfigured);
    expect(await errorOf(exchange, { status: 401, body })).toBeInstanceOf(CrmMisconfigured);
  });

  it('told to wait says until when; a broken, silent or failing service is asked later', async () => {
    const limited = await errorOf(refresh, { status: 429, headers: { 'retry-after': '3' } });
    expect(limited).toBeInstanceOf(CrmRateLimited);
    expect((limited as CrmRateLimited).retryAtMs).toBe(clock.now() + 3_000);
    expect(await errorOf(refresh, { status: 502, body: '<html>' })).toBeInstanceOf(CrmUnavailable);
    expect(await errorOf(refresh, 'cut')).toBeInstanceOf(CrmUnavailable);
    expect(await errorOf(() => oauth(100).refresh('refresh-value'), null)).toBeInstanceOf(CrmUnavailable);
  });

  it('never puts a token, code or secret into an error, even when HubSpot repeats them', async () => {
    const body = {
      status: 'BAD_REFRESH_TOKEN',
      message: `refresh-value ${SECRET}`,
      error: 'invalid_grant',
      error_description: 'refresh-value',
    };
    for (const run of [refresh, exchange]) {
      for (const answer of [{ status: 400, body }, { status: 500, body }, 'cut'] as const) {
        const error = await errorOf(run, answer);
        const printed = JSON.stringify({ ...error }) + String(error.stack) + String(error.cause);
        expect(printed).not.toMatch(/refresh-value|code-value|client-secret-value/);
      }
    }
  });
});

describe('introspection and revocation', () => {
  it('describe a live token by portal, user, app and scopes, and a dead one as inactive', async () => {
    server.answer((_request, index) => ({
      status: 200,
      body:
        index === 0
          ? { active: true, hub_id: 33, user_id: 7, user: 'a@b.c', client_id: 'client-1', scopes: ['oauth'] }
          : { active: false },
    }));
    expect(await oauth().introspect('t', 'refresh_token')).toEqual({
      active: true,
      hubId: '33',
      userId: '7',
      userEmail: 'a@b.c',
      clientId: 'client-1',
      scopes: ['oauth'],
    });
    expect(await oauth().introspect('t', 'access_token')).toEqual({ active: false });
    expect(server.requests[0]?.path).toBe('/oauth/2026-09/token/introspect');
    expect(formOf(0)).toMatchObject({ token: 't', token_type_hint: 'refresh_token', client_id: 'client-1' });
  });

  it('end a grant on the dated path, with or without an answer body', async () => {
    server.answer(() => ({ status: 200 }));
    await oauth().revoke('refresh-value');
    expect(server.requests[0]?.path).toBe('/oauth/2026-09/token/revoke');
    expect(formOf(0)).toMatchObject({ token: 'refresh-value', token_type_hint: 'refresh_token' });
  });
});
