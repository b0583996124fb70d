import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CrmAuthorizationRevoked, CrmRateLimited, CrmUnavailable } from '../../backend/src/crm/errors.ts';
import type { FieldDescription } from '../../backend/src/crm/port.ts';
import type { ChoiceReader } from '../../backend/src/http/routes/crm-choices.ts';
import { seedWorkspace, type Seed } from './seed.ts';
import { createWorkspace, NOW, startTestServer, type TestServer, type Workspace } from './test-server.ts';

let server: TestServer;
let mine: Workspace;
let seed: Seed;
let foreign: Seed;

/** What the account holds now, and what was asked of it. */
const crm: { fail: Error | null; asked: unknown[][]; fields: FieldDescription[]; lists: number; silent: boolean } = {
  fail: null,
  asked: [],
  fields: [],
  lists: 1,
  silent: false,
};

function answer<T>(value: T, ...asked: unknown[]): Promise<T> {
  crm.asked.push(asked);
  if (crm.silent) return new Promise(() => undefined);
  return crm.fail ? Promise.reject(crm.fail) : Promise.resolve(value);
}

const reader: ChoiceReader = {
  readFields: ({ connectionId }, objectType) => answer(crm.fields, 'fields', connectionId, objectType),
  readPipelines: ({ connectionId }) =>
    answer(
      [
        {
          id: 'default',
          label: 'Sales',
          stages: [{ id: 'closedwon', label: 'Closed won', order: 5, won: true, lost: false }],
        },
      ],
      'pipelines',
      connectionId,
    ),
  findLists: ({ connectionId }, input) =>
    answer(
      Array.from({ length: crm.lists }, (_, at) => ({
        id: String(at),
        name: `List ${at}`,
        kind: 'active' as const,
        size: 3,
      })),
      'lists',
      connectionId,
      input,
    ),
  readContactRoles: ({ connectionId }) =>
    answer([{ id: 'USER_DEFINED:36', label: 'Decision maker' }], 'roles', connectionId),
  readOwners: ({ connectionId }) => answer([{ id: '7', name: 'Olga Owner', email: null }], 'owners', connectionId),
};

beforeAll(async () => {
  server = await startTestServer({ accountReaders: { hubspot: reader }, crmPatienceMs: 50 });
  mine = await createWorkspace(server.database, 'ws_mine');
  seed = await seedWorkspace(server.database, 'ws_mine', { letter: 'b', account: '111' });
  await createWorkspace(server.database, 'ws_other');
  foreign = await seedWorkspace(server.database, 'ws_other', { letter: 'c', account: '222' });
});
afterAll(() => server.close());
beforeEach(() => {
  Object.assign(crm, { fail: null, asked: [], fields: [STAGE, BIRTHDAY], lists: 1, silent: false });
});

const STAGE: FieldDescription = {
  name: 'lifecyclestage',
  label: 'Lifecycle stage',
  type: 'choice',
  options: [{ value: 'customer', label: 'Customer' }],
};
const BIRTHDAY: FieldDescription = { name: 'birthday', label: 'Birthday', type: 'date', options: [] };

function get(what: string, connectionId = seed.connectionId): request.Test {
  return request(server.app)
    .get(`/api/v1/connections/${connectionId}/${what}`)
    .set('Authorization', mine.authorization);
}

function code(answered: request.Response): string {
  return (answered.body as { error: { code: string } }).error.code;
}

describe('what pickers offer', () => {
  test('is read from the CRM at each request, so that asking again is the refresh (RF-16, RF-32)', async () => {
    const first = await get('fields');
    expect(first.body).toEqual({ items: [BIRTHDAY, STAGE], truncated: false });
    crm.fields = [...crm.fields, { name: 'new', label: 'A new one', type: 'text', options: [] }];
    const second = (await get('fields?object=deal')).body as { items: { name: string }[] };
    expect(second.items.map(({ name }) => name)).toEqual(['new', 'birthday', 'lifecyclestage']);
    expect(crm.asked).toEqual([
      ['fields', seed.connectionId, 'contact'],
      ['fields', seed.connectionId, 'deal'],
    ]);
  });

  test('is pipelines with stages, lists by part of their name, and owners (RF-12, RF-29)', async () => {
    expect((await get('pipelines')).body).toMatchObject({
      items: [{ id: 'default', label: 'Sales', stages: [{ id: 'closedwon', won: true }] }],
    });
    expect((await get('lists?query=%20cust%20')).body).toEqual({
      items: [{ id: '0', name: 'List 0', kind: 'active', size: 3 }],
      truncated: false,
    });
    expect((await get('owners')).body).toEqual({
      items: [{ id: '7', name: 'Olga Owner', email: null }],
      truncated: false,
    });
    expect(crm.asked).toContainEqual(['lists', seed.connectionId, { query: 'cust', listIds: [] }]);
  });

  test('is bounded, and says when there is more', async () => {
    const options = Array.from({ length: 1_001 }, (_, at) => ({ value: String(at), label: String(at) }));
    crm.fields = [{ ...STAGE, options }];
    const long = (await get('fields')).body as { items: FieldDescription[]; truncated: boolean };
    expect([long.items[0]?.options.length, long.truncated]).toEqual([1_000, true]);
    crm.fields = Array.from({ length: 2_001 }, (_, at) => ({ ...BIRTHDAY, name: `f${at}` }));
    const many = (await get('fields')).body as { items: FieldDescription[]; truncated: boolean };
    expect([many.items.length, many.truncated]).toEqual([2_000, true]);
    crm.lists = 500;
    expect((await get('lists')).body).toMatchObject({ truncated: true });
  });

  test('is properties of companies and the roles of contacts on deals, too', async () => {
    expect((await get('fields?object=company')).status).toBe(200);
    expect((await get('contact-roles')).body).toEqual({
      items: [{ id: 'USER_DEFINED:36', label: 'Decision maker' }],
      truncated: false,
    });
    expect(crm.asked).toEqual([
      ['fields', seed.connectionId, 'company'],
      ['roles', seed.connectionId],
    ]);
  });

  test('refuses an object without properties and a search for nothing', async () => {
    for (const what of ['fields?object=ticket', 'lists?query=%20', 'fields?query=a', 'lists?object=deal']) {
      const refused = await get(what);
      expect([what, refused.status, code(refused)]).toEqual([what, 422, 'request_invalid']);
    }
    expect(crm.asked).toEqual([]);
  });
});

describe.each(['fields', 'pipelines', 'lists', 'owners', 'contact-roles'])('GET …/%s', (what) => {
  test.each<[string, Error, number, string]>([
    ['down', new CrmUnavailable('HubSpot does not answer.'), 503, 'crm_unavailable'],
    ['out of calls', new CrmRateLimited(NOW + 5_000), 503, 'crm_rate_limited'],
    ['no longer ours to ask', new CrmAuthorizationRevoked('Revoked.'), 409, 'crm_authorization_revoked'],
  ])('with a CRM that is %s says so', async (_what, fail, status, expected) => {
    crm.fail = fail;
    const refused = await get(what);
    expect([refused.status, code(refused)]).toEqual([status, expected]);
    if (status === 503) expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('with a CRM that says nothing gives up in time', async () => {
    crm.silent = true;
    const refused = await get(what);
    expect([refused.status, code(refused)]).toEqual([503, 'crm_unavailable']);
  });

  test.each(['needs_reauthorization', 'disconnected'])('of a connection that is %s asks nobody', async (status) => {
    const move = (to: string) =>
      server.database.inWorkspace('ws_mine', (tx) =>
        tx('connections').where({ id: seed.connectionId }).update({ status: to }),
      );
    await move(status);
    const refused = await get(what);
    await move('connected');
    expect([refused.status, code(refused), crm.asked]).toEqual([409, 'crm_authorization_revoked', []]);
  });

  test('of another workspace answers as if it did not exist, and asks nobody', async () => {
    const refused = await get(what, foreign.connectionId);
    expect([refused.status, code(refused), crm.asked]).toEqual([404, 'not_found', []]);
  });
});
