import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NEW_PROGRAM_SETTINGS } from '../../shared/program-definition.ts';
import { seedWorkspace, type Seed } from './seed.ts';
import { createWorkspace, NOW, startTestServer, type TestServer, type Workspace } from './test-server.ts';

let server: TestServer;
let mine: Workspace;
let seed: Seed;

beforeAll(async () => {
  server = await startTestServer();
  mine = await createWorkspace(server.database, 'ws_mine');
  seed = await seedWorkspace(server.database, 'ws_mine', { letter: 'b', account: '111' });
  for (let number = 0; number < 25; number += 1) await addReferral(number);
});
afterAll(() => server.close());

/** Several share one moment, to the microsecond: the id decides their order. */
async function addReferral(number: number): Promise<void> {
  const at = new Date(NOW + Math.floor(number / 5));
  const of = { workspace_id: 'ws_mine' };
  const id = String(number).padStart(2, '0');
  await server.database.inWorkspace('ws_mine', async (tx) => {
    await tx('people').insert({ ...of, id: `per_${id}`, email: null, created_at: at });
    await tx('referrals').insert({
      ...of,
      id: `ref_${id}`,
      program_id: seed.programId,
      advocate_id: seed.advocateId,
      person_id: `per_${id}`,
      status: number % 2 ? 'pending' : 'denied',
      status_reason: 'x',
      status_at: at,
      source: 'api',
      rules_version: 1,
      rules_since: at,
      referred_at: at,
      created_at: at,
    });
    await tx('entries').insert({
      ...of,
      id: `ent_${id}`,
      state: number % 2 ? 'failed' : 'processed',
      reason_code: 'x',
      reason: 'x',
      trigger: {},
      referral_id: `ref_${id}`,
      program_id: seed.programId,
      created_at: at,
      updated_at: at,
    });
    await tx('rewards').insert({
      ...of,
      id: `rwd_${id}`,
      program_id: seed.programId,
      program_version: 1,
      referral_id: `ref_${id}`,
      reward_rule_id: 'rwr_ten',
      recipient_person_id: 'per_a_seedb',
      milestone: 'approved',
      state: 'approved',
      amount_minor: 100,
      currency: 'JPY',
      basis: {},
      created_at: at,
      state_at: at,
    });
    await tx('outbox').insert({
      ...of,
      id: `out_${id}`,
      connection_id: seed.connectionId,
      kind: 'contact',
      key: id,
      payload: {},
      dead_at: at,
      created_at: at,
    });
    await tx('programs').insert({
      ...of,
      id: `prg_${id}`,
      key: id,
      form_key: `pf_list${id}`,
      draft: JSON.stringify({
        ...NEW_PROGRAM_SETTINGS,
        name: 'x',
        landingUrl: 'https://example.com',
        rules: [],
        rewardRules: [],
      }),
      created_at: at,
      updated_at: at,
    });
  });
}

type List = { items: { id: string }[]; nextCursor: string | null };

async function get(path: string): Promise<request.Response> {
  return request(server.app).get(path).set('Authorization', mine.authorization);
}

async function walk(path: string, between: () => Promise<void> = () => Promise.resolve()): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? 'limit=7' : `limit=7&cursor=${cursor}`;
    const page = (await get(`${path}${path.includes('?') ? '&' : '?'}${query}`)).body as List;
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
    await between();
  } while (cursor !== null);
  return ids;
}

test.each([
  ['/api/v1/referrals', 26],
  ['/api/v1/entries', 26],
  ['/api/v1/rewards', 26],
  ['/api/v1/programs', 26],
  ['/api/v1/dead-letters', 26],
  ['/api/v1/connections', 1],
])('%s walks every item once, newest first', async (path, count) => {
  const ids = await walk(path);
  expect(ids).toHaveLength(count);
  expect(new Set(ids).size).toBe(count);
});

test('items that arrive while somebody walks neither repeat nor hide any', async () => {
  const before = await walk('/api/v1/referrals');
  let number = 50;
  const seen = await walk('/api/v1/referrals', () => addReferral((number += 1)));
  expect(seen).toEqual(before);
});

test('filters narrow a list', async () => {
  const states = async (path: string): Promise<string[]> => (await walk(path)).sort();
  expect(await states('/api/v1/referrals?status=approved')).toEqual([seed.referralId]);
  expect(await states('/api/v1/entries?state=review')).toEqual([seed.entryId]);
  expect(await states('/api/v1/entries?referralId=ref_03')).toEqual(['ent_03']);
  expect(await states(`/api/v1/entries?programId=prg_elsewhere`)).toEqual([]);
  expect(await states('/api/v1/rewards?state=pending')).toEqual([seed.rewardId]);
  expect(await states('/api/v1/rewards?referralId=ref_04')).toEqual(['rwd_04']);
});

test.each([
  'nonsense',
  Buffer.from('["x"]').toString('base64url'),
  Buffer.from('["2026-99-01T00:00:00.000000Z","ref_1"]').toString('base64url'),
  Buffer.from('{"a":1}').toString('base64url'),
])('a cursor that is not ours is a field error: %s', async (cursor) => {
  for (const path of ['/api/v1/referrals', '/api/v1/entries']) {
    const answer = await get(`${path}?cursor=${cursor}`);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ error: { fields: [{ path: 'query.cursor' }] } });
  }
});

test('money is a decimal string with the decimals of its currency', async () => {
  const { items } = (await get('/api/v1/rewards?limit=100')).body as {
    items: { id: string; amount: string; currency: string }[];
  };
  const of = (id: string): unknown[] =>
    items.filter((item) => item.id === id).map(({ amount, currency }) => [amount, currency]);
  expect(of(seed.rewardId)).toEqual([['120.50', 'USD']]);
  expect(of('rwd_04')).toEqual([['100', 'JPY']]);
});
