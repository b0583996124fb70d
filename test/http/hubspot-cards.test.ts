import request, { type Response } from 'supertest';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ALL_ENDPOINTS } from '../../shared/contracts/all-endpoints.ts';
import type { Endpoint } from '../../shared/contracts/endpoint.ts';
import { appendedPath, cardHeaders, REP, type Appended } from './card-request.ts';
import { seedWorkspace } from './seed.ts';
import {
  APP_ID,
  CLIENT_SECRET,
  createWorkspace,
  NOW,
  PUBLIC_URL,
  startTestServer,
  type TestServer,
} from './test-server.ts';

let server: TestServer;

const ACCOUNT: Appended = { ...REP, portalId: '111', appId: APP_ID };

beforeAll(async () => {
  server = await startTestServer();
  for (const [workspaceId, letter, account] of [
    ['ws_a', 'b', '111'],
    ['ws_b', 'c', '222'],
    ['ws_gone', 'd', '333'],
  ] as const) {
    await createWorkspace(server.database, workspaceId);
    await seedWorkspace(server.database, workspaceId, { letter, account });
  }
  await server.database.inWorkspace('ws_gone', (tx) => tx('connections').update({ status: 'disconnected' }));
});
afterAll(() => server.close());
beforeEach(() => {
  server.calls.length = 0;
});

type Sent = {
  path: string;
  method?: 'GET' | 'POST';
  body?: object | string;
  type?: string;
  secret?: string;
  atMs?: number;
  app?: TestServer['app'];
};

/** Sends a path that is complete, signed as HubSpot signs it. */
function send({
  path,
  method = 'GET',
  body,
  secret = CLIENT_SECRET,
  atMs = server.clock.now(),
  type,
  app = server.app,
}: Sent): Promise<Response> {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const headers = cardHeaders({ method, publicUrl: PUBLIC_URL, path, body: text, atMs, secret });
  const call = method === 'GET' ? request(app).get(path) : request(app).post(path).send(text);
  return call.set({ ...headers, ...(type === undefined ? {} : { 'content-type': type }) });
}

const card = (appended: Appended = ACCOUNT): string => appendedPath('/hubspot/contacts/501/card', appended);

/** Nothing but the refusal itself, and nobody was asked. */
function expectNoData(answer: Response, status: number, code: string): void {
  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  expect(Object.keys(answer.body as object)).toEqual(['error']);
  expect(Object.keys(answer.body.error as object).sort()).toEqual(['code', 'message', 'remedy', 'requestId']);
  expect(server.calls).toEqual([]);
}

test('a card is answered for the account HubSpot appended, with its user as the actor', async () => {
  const answer = await send({ path: card() });
  expect(answer.status).toBe(200);
  expect(server.calls).toEqual([
    [
      'contactCard',
      {
        account: { workspaceId: 'ws_a', connectionId: 'con_seedb', crm: 'hubspot', externalAccountId: '111' },
        actor: 'hubspot_user:77',
        userEmail: 'robin.rep+eu@example.com',
      },
      '501',
    ],
  ]);
});

test.each(['userId', 'portalId', 'userEmail', 'appId'] as const)(
  'a request without %s is refused with no data (E33)',
  async (name) => {
    const { [name]: _, ...rest } = ACCOUNT;
    expectNoData(await send({ path: card(rest as Appended) }), 403, 'card_account_refused');
  },
);

test.each([
  ['before', '/hubspot/contacts/501/card?portalId=222'],
  ['with the same value', '/hubspot/contacts/501/card?portalId=111'],
  ['in another spelling', '/hubspot/contacts/501/card?portal%49d=222'],
  ['empty', '/hubspot/contacts/501/card?portalId='],
])('a portalId the user wrote himself, %s, is refused although HubSpot signed it (E33)', async (_, path) => {
  expectNoData(await send({ path: appendedPath(path, ACCOUNT) }), 403, 'card_account_refused');
});

test.each(['userId', 'userEmail', 'appId'] as const)('a %s that stands twice is refused (E33)', async (name) => {
  const path = appendedPath(`/hubspot/contacts/501/card?${name}=1`, ACCOUNT);
  expectNoData(await send({ path }), 403, 'card_account_refused');
});

test.each([
  ['an account nobody connected', { portalId: '999' }],
  ['an account that was disconnected', { portalId: '333' }],
  ['another app', { appId: '1' }],
  ['an id that is none', { portalId: '111 or 1=1' }],
  ['a user that is none', { userId: 'system' }],
  ['an app that is none', { appId: `${APP_ID}x` }],
  ['a user’s address with a NUL', { userEmail: 'rep@example.com\u0000' }],
  ['a user’s address of two lines', { userEmail: 'rep@example.com\nX: 1' }],
  ['a user’s address without end', { userEmail: `${'r'.repeat(320)}@example.com` }],
])('%s is refused with no data (E33)', async (_, wrong) => {
  expectNoData(await send({ path: card({ ...ACCOUNT, ...wrong }) }), 403, 'card_account_refused');
});

test('without a known app id the signature says that it is our app, but what is no id is refused (E33)', async () => {
  const app = server.appWith({ hubspot: { ...server.hubspot, appId: null } });
  const ask = (appId: string): Promise<Response> => send({ path: card({ ...ACCOUNT, appId }), app });
  expect((await ask('1')).status).toBe(200);
  server.calls.length = 0;
  expectNoData(await ask('one'), 403, 'card_account_refused');
});

test('a name that HubSpot may append one day stands in nobody’s way', async () => {
  const path = card({ ...ACCOUNT, locale: 'en' } as Appended);
  expect((await send({ path })).status).toBe(200);
  const page = appendedPath(REFERRALS, { ...ACCOUNT, locale: 'en' } as Appended);
  expect((await send({ path: page })).status).toBe(200);
});

test.each([
  ['unknown_account', { portalId: '999' }],
  ['other_app', { appId: '1' }],
  ['ambiguous_account', { userId: 'system' }],
])('the metrics count %s under its own name', async (reason, wrong) => {
  const counted = async (): Promise<number> => {
    const text = await server.metrics.text();
    const [, value] = new RegExp(`passalong_card_refused_total\\{reason="${reason}"\\} (\\d+)`).exec(text) ?? [];
    return Number(value ?? 0);
  };
  const before = await counted();
  await send({ path: card({ ...ACCOUNT, ...wrong }) });
  expect(await counted()).toBe(before + 1);
});

test.each([
  ['a wrong secret', { secret: 'other' }],
  ['an old signature', { atMs: NOW - 301_000 }],
  ['a signature from the future', { atMs: NOW + 301_000 }],
])('%s is refused before anything is looked up', async (_, wrong) => {
  expectNoData(await send({ path: card(), ...wrong }), 401, 'signature_refused');
});

test('a signature is good for its own address, method and body only', async () => {
  const signed = (path: string, method: 'GET' | 'POST', body: string): Record<string, string> =>
    cardHeaders({ method, publicUrl: PUBLIC_URL, path, body, atMs: server.clock.now(), secret: CLIENT_SECRET });
  const other = card({ ...ACCOUNT, portalId: '222' });
  expectNoData(
    await request(server.app)
      .get(other)
      .set(signed(card(), 'GET', '')),
    401,
    'signature_refused',
  );
  const path = appendedPath('/hubspot/contacts/501/advocate', ACCOUNT);
  const body = JSON.stringify({ requestKey: 'key-00000001', programId: 'prg_seedb' });
  const changed = body.replace('seedb', 'seedc');
  expectNoData(
    await request(server.app)
      .post(path)
      .set(signed(path, 'POST', body))
      .send(changed),
    401,
    'signature_refused',
  );
});

test('an answer carries nothing that could be cached', async () => {
  const answer = await send({ path: card() });
  expect(answer.headers['cache-control']).toBe('no-store');
});

const FRIEND = { programId: 'prg_seedb', email: 'dana@example.com', firstName: 'Dana', lastName: 'Friend' };
const REFERRALS = '/hubspot/contacts/501/referrals';

test('HubSpot’s retry of a submission is answered from what is kept, and the work is done once', async () => {
  const path = appendedPath(REFERRALS, ACCOUNT);
  const body = { requestKey: 'retry-0001', ...FRIEND };
  const answers = await Promise.all([send({ path, method: 'POST', body }), send({ path, method: 'POST', body })]);
  const third = await send({ path, method: 'POST', body });
  expect([...answers, third].map(({ status, body: answer }) => [status, answer.result])).toEqual(
    Array.from({ length: 3 }, () => [201, 'added']),
  );
  expect(server.calls).toHaveLength(1);
});

test('the same key with another body is refused, and the key of another user is another key', async () => {
  const path = appendedPath(REFERRALS, ACCOUNT);
  await send({ path, method: 'POST', body: { requestKey: 'reused-0001', ...FRIEND } });
  const other = await send({
    path,
    method: 'POST',
    body: { requestKey: 'reused-0001', ...FRIEND, email: 'x@example.com' },
  });
  expect([other.status, other.body.error.code]).toEqual([409, 'idempotency_key_reused']);
  const colleague = appendedPath(REFERRALS, { ...ACCOUNT, userId: '78' });
  expect((await send({ path: colleague, method: 'POST', body: { requestKey: 'reused-0001', ...FRIEND } })).status).toBe(
    201,
  );
  expect(server.calls).toHaveLength(2);
});

test.each([
  ['no key', { ...FRIEND }, 'requestKey'],
  ['a key of one letter', { ...FRIEND, requestKey: 'x' }, 'requestKey'],
  ['an empty e-mail address', { ...FRIEND, requestKey: 'fields-0001', email: ' ' }, 'email'],
  ['a field that does not exist', { ...FRIEND, requestKey: 'fields-0002', portalId: '222' }, 'portalId'],
])('a submission with %s names the field', async (_, body, field) => {
  const answer = await send({ path: appendedPath(REFERRALS, ACCOUNT), method: 'POST', body });
  expect([answer.status, answer.body.error.code]).toEqual([422, 'request_invalid']);
  expect(answer.body.error.fields.map(({ path }: { path: string }) => path)).toContain(field);
  expect(server.calls).toEqual([]);
});

test('a body that is no JSON, or too large, is refused in words', async () => {
  const path = appendedPath(REFERRALS, ACCOUNT);
  expect((await send({ path, method: 'POST', body: '{' })).body.error.code).toBe('body_not_json');
  const large = await send({ path, method: 'POST', body: { requestKey: 'large-0001', note: 'x'.repeat(70_000) } });
  expect([large.status, large.body.error.code]).toEqual([413, 'body_too_large']);
});

test('a body just within the limit is read, and one that is no JSON by its type is not', async () => {
  const path = appendedPath(REFERRALS, ACCOUNT);
  const fits = { requestKey: 'fits-0001', note: 'x'.repeat(65_000) };
  expect((await send({ path, method: 'POST', body: fits })).status).toBe(422);
  const body = { requestKey: 'typed-0001', ...FRIEND };
  const typed = await send({ path, method: 'POST', body, type: 'text/plain' });
  expect([typed.status, typed.body.error.code]).toEqual([415, 'media_type_unsupported']);
  expect(server.calls).toEqual([]);
});

test('a body nested without end is refused by name, not by a fault', async () => {
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  const body = JSON.stringify({ requestKey: 'deep-0001', ...FRIEND, note: 'NOTE' }).replace('"NOTE"', deep);
  const answer = await send({ path: appendedPath(REFERRALS, ACCOUNT), method: 'POST', body });
  expect([answer.status, answer.body.error.code]).toEqual([422, 'request_invalid']);
  expect(answer.body.error.fields).toContainEqual({ path: 'note', message: 'Is nested too deeply.' });
});

test.each([
  ['a day that no month has', '2026-02-30T10:00:00.000000Z'],
  ['the year nought', '0000-01-01T10:00:00.000000Z'],
  ['the hour after the last', '2026-02-01T24:00:00.000000Z'],
])('a cursor that names %s is refused by name', async (_, time) => {
  const cursor = Buffer.from(JSON.stringify([time, 'ref_1'])).toString('base64url');
  const answer = await send({ path: appendedPath(`${REFERRALS}?cursor=${cursor}`, ACCOUNT) });
  expect([answer.status, answer.body.error.fields?.[0].path]).toEqual([422, 'query.cursor']);
});

test('a cursor of ours is taken to the microsecond', async () => {
  const after = ['2024-02-29T23:59:59.123456Z', 'ref_1'];
  const cursor = Buffer.from(JSON.stringify(after)).toString('base64url');
  expect((await send({ path: appendedPath(`${REFERRALS}?cursor=${cursor}`, ACCOUNT) })).status).toBe(200);
  expect(server.calls[0]?.[3]).toEqual(after);
});

test('an id that cannot be one of the CRM’s, and a cursor that is not ours, are refused by name', async () => {
  const id = await send({ path: appendedPath('/hubspot/contacts/50a/card', ACCOUNT) });
  expect([id.status, id.body.error.fields[0].path]).toEqual([422, 'params.objectId']);
  const cursor = await send({ path: appendedPath(`${REFERRALS}?cursor=abc`, ACCOUNT) });
  expect([cursor.status, cursor.body.error.fields[0].path]).toEqual([422, 'query.cursor']);
});

test('without HubSpot’s settings a card is told that this service has none', async () => {
  const app = server.appWith({ hubspot: null });
  const answer = await request(app).get(card());
  expect([answer.status, answer.body.error.code]).toEqual([503, 'hubspot_not_configured']);
});

/** From the contracts, so that no card endpoint is forgotten. */
const CARD_ENDPOINTS = ALL_ENDPOINTS.filter(({ auth }) => auth === 'hubspotCard').map(
  (endpoint): [string, Endpoint] => [endpoint.operationId, endpoint],
);

test.each(CARD_ENDPOINTS)(
  '%s answers nobody but HubSpot, and only for one connected account (E33)',
  async (_, endpoint) => {
    const bare = endpoint.path.replace(':objectId', '501').replace(':referralId', 'ref_seedb');
    const method = endpoint.method === 'get' ? 'GET' : 'POST';
    const body = endpoint.bodyExample && { ...endpoint.bodyExample, requestKey: `of-${endpoint.operationId}` };
    const ask = (path: string, secret?: string): Promise<Response> =>
      send({ path, method, ...(body ? { body } : {}), ...(secret ? { secret } : {}) });
    expectNoData(await ask(appendedPath(bare, ACCOUNT), 'other'), 401, 'signature_refused');
    expectNoData(await ask(bare), 403, 'card_account_refused');
    expectNoData(await ask(appendedPath(`${bare}?portalId=222`, ACCOUNT)), 403, 'card_account_refused');
    expectNoData(await ask(appendedPath(bare, { ...ACCOUNT, portalId: '999' })), 403, 'card_account_refused');
    const taken = await ask(appendedPath(bare, ACCOUNT));
    expect([taken.status, server.calls.length]).toEqual([method === 'GET' ? 200 : 201, 1]);
    expect((server.calls[0]?.[1] as { account: object }).account).toMatchObject({ workspaceId: 'ws_a' });
  },
);
