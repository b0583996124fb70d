import request from 'supertest';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CrmAuthorizationRevoked, CrmRateLimited } from '../../backend/src/crm/errors.ts';
import { seedWorkspace, type Seed } from './seed.ts';
import {
  createWorkspace,
  NOW,
  PUBLIC_URL,
  recordingUseCases,
  startTestServer,
  type TestServer,
  type Workspace,
} from './test-server.ts';

let server: TestServer;
let mine: Workspace;
let seed: Seed;
let actor: string;

beforeAll(async () => {
  server = await startTestServer();
  mine = await createWorkspace(server.database, 'ws_mine');
  seed = await seedWorkspace(server.database, 'ws_mine', { letter: 'b', account: '111' });
  actor = `api_key:${mine.apiKeyId}`;
});
afterAll(() => server.close());
beforeEach(() => {
  server.calls.length = 0;
});

async function get(path: string): Promise<Record<string, unknown>> {
  const answer = await request(server.app).get(path).set('Authorization', mine.authorization);
  return answer.body as Record<string, unknown>;
}
function post(path: string, app = server.app): request.Test {
  return request(app).post(path).set('Authorization', mine.authorization);
}

test('a referral comes with its history, the trace of its newest decision and its rewards', async () => {
  const referral = await get(`/api/v1/referrals/${seed.referralId}`);
  expect(referral).toMatchObject({
    status: 'approved',
    advocate: { code: seed.code, firstName: 'Ada' },
    friend: { email: 'dana.b@example.com' },
    history: [
      { from: null, to: 'pending' },
      { from: 'pending', to: 'approved', entryId: seed.entryId, programVersion: 1 },
    ],
    lastEntry: { id: seed.entryId, trace: { rules: [{ id: 'rul_won', met: true }] } },
    rewards: [{ id: seed.rewardId, amount: '120.50', currency: 'USD', recipient: { name: 'Ada Advocate' } }],
  });
});

test('an advocate comes with the link and absolute numbers: zeros before the first count', async () => {
  const before = await get(`/api/v1/advocates/${seed.advocateId}`);
  expect(before).toMatchObject({
    link: `${PUBLIC_URL}/r/${seed.code}`,
    metrics: { referred: 0, rewardTotals: [] },
    pausedAt: null,
    visits: 0,
    metricsAt: null,
  });
  const metrics = {
    referred: 3,
    qualified: 2,
    approved: 1,
    rewards: { pending: 1, approved: 1, issued: 0, voided: 0, clawback_proposed: 0 },
    totals: { USD: '12050' },
    pendingTotals: {},
    lastReferralAt: '2026-11-20T10:00:00.000Z',
  };
  await server.database.inWorkspace('ws_mine', (tx) =>
    tx('advocate_metrics').insert({
      advocate_id: seed.advocateId,
      workspace_id: 'ws_mine',
      version: 1,
      metrics,
      updated_at: new Date(NOW),
    }),
  );
  expect(await get(`/api/v1/advocates/${seed.advocateId}`)).toMatchObject({
    metrics: { referred: 3, rewardStatus: 'pending', rewardTotals: [{ amount: '120.50', currency: 'USD' }] },
  });
});

test('recording a referral hands on what was sent, with defaults filled in and the key as actor', async () => {
  const path = `/api/v1/programs/${seed.programId}/referrals`;
  const answer = await post(path).send({ code: ` ${seed.code} `, email: 'dana@example.com' });
  expect(answer.status).toBe(201);
  const input = {
    programId: seed.programId,
    code: seed.code,
    email: 'dana@example.com',
    firstName: null,
    lastName: null,
    phone: null,
    source: 'api',
    externalId: null,
    answers: {},
    consent: null,
  };
  expect(server.calls).toEqual([['recordReferral', 'ws_mine', actor, input]]);
});

test('a friend who is already referred is a 200, not a second referral', async () => {
  const app = server.appWith({
    useCases: {
      ...recordingUseCases([]),
      recordReferral: () =>
        Promise.resolve({
          referralId: seed.referralId,
          advocateId: seed.advocateId,
          status: 'approved',
          created: false,
        }),
    },
  });
  const answer = await post(`/api/v1/programs/${seed.programId}/referrals`, app).send({
    code: seed.code,
    email: 'dana@example.com',
  });
  expect([answer.status, answer.body]).toMatchObject([200, { referralId: seed.referralId, created: false }]);
});

test('an advocate needs an e-mail address or a CRM record', async () => {
  const path = `/api/v1/programs/${seed.programId}/advocates`;
  const answer = await post(path).send({ firstName: 'Ada' });
  expect(answer.status).toBe(422);
  expect(answer.body).toMatchObject({ error: { fields: [{ path: 'email' }] } });
  expect((await post(path).send({ crmRecordId: '501' })).status).toBe(201);
});

test('an entry is retried with edits, or with none when no body is sent', async () => {
  await post(`/api/v1/entries/${seed.entryId}/retry`).send({ edits: { email: 'dana@example.com' } });
  await post(`/api/v1/entries/${seed.entryId}/retry`);
  expect(server.calls).toEqual([
    ['retryEntry', 'ws_mine', actor, { entryId: seed.entryId, edits: { email: 'dana@example.com' } }],
    ['retryEntry', 'ws_mine', actor, { entryId: seed.entryId, edits: {} }],
  ]);
});

test('rewards, connections and dead letters are acted on by id', async () => {
  const del = request(server.app)
    .delete(`/api/v1/connections/${seed.connectionId}`)
    .set('Authorization', mine.authorization);
  expect((await del).body).toMatchObject({ id: seed.connectionId });
  await post(`/api/v1/rewards/${seed.rewardId}/approve`);
  await post(`/api/v1/dead-letters/${seed.deadLetterId}/replay`);
  expect(server.calls).toEqual([
    ['disconnect', 'ws_mine', actor, seed.connectionId],
    ['approveReward', 'ws_mine', actor, seed.rewardId],
    ['replayDeadLetter', 'ws_mine', actor, seed.deadLetterId],
  ]);
});

test('work that is not dead is no dead letter', async () => {
  const answer = await post(`/api/v1/dead-letters/write~${seed.connectionId}~contact~777/replay`);
  expect(answer.status).toBe(404);
});

test('a CRM that has revoked us is told with its own code and remedy', async () => {
  const app = server.appWith({
    useCases: {
      ...recordingUseCases([]),
      enrolAdvocate: () => Promise.reject(new CrmAuthorizationRevoked('The grant is gone.', { entryId: 'ent_1' })),
    },
  });
  const answer = await post(`/api/v1/programs/${seed.programId}/advocates`, app).send({ email: 'ada@example.com' });
  expect(answer.status).toBe(409);
  expect(answer.body).toMatchObject({ error: { code: 'crm_authorization_revoked', entryId: 'ent_1' } });
});

test('a CRM that is out of calls is a 503 that says when to come back', async () => {
  const app = server.appWith({
    useCases: {
      ...recordingUseCases([]),
      enrolAdvocate: () => Promise.reject(new CrmRateLimited(server.clock.now() + 7_200)),
    },
  });
  const answer = await post(`/api/v1/programs/${seed.programId}/advocates`, app).send({ email: 'ada@example.com' });
  expect([answer.status, answer.headers['retry-after']]).toEqual([503, '8']);
  expect(answer.body).toMatchObject({ error: { code: 'crm_rate_limited' } });
});
