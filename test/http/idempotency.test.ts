import pg from 'pg';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CrmUnavailable } from '../../backend/src/crm/errors.ts';
import { NotFound } from '../../backend/src/http/http-errors.ts';
import { seedWorkspace, type Seed } from './seed.ts';
import { createWorkspace, recordingUseCases, startTestServer, type TestServer, type Workspace } from './test-server.ts';

let server: TestServer;
let mine: Workspace;
let other: Workspace;
let seed: Seed;
const FRIEND = { code: 'k7m2x9qdwtb', email: 'dana@example.com' };
const HOUR_MS = 3_600_000;

beforeAll(async () => {
  server = await startTestServer();
  mine = await createWorkspace(server.database, 'ws_mine');
  other = await createWorkspace(server.database, 'ws_other');
  seed = await seedWorkspace(server.database, 'ws_mine', { letter: 'b', account: '111' });
});
afterAll(() => server.close());
beforeEach(() => {
  server.calls.length = 0;
});

function refer(key: string, body: object = FRIEND, app = server.app): request.Test {
  return request(app)
    .post(`/api/v1/programs/${seed.programId}/referrals`)
    .set('Authorization', mine.authorization)
    .set('Idempotency-Key', key)
    .send(body);
}

test('the same key and request runs once and is answered twice (SG-09)', async () => {
  const first = await refer('key-1');
  const second = await refer('key-1', { email: FRIEND.email, code: FRIEND.code });
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.body).toEqual(first.body);
  expect([first.headers['idempotent-replayed'], second.headers['idempotent-replayed']]).toEqual([undefined, 'true']);
  expect(server.calls).toHaveLength(1);
});

test('the same key with another body is refused with 409 (SG-09)', async () => {
  await refer('key-2');
  const answer = await refer('key-2', { ...FRIEND, email: 'else@example.com' });
  expect(answer.status).toBe(409);
  expect(answer.body).toMatchObject({ error: { code: 'idempotency_key_reused' } });
  expect(server.calls).toHaveLength(1);
});

test('the same key with the same body at another address is refused with 409 (SG-09)', async () => {
  const act = (path: string): request.Test =>
    request(server.app).post(path).set('Authorization', mine.authorization).set('Idempotency-Key', 'key-2b');
  expect((await act(`/api/v1/rewards/${seed.rewardId}/approve`)).status).toBe(200);
  const answer = await act(`/api/v1/entries/${seed.entryId}/retry`);
  expect(answer.status).toBe(409);
  expect(answer.body).toMatchObject({ error: { code: 'idempotency_key_reused' } });
  expect(server.calls.map(([name]) => name)).toEqual(['approveReward']);
});

test('an answer that is a secret itself is not kept: the same key makes another link', async () => {
  const ask = (): request.Test =>
    request(server.app)
      .post('/api/v1/connections/join-links')
      .set('Authorization', mine.authorization)
      .set('Idempotency-Key', 'key-2c')
      .send({ crm: 'salesforce' });
  const answers = [await ask(), await ask()];
  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  expect(answers.map(({ headers }) => headers['idempotent-replayed'])).toEqual([undefined, undefined]);
  expect(server.calls.map(([name]) => name)).toEqual(['makeJoinLink', 'makeJoinLink']);
  expect(await claimed('key-2c')).toBe(false);
});

test('two workspaces may use the same key', async () => {
  await refer('key-3');
  const answer = await request(server.app)
    .post('/api/v1/programs')
    .set('Authorization', other.authorization)
    .set('Idempotency-Key', 'key-3')
    .send({ name: 'Mine', landingUrl: 'https://example.com' });
  expect(answer.status).toBe(201);
});

test('of many at once with one key, one runs and all get its answer (SG-09)', async () => {
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const calls: unknown[][] = [];
  const useCases = recordingUseCases(calls);
  const app = server.appWith({
    useCases: { ...useCases, recordReferral: (...args) => gate.then(() => useCases.recordReferral(...args)) },
  });
  const sent = Promise.all(Array.from({ length: 6 }, () => refer('key-4', FRIEND, app)));
  setTimeout(release, 200);
  const answers = await sent;
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 201]);
  expect(calls).toHaveLength(1);
});

test('a second request is told to come back when the first takes too long', async () => {
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const useCases = recordingUseCases([]);
  const app = server.appWith({
    useCases: { ...useCases, recordReferral: (...args) => gate.then(() => useCases.recordReferral(...args)) },
  });
  const first = refer('key-5', FRIEND, app).then((answer) => answer);
  await expect.poll(() => claimed('key-5')).toBe(true);
  const second = await refer('key-5', FRIEND, app);
  expect(second.status).toBe(409);
  expect(second.body).toMatchObject({ error: { code: 'idempotency_key_busy' } });
  expect(second.headers['retry-after']).toBe('2');
  release();
  expect((await first).status).toBe(201);
});

async function claimed(key: string): Promise<boolean> {
  return server.database.inWorkspace(
    'ws_mine',
    async (tx) => (await tx('idempotency_keys').where({ key }).first('key')) !== undefined,
  );
}

test('a claim left behind by a crash does not block the key for ever', async () => {
  await refer('key-6');
  await server.database.inWorkspace('ws_mine', (tx) =>
    tx('idempotency_keys').where({ key: 'key-6' }).update({ response_status: null, response_body: null }),
  );
  server.clock.moveMs(121_000);
  const answer = await refer('key-6');
  expect(answer.status).toBe(201);
  expect(server.calls).toHaveLength(2);
});

test('a program is made once, also when its answer was lost between the commit and the keeping (SG-09)', async () => {
  const create = (body: object): request.Test =>
    request(server.app)
      .post('/api/v1/programs')
      .set('Authorization', mine.authorization)
      .set('Idempotency-Key', 'key-6b')
      .send(body);
  const owner = new pg.Client({ connectionString: server.testDatabase.ownerUrl });
  await owner.connect();
  try {
    await owner.query(`
      create function lose() returns trigger language plpgsql as $$ begin raise exception 'lost'; end $$;
      create trigger lose before update on idempotency_keys for each row when (new.response_status is not null)
        execute function lose()`);
    const draft = { name: 'Made once' };
    const first = await create(draft);
    expect(first.status).toBe(201);
    expect((await create(draft)).status).toBe(409);
    await owner.query('drop trigger lose on idempotency_keys');
    server.clock.moveMs(121_000);
    const again = await create(draft);
    expect([again.status, again.headers['idempotent-replayed']]).toEqual([201, undefined]);
    expect(again.body).toEqual(first.body);
    const { rows } = await owner.query(
      `select (select count(*) from programs where draft ->> 'name' = 'Made once')::int as programs,
              (select count(*) from audit_log where action = 'program.created' and subject = $1)::int as audited`,
      [(first.body as { id: string }).id],
    );
    expect(rows).toEqual([{ programs: 1, audited: 1 }]);
  } finally {
    await owner.end();
  }
});

test('a key that was forgotten makes another program of another request', async () => {
  const create = (name: string): request.Test =>
    request(server.app)
      .post('/api/v1/programs')
      .set('Authorization', mine.authorization)
      .set('Idempotency-Key', 'key-6c')
      .send({ name });
  const first = await create('Before');
  server.clock.moveMs(49 * HOUR_MS);
  const second = await create('After');
  expect([first.status, second.status]).toEqual([201, 201]);
  expect((second.body as { id: string }).id).not.toBe((first.body as { id: string }).id);
});

test('a refusal is an answer like any other: it is given again', async () => {
  let runs = 0;
  const app = server.appWith({
    useCases: {
      ...recordingUseCases([]),
      recordReferral: () => Promise.reject(new NotFound('advocate', `run ${(runs += 1)}`)),
    },
  });
  const first = await refer('key-7', FRIEND, app);
  const second = await refer('key-7', FRIEND, app);
  expect([first.status, second.status, runs]).toEqual([404, 404, 1]);
  expect(second.body).toEqual(first.body);
});

test('a failure that trying again may cure frees the key', async () => {
  const failing = server.appWith({
    useCases: {
      ...recordingUseCases([]),
      recordReferral: () => Promise.reject(new CrmUnavailable('HubSpot is away.')),
    },
  });
  expect((await refer('key-8', FRIEND, failing)).status).toBe(503);
  expect((await refer('key-8')).status).toBe(201);
});

test('a key is remembered for a day and forgotten after two', async () => {
  await refer('key-9');
  server.clock.moveMs(24 * HOUR_MS);
  expect((await refer('key-9')).headers['idempotent-replayed']).toBe('true');
  server.clock.moveMs(25 * HOUR_MS);
  expect((await refer('key-9', { ...FRIEND, email: 'new@example.com' })).status).toBe(201);
  expect(server.calls).toHaveLength(2);
});

test('a key that is not plain text is refused', async () => {
  const answer = await refer('with space');
  expect(answer.status).toBe(422);
  expect(answer.body).toMatchObject({ error: { fields: [{ path: 'header.Idempotency-Key' }] } });
});
