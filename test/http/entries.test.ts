import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realUseCases } from './real-use-cases.ts';
import { seedWorkspace, type Seed } from './seed.ts';
import { createWorkspace, NOW, startTestServer, type TestServer, type Workspace } from './test-server.ts';

let server: TestServer;
let app: TestServer['app'];
let mine: Workspace;
let seed: Seed;
let foreign: Seed;

const HOUR_MS = 3_600_000;
const at = (ms: number): Date => new Date(NOW + ms);

type NewRow = { readonly id: string; readonly state: string; readonly madeMs?: number } & Readonly<
  Record<string, unknown>
>;

async function addEntry({ id, state, madeMs = 0, ...more }: NewRow): Promise<void> {
  await server.database.inWorkspace('ws_mine', (tx) =>
    tx('entries').insert({
      workspace_id: 'ws_mine',
      id,
      state,
      reason_code: 'rule_not_met',
      reason: 'x',
      trigger: { kind: 'changed' },
      created_at: at(madeMs),
      updated_at: at(madeMs),
      ...more,
    }),
  );
}

beforeAll(async () => {
  server = await startTestServer();
  app = server.appWith({ useCases: realUseCases(server) });
  mine = await createWorkspace(server.database, 'ws_mine');
  // In the order of their times, as entries are made.
  const record = { connection_id: 'con_seedb', object_type: 'contact', record_id: '501' };
  await addEntry({ id: 'ent_old', state: 'ignored', madeMs: -50 * HOUR_MS, ...record });
  await addEntry({ id: 'ent_failed', state: 'failed', madeMs: -2 * HOUR_MS, reason_code: 'deal_refused' });
  seed = await seedWorkspace(server.database, 'ws_mine', { letter: 'b', account: '111' });
  await createWorkspace(server.database, 'ws_other');
  foreign = await seedWorkspace(server.database, 'ws_other', { letter: 'c', account: '222' });
  await addEntry({ id: 'ent_told', state: 'review', notify: true, review_key: 'record_gone:deal:1', ...record });
  await addEntry({ id: 'ent_replay', state: 'processed', replay: true, program_id: 'prg_gone' });
});
afterAll(() => server.close());

function get(path: string): request.Test {
  return request(app).get(path).set('Authorization', mine.authorization);
}
function post(path: string, body?: object | string): request.Test {
  const sent = request(app).post(path).set('Authorization', mine.authorization);
  return body === undefined ? sent : sent.type('json').send(body);
}

async function idsOf(query: string): Promise<string[]> {
  const answer = await get(`/api/v1/entries?${query}`);
  expect(answer.status).toBe(200);
  return (answer.body as { items: { id: string }[] }).items.map(({ id }) => id.replace('_seedb', '_seed')).sort();
}

test.each([
  ['state=failed', ['ent_failed']],
  ['reasonCode=deal_refused', ['ent_failed']],
  ['reasonCode=no_such_code', []],
  ['programId=prg_gone', ['ent_replay']],
  ['notify=true', ['ent_told']],
  ['notify=false&state=review', ['ent_seed']],
  ['reviewOpen=true', ['ent_seed', 'ent_told']],
  ['reviewOpen=false', ['ent_failed', 'ent_old', 'ent_replay']],
  ['objectType=contact&recordId=501', ['ent_old', 'ent_told']],
  ['objectType=deal&recordId=501', []],
  ['objectType=contact&recordId=501&connectionId=con_another', []],
  [`to=${at(-HOUR_MS).toISOString()}`, ['ent_failed', 'ent_old']],
  [`from=${at(-2 * HOUR_MS).toISOString()}&to=${at(0).toISOString()}`, ['ent_failed']],
  [`from=${at(1).toISOString()}`, []],
  ['state=review&notify=true&objectType=contact&recordId=501', ['ent_told']],
])('entries are narrowed by %s (RR-31)', async (query, expected) => {
  expect(await idsOf(query)).toEqual(expected);
});

test('entries of one account are found by its id', async () => {
  expect(await idsOf(`connectionId=${seed.connectionId}`)).toEqual(['ent_old', 'ent_seed', 'ent_told']);
  expect(await idsOf(`connectionId=${foreign.connectionId}`)).toEqual([]);
});

test.each([
  ['state=open', 'query.state'],
  ['reasonCode=Rule%20met', 'query.reasonCode'],
  [`reasonCode=${'x'.repeat(61)}`, 'query.reasonCode'],
  ['programId=ref_1', 'query.programId'],
  ['connectionId=1', 'query.connectionId'],
  ['objectType=contact', 'query.recordId'],
  ['recordId=501', 'query.recordId'],
  ['objectType=ticket&recordId=501', 'query.objectType'],
  ['objectType=deal&recordId=5%2701', 'query.recordId'],
  ['from=yesterday', 'query.from'],
  ['to=2026-02-30T00:00:00Z', 'query.to'],
  ['from=0000-01-01T00:00:00Z', 'query.from'],
  ['from=2026-11-20T00:00:00Z&to=2026-11-19T00:00:00Z', 'query.to'],
  ['notify=yes', 'query.notify'],
  ['reviewOpen=1', 'query.reviewOpen'],
  ['state=failed&state=review', 'query.state'],
  ['cursor=WyJ4Il0', 'query.cursor'],
  [`cursor=${Buffer.from('["99999999999999999999"]').toString('base64url')}`, 'query.cursor'],
  ['limit=0', 'query.limit'],
  ['age=3', 'query.age'],
])('the list refuses %s and names the field', async (query, path) => {
  const answer = await get(`/api/v1/entries?${query}`);
  expect(answer.status).toBe(422);
  const { error } = answer.body as { error: { code: string; remedy: string; fields: { path: string }[] } };
  expect([error.code, error.fields.map((field) => field.path)]).toEqual(['request_invalid', [path]]);
  expect(error.remedy).not.toBe('');
});

describe.each(['approve', 'reject', 'retry'])('POST /entries/{entryId}/%s', (verb) => {
  const path = (id: string): string => `/api/v1/entries/${id}/${verb}`;

  test.each([
    ['a number as note or edit', { note: 7, edits: 7 }],
    ['an unknown field', { status: 'approved' }],
    ['a list', []],
    ['a note of a thousand and one letters', { note: 'x'.repeat(1_001), edits: { email: 'x'.repeat(5_001) } }],
    ['an empty note', { note: '  ', edits: { '': 'x' } }],
    ['a character that cannot be stored', { note: 'a\u0000b', edits: { email: 'a\u0000b' } }],
  ])('refuses %s', async (_name, body) => {
    const answer = await post(path(seed.entryId), body);
    expect([answer.status, (answer.body as { error: { code: string } }).error.code]).toEqual([422, 'request_invalid']);
  });

  test('refuses what is no JSON', async () => {
    expect((await post(path(seed.entryId), '{"note":')).status).toBe(400);
  });

  test('knows no entry of another workspace and none that is not there', async () => {
    for (const id of [foreign.entryId, 'ent_nowhere']) {
      expect((await post(path(id), {})).body).toMatchObject({ error: { code: 'not_found' } });
    }
  });
});

describe('POST /referrals/{referralId}/decide', () => {
  const path = (id: string): string => `/api/v1/referrals/${id}/decide`;

  test.each([
    ['nothing', undefined, 'body'],
    ['no status', {}, 'status'],
    ['a status nobody knows', { status: 'won' }, 'status'],
    ['a number as status', { status: 1 }, 'status'],
    ['a long note', { status: 'denied', note: 'x'.repeat(1_001) }, 'note'],
    ['a note that is a list', { status: 'denied', note: ['x'] }, 'note'],
    ['an unknown field', { status: 'denied', reason: 'x' }, 'reason'],
  ])('refuses %s', async (_name, body, field) => {
    const answer = await post(path(seed.referralId), body);
    expect(answer.status).toBe(422);
    expect((answer.body as { error: { fields: { path: string }[] } }).error.fields[0]?.path).toBe(field);
  });

  test('knows no referral of another workspace', async () => {
    const answer = await post(path(foreign.referralId), { status: 'denied' });
    expect([answer.status, (answer.body as { error: { code: string } }).error.code]).toEqual([404, 'not_found']);
  });

  test('a referral that was merged is decided where it went', async () => {
    await server.database.inWorkspace('ws_mine', async (tx) => {
      const row = { ...(await tx('referrals').where({ id: seed.referralId }).first()) };
      await tx('people').insert({ workspace_id: 'ws_mine', id: 'per_merged', created_at: at(0) });
      await tx('referrals').insert({
        ...row,
        id: 'ref_merged',
        person_id: 'per_merged',
        merged_into: seed.referralId,
      });
    });
    const answer = await post(path('ref_merged'), { status: 'denied' });
    expect([answer.status, answer.body]).toMatchObject([
      409,
      { error: { code: 'referral_merged', mergedInto: seed.referralId } },
    ]);
  });
});

test('an entry tells what it saw and which messages came before it (RR-72, SG-36)', async () => {
  const [key, other] = [randomUUID(), randomUUID()];
  const message = { subscriptionType: 'object.propertyChange', propertyName: 'dealstage', propertyValue: 'closedwon' };
  const record = { connection_id: seed.connectionId, object_type: 'deal', record_id: '9009' };
  await server.database.inWorkspace('ws_mine', async (tx) => {
    const inbox = { workspace_id: 'ws_mine', ...record, kind: 'changed', raw: JSON.stringify(message) };
    const day = '2026-11-20';
    await tx('inbox').insert([
      { ...inbox, source_key: key, occurred_on: day, occurred_at: at(-7 * HOUR_MS), received_at: at(-6 * HOUR_MS) },
      { ...inbox, source_key: other, occurred_on: day, occurred_at: at(-60_000), received_at: at(-59_000) },
      { ...inbox, source_key: randomUUID(), occurred_on: day, occurred_at: at(1_000), received_at: at(2_000) },
      { ...inbox, source_key: randomUUID(), occurred_on: day, occurred_at: at(0), received_at: at(-HOUR_MS) },
      {
        ...inbox,
        source_key: randomUUID(),
        occurred_on: day,
        occurred_at: at(0),
        received_at: at(-1),
        record_id: '9010',
      },
    ]);
    const snapshot = { workspace_id: 'ws_mine', ...record };
    await tx('snapshots').insert([
      { ...snapshot, modified_at: at(-2_000), read_at: at(-1_000), values: { dealstage: 'closedwon' } },
      { ...snapshot, modified_at: at(5_000), read_at: at(6_000), values: { dealstage: 'closedlost' } },
    ]);
  });
  await addEntry({ id: 'ent_seen', state: 'processed', ...record, trigger: { kind: 'changed', sourceKey: key } });
  const { body } = await get('/api/v1/entries/ent_seen');
  expect((body as { signals: unknown[] }).signals).toEqual([
    {
      kind: 'changed',
      field: 'dealstage',
      occurredAt: at(-60_000).toISOString(),
      receivedAt: at(-59_000).toISOString(),
      raw: message,
    },
    expect.objectContaining({ receivedAt: at(-6 * HOUR_MS).toISOString() }),
  ]);
  expect((body as { values: unknown[] }).values).toEqual([
    {
      objectType: 'deal',
      recordId: '9009',
      modifiedAt: at(-2_000).toISOString(),
      readAt: at(-1_000).toISOString(),
      values: { dealstage: 'closedwon' },
    },
  ]);
});

test('an entry shows at most fifty messages, however many came', async () => {
  const record = { connection_id: seed.connectionId, object_type: 'deal', record_id: '9050' };
  await server.database.inWorkspace('ws_mine', (tx) =>
    tx('inbox').insert(
      Array.from({ length: 60 }, (_, index) => ({
        workspace_id: 'ws_mine',
        ...record,
        kind: 'changed',
        raw: '{}',
        source_key: randomUUID(),
        occurred_on: '2026-11-20',
        occurred_at: at(-index),
        received_at: at(-index),
      })),
    ),
  );
  await addEntry({ id: 'ent_many', state: 'processed', ...record });
  expect(((await get('/api/v1/entries/ent_many')).body as { signals: unknown[] }).signals).toHaveLength(50);
});

test('connections say when something of them was last decided (RR-45)', async () => {
  const { items } = (await get('/api/v1/connections')).body as { items: object[] };
  expect(items).toMatchObject([{ id: seed.connectionId, lastSignalAt: null, lastEntryAt: at(0).toISOString() }]);
});
