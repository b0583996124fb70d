import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PassalongError } from '../../backend/src/errors/passalong-error.ts';
import {
  CrmAuthorizationRevoked,
  CrmRateLimited,
  CrmRejected,
  CrmScopeMissing,
  CrmUnavailable,
} from '../../backend/src/crm/errors.ts';
import { createHubSpotGateway, FreshTokenRefused, type CallFact } from '../../backend/src/crm/hubspot/gateway.ts';
import type { HubSpotRejected } from '../../backend/src/crm/hubspot/rejection.ts';
import type { CallKind, CrmAccount, TokenSource } from '../../backend/src/crm/port.ts';
import { startLoopbackServer, type LoopbackServer, type PlannedAnswer } from './support/loopback-server.ts';
import { manualClock, type ManualClock } from './support/manual-clock.ts';
import { memoryBudget, type MemoryBudget } from './support/memory-budget.ts';

const ACCOUNT: CrmAccount = { workspaceId: 'ws_1', connectionId: 'con_1', crm: 'hubspot', externalAccountId: '33' };
const PATH = '/crm/objects/2026-09/contacts/batch/read';

let server: LoopbackServer;
let clock: ManualClock;
let budget: MemoryBudget;
let facts: CallFact[];
let tokens: TokenSource & { readonly discarded: string[]; revoked: boolean };

function fakeTokens() {
  const discarded: string[] = [];
  const source = {
    discarded,
    revoked: false,
    accessToken: () =>
      source.revoked && discarded.length > 0
        ? Promise.reject(new CrmAuthorizationRevoked('gone'))
        : Promise.resolve(`token-${String(discarded.length + 1)}`),
    discard: (_account: CrmAccount, token: string) => {
      discarded.push(token);
      return Promise.resolve();
    },
  };
  return source;
}

beforeEach(async () => {
  server = await startLoopbackServer();
  clock = manualClock();
  budget = memoryBudget(clock);
  tokens = fakeTokens();
  facts = [];
});
afterEach(() => server.close());

function gateway(timeoutMs = 2_000) {
  return createHubSpotGateway({
    apiUrl: server.url,
    tokens,
    budget,
    clock,
    timeoutMs,
    observe: (fact) => facts.push(fact),
  });
}

function call(input: { readonly kind?: CallKind; readonly body?: unknown; readonly account?: CrmAccount } = {}) {
  const { account = ACCOUNT, kind = 'default', body = { inputs: [] } } = input;
  return gateway().call({ account, kind, method: 'POST', path: PATH, body });
}

async function failureOf(answer: PlannedAnswer, input: Parameters<typeof call>[0] = {}): Promise<PassalongError> {
  server.answer(() => answer);
  const error: unknown = await call(input).then(
    () => null,
    (raised: unknown) => raised,
  );
  expect(error).toBeInstanceOf(PassalongError);
  return error as PassalongError;
}

const LIMIT = {
  status: 'error',
  errorType: 'RATE_LIMIT',
  message: 'You have reached your ten_secondly_rolling limit.',
};

describe('a call to HubSpot', () => {
  it('carries the token, the body and HubSpot’s own user agent, and returns the parsed answer', async () => {
    server.answer(() => ({ status: 207, body: { results: [1] } }));
    const answer = await call({ body: { inputs: [{ id: '1' }] } });
    expect(answer).toEqual({ status: 207, body: { results: [1] } });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: PATH, text: '{"inputs":[{"id":"1"}]}' });
    expect(request?.headers).toMatchObject({ authorization: 'Bearer token-1', 'content-type': 'application/json' });
    expect(request?.headers['user-agent']).toMatch(/hubspot-api-client-nodejs/);
    expect(facts).toMatchObject([{ status: 207, kind: 'default', path: PATH }]);
  });

  it('without an answer body returns null as its body', async () => {
    server.answer(() => ({ status: 204 }));
    expect(await call()).toEqual({ status: 204, body: null });
  });

  it('takes from the budget of its kind before it asks for a token', async () => {
    await budget.pause(ACCOUNT, 'search', clock.now() + 5_000);
    tokens.accessToken = () => Promise.reject(new Error('asked for a token'));
    await expect(call({ kind: 'search' })).rejects.toMatchObject({
      code: 'crm_rate_limited',
      retryAtMs: clock.now() + 5_000,
    });
    expect(server.requests).toHaveLength(0);
  });

  it('whose token is refused is repeated once with a fresh one, each attempt taken from the budget', async () => {
    server.answer((_request, index) => (index === 0 ? { status: 401 } : { status: 200, body: { ok: true } }));
    expect(await call()).toMatchObject({ body: { ok: true } });
    expect(tokens.discarded).toEqual(['token-1']);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
    expect(budget.taken).toEqual(['default', 'default']);
  });

  it('whose fresh token is refused too is put off, not taken for a revoked grant', async () => {
    const error = await failureOf({ status: 401, body: { category: 'INVALID_AUTHENTICATION' } });
    expect(error).toBeInstanceOf(FreshTokenRefused);
    expect(error.retry).toBe('later');
    expect(tokens.discarded).toEqual(['token-1', 'token-2']);
    expect(server.requests).toHaveLength(2);
  });

  it('says that the grant is revoked only when the token source says so', async () => {
    tokens.revoked = true;
    expect(await failureOf({ status: 401 })).toBeInstanceOf(CrmAuthorizationRevoked);
    expect(server.requests).toHaveLength(1);
  });

  it('names the scopes HubSpot misses', async () => {
    const errors = [{ message: 'm', context: { requiredGranularScopes: ['crm.objects.deals.read'] } }];
    const error = await failureOf({ status: 403, body: { category: 'MISSING_SCOPES', message: 'm', errors } });
    expect(error).toBeInstanceOf(CrmScopeMissing);
    expect(error.facts).toMatchObject({ scopes: ['crm.objects.deals.read'] });
  });
});

describe('HubSpot’s clock', () => {
  const SECOND_ACCOUNT = { ...ACCOUNT, connectionId: 'con_2', externalAccountId: '34' };
  const at = (ms: number): PlannedAnswer => ({ status: 200, body: {}, headers: { date: new Date(ms).toUTCString() } });

  it('is not known before the first answer', () => {
    expect(gateway().clockOffsetMs(ACCOUNT)).toBeNull();
  });

  it('is learnt per connection from the Date of every answer, and the latest one counts (E6)', async () => {
    const hubspot = gateway();
    const ask = (account: CrmAccount) => hubspot.call({ account, kind: 'default', method: 'GET', path: PATH });
    server.answer(() => at(clock.now() + 600_000));
    await ask(ACCOUNT);
    expect(hubspot.clockOffsetMs(ACCOUNT)).toBe(600_000);
    expect(hubspot.clockOffsetMs(SECOND_ACCOUNT)).toBeNull();
    server.answer(() => at(clock.now() - 600_000));
    await ask(SECOND_ACCOUNT);
    expect(hubspot.clockOffsetMs(SECOND_ACCOUNT)).toBe(-600_000);
    expect(hubspot.clockOffsetMs(ACCOUNT)).toBe(600_000);
    server.answer(() => at(clock.now()));
    await ask(ACCOUNT);
    expect(hubspot.clockOffsetMs(ACCOUNT)).toBe(0);
  });

  it('is not learnt from an answer that says nothing readable of it', async () => {
    const hubspot = gateway();
    server.answer(() => ({ status: 200, body: {}, headers: { date: 'soon' } }));
    await hubspot.call({ account: ACCOUNT, kind: 'default', method: 'GET', path: PATH });
    expect(hubspot.clockOffsetMs(ACCOUNT)).toBeNull();
  });
});

describe('a rate limit of HubSpot', () => {
  it.each<[string, CallKind, object, Record<string, string>, number]>([
    ['the seconds of Retry-After', 'default', LIMIT, { 'retry-after': '7' }, 7_000],
    ['ten seconds by its policy', 'default', { ...LIMIT, policyName: 'TEN_SECONDLY_ROLLING' }, {}, 10_000],
    ['one second for a search', 'search', { ...LIMIT, message: 'You have reached your secondly limit.' }, {}, 1_000],
    ['an hour for the day’s limit', 'default', { ...LIMIT, policyName: 'DAILY', message: 'daily' }, {}, 3_600_000],
    ['ten seconds when it says nothing', 'default', {}, {}, 10_000],
  ])('waits %s', async (_words, kind, body, headers, waitMs) => {
    const error = await failureOf({ status: 429, body, headers }, { kind });
    expect(error).toBeInstanceOf(CrmRateLimited);
    expect((error as CrmRateLimited).retryAtMs).toBe(clock.now() + waitMs);
  });

  it('lets no call of that account leave before its time has passed, and no other account wait', async () => {
    server.answer((_request, index) =>
      index === 0 ? { status: 429, body: LIMIT, headers: { 'retry-after': '7' } } : { status: 200, body: {} },
    );
    await expect(call()).rejects.toBeInstanceOf(CrmRateLimited);
    clock.advance(6_999);
    for (let attempt = 0; attempt < 20; attempt += 1) await expect(call()).rejects.toBeInstanceOf(CrmRateLimited);
    expect(server.requests).toHaveLength(1);
    await call({ account: { ...ACCOUNT, connectionId: 'con_2', externalAccountId: '34' } });
    expect(server.requests).toHaveLength(2);
    clock.advance(1);
    await call();
    expect(server.requests).toHaveLength(3);
  });

  it('on searches leaves the other calls alone; the day’s limit stops both', async () => {
    await failureOf({ status: 429, body: { message: 'You have reached your secondly limit.' } }, { kind: 'search' });
    server.answer(() => ({ status: 429, body: { policyName: 'DAILY' } }));
    await expect(call()).rejects.toMatchObject({ retryAtMs: clock.now() + 3_600_000 });
    expect(server.requests).toHaveLength(2);
    clock.advance(2_000);
    await expect(call({ kind: 'search' })).rejects.toMatchObject({ code: 'crm_rate_limited' });
    expect(server.requests).toHaveLength(2);
  });
});

describe('a HubSpot that cannot serve', () => {
  it.each([500, 502, 503, 504, 520, 524, 408])(
    'with status %i makes the call one for later, and is not asked again',
    async (status) => {
      const error = await failureOf({ status, body: '<html>bad gateway</html>' });
      expect(error).toBeInstanceOf(CrmUnavailable);
      expect(error.retry).toBe('later');
      expect(server.requests).toHaveLength(1);
    },
  );

  it('because records are locked is left alone for two seconds or more', async () => {
    const error = (await failureOf({ status: 423 })) as CrmUnavailable;
    expect(error).toBeInstanceOf(CrmUnavailable);
    expect(error.retryAtMs).toBeGreaterThanOrEqual(clock.now() + 2_000);
  });

  it('because the account is being moved gets no call of any kind before the stated time', async () => {
    const error = (await failureOf({ status: 477, headers: { 'retry-after': '3600' } })) as CrmUnavailable;
    expect(error.retryAtMs).toBe(clock.now() + 3_600_000);
    await expect(call({ kind: 'search' })).rejects.toBeInstanceOf(CrmRateLimited);
    expect(server.requests).toHaveLength(1);
  });

  it('because the connection breaks, or the answer is no JSON, is a call for later', async () => {
    expect(await failureOf('cut')).toBeInstanceOf(CrmUnavailable);
    expect(facts.at(-1)?.status).toBeNull();
    expect(await failureOf({ status: 200, body: '<html>maintenance</html>' })).toBeInstanceOf(CrmUnavailable);
  });

  it('because it never answers is given up after the time-out', async () => {
    server.answer(() => null);
    const startedMs = performance.now();
    const pending = gateway(150).call({ account: ACCOUNT, kind: 'default', method: 'GET', path: PATH });
    await expect(pending).rejects.toBeInstanceOf(CrmUnavailable);
    expect(performance.now() - startedMs).toBeLessThan(1_500);
  });
});

describe('a request HubSpot refuses', () => {
  it.each([400, 403, 404, 409, 414])('with status %i is never repeated and carries HubSpot’s words', async (status) => {
    const error = await failureOf({ status, body: { message: 'No such thing', category: 'X', correlationId: 'c-1' } });
    expect(error).toBeInstanceOf(CrmRejected);
    expect(error.message).toBe('No such thing');
    expect(error.facts).toEqual({ status, path: PATH, category: 'X', correlationId: 'c-1' });
    expect((error as HubSpotRejected).status).toBe(status);
    expect(server.requests).toHaveLength(1);
  });

  it('leaves no property value, e-mail or token in what a log would print', async () => {
    const body = { inputs: [{ id: '1', properties: { lifecyclestage: 'secret-stage', city: 'Kyjiw' } }] };
    const invalid = [
      { isValid: false, message: '"secret-stage" was not allowed', error: 'INVALID_OPTION', name: 'lifecyclestage' },
    ];
    const messages = [
      `Property values were not valid: ${JSON.stringify(invalid)}`,
      'A contact with email jane@example.com in Kyjiw has stage secret-stage',
    ];
    for (const message of messages) {
      const error = await failureOf({ status: 400, body: { message, errors: [{ message }] } }, { body });
      const printed =
        JSON.stringify([error.message, error.facts, { ...error }, Object.keys(error)]) + String(error.stack);
      expect(printed).not.toMatch(/secret-stage|Kyjiw|jane@|token-1/);
    }
    const last = await failureOf({ status: 400, body: { message: messages[0] } }, { body });
    expect(last.message).toBe('HubSpot refused property values: lifecyclestage (INVALID_OPTION).');
  });
});
