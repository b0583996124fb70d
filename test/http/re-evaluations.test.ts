import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ReferralUseCases } from '../../backend/src/http/api.ts';
import { startReEvaluation } from '../../backend/src/re-evaluation/start-re-evaluation.ts';
import { steerReEvaluation } from '../../backend/src/re-evaluation/steer-re-evaluation.ts';
import { seedWorkspace, type Seed } from './seed.ts';
import {
  createWorkspace,
  PUBLIC_URL,
  recordingUseCases,
  startTestServer,
  type TestServer,
  type Workspace,
} from './test-server.ts';

let server: TestServer;
let app: TestServer['app'];
let mine: Workspace;
let seed: Seed;
let foreign: Seed;
let other: Workspace;

beforeAll(async () => {
  server = await startTestServer();
  app = server.appWith({ useCases: useCases() });
  mine = await createWorkspace(server.database, 'ws_mine');
  seed = await seedWorkspace(server.database, 'ws_mine', { letter: 'b', account: '111' });
  other = await createWorkspace(server.database, 'ws_other');
  foreign = await seedWorkspace(server.database, 'ws_other', { letter: 'c', account: '222' });
});
afterAll(() => server.close());
beforeEach(() =>
  server.database.inWorkspace('ws_mine', (tx) =>
    tx('re_evaluations').whereNot({ state: 'cancelled' }).update({ state: 'cancelled', due_at: null }),
  ),
);

/** The real ones; the work that follows is left out. */
function useCases(): ReferralUseCases {
  const { database, clock } = server;
  const deps = { database, clock, publicUrl: PUBLIC_URL, wake: () => {} };
  return {
    ...recordingUseCases([]),
    startReEvaluation: (workspaceId, actor, input) => startReEvaluation(deps, { workspaceId, actor }, input),
    steerReEvaluation: (workspaceId, actor, input) => steerReEvaluation(deps, { workspaceId, actor }, input),
  };
}

function post(path: string, body?: object, { workspace = mine, key }: { workspace?: Workspace; key?: string } = {}) {
  const call = request(app).post(`/api/v1${path}`).set('Authorization', workspace.authorization);
  if (key) void call.set('Idempotency-Key', key);
  return body === undefined ? call : call.send(body);
}
const start = (options?: { key?: string }) => post(`/programs/${seed.programId}/re-evaluations`, {}, options);
const get = (id: string) => request(app).get(`/api/v1/re-evaluations/${id}`).set('Authorization', mine.authorization);

async function started(): Promise<string> {
  return ((await start()).body as { id: string }).id;
}
async function move(id: string, to: object): Promise<void> {
  await server.database.inWorkspace('ws_mine', (tx) => tx('re_evaluations').where({ id }).update(to));
}
function refusal(answer: request.Response): [number, string] {
  const { error } = answer.body as { error: { code: string; remedy: string } };
  expect(error.remedy).toMatch(/\.$/);
  return [answer.status, error.code];
}

describe('starting', () => {
  test('previews the published version and changes nothing (E29)', async () => {
    const answer = await start();
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      programId: seed.programId,
      version: 1,
      state: 'previewing',
      applied: null,
      sample: [],
      requestedBy: `api_key:${mine.apiKeyId}`,
    });
    expect((await get((answer.body as { id: string }).id)).body).toEqual(answer.body);
  });

  test('again while one is live is refused, with its id', async () => {
    const id = await started();
    const refused = await start();
    expect(refusal(refused)).toEqual([409, 're_evaluation_live']);
    expect((refused.body as { error: { reEvaluationId: string } }).error.reEvaluationId).toBe(id);
  });

  test('twice at once starts one', async () => {
    const answers = await Promise.all([start(), start(), start()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  test('with the same key is the same one, also when the first answer was lost', async () => {
    const first = await start({ key: 'once' });
    await server.database.inWorkspace('ws_mine', (tx) => tx('idempotency_keys').delete());
    const second = await start({ key: 'once' });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
  });

  test('of a draft, or without a connected account, is refused', async () => {
    const program = { name: 'Draft', rules: [{ status: 'approved', object: 'contact', field: 'a', values: ['b'] }] };
    const { id } = (await post('/programs', program)).body as { id: string };
    expect(refusal(await post(`/programs/${id}/re-evaluations`, {}))).toEqual([409, 'program_not_published']);
    const setStatus = (status: string) =>
      server.database.inWorkspace('ws_mine', (tx) =>
        tx('connections').where({ id: seed.connectionId }).update({ status }),
      );
    await setStatus('needs_reauthorization');
    expect(refusal(await start())).toEqual([409, 're_evaluation_without_connection']);
    await setStatus('connected');
  });
});

describe('steering', () => {
  test.each(['reading', 'previewing'])('applies nothing while it is %s', async (state) => {
    const id = await started();
    await move(id, { state });
    expect(refusal(await post(`/re-evaluations/${id}/apply`))).toEqual([409, 're_evaluation_state_refused']);
  });

  test('applies what is previewed, and applying it again changes nothing', async () => {
    const id = await started();
    await move(id, { state: 'previewed', due_at: null, after_id: 'ref_z' });
    const applied = await post(`/re-evaluations/${id}/apply`);
    expect(applied.body).toMatchObject({ state: 'applying', appliedBy: `api_key:${mine.apiKeyId}` });
    expect((await post(`/re-evaluations/${id}/apply`)).body).toEqual(applied.body);
    await move(id, { state: 'done', due_at: null });
    expect((await post(`/re-evaluations/${id}/apply`)).body).toMatchObject({ state: 'done' });
    expect(refusal(await post(`/re-evaluations/${id}/cancel`))).toEqual([409, 're_evaluation_state_refused']);
  });

  test('does not apply the preview of a version that is not the published one any more', async () => {
    const id = await started();
    await move(id, { state: 'previewed', version: 7, due_at: null });
    expect(refusal(await post(`/re-evaluations/${id}/apply`))).toEqual([409, 're_evaluation_outdated']);
  });

  test.each(['reading', 'previewing', 'previewed', 'applying'])(
    'cancels what is %s, once and for all',
    async (state) => {
      const id = await started();
      await move(id, { state });
      expect((await post(`/re-evaluations/${id}/cancel`)).body).toMatchObject({ state: 'cancelled' });
      expect((await post(`/re-evaluations/${id}/cancel`)).status).toBe(200);
      expect(refusal(await post(`/re-evaluations/${id}/apply`))).toEqual([409, 're_evaluation_state_refused']);
      expect((await start()).status).toBe(201);
    },
  );
});

describe('bad input', () => {
  test.each([
    ['no body at all', undefined],
    ['a field nobody knows', { version: 2 }],
    ['a list', []],
  ])('%s does not start one', async (_what, body) => {
    const answer = await post(`/programs/${seed.programId}/re-evaluations`, body);
    expect([400, 422]).toContain(answer.status);
  });

  test('ids of another shape, of nobody and of somebody else are no ids', async () => {
    const theirs = (await post(`/programs/${foreign.programId}/re-evaluations`, {}, { workspace: other })).body as {
      id: string;
    };
    for (const id of [theirs.id, 'rev_nobody']) {
      expect(refusal(await get(id))).toEqual([404, 're_evaluation_not_found']);
      expect(refusal(await post(`/re-evaluations/${id}/apply`))).toEqual([404, 're_evaluation_not_found']);
      expect(refusal(await post(`/re-evaluations/${id}/cancel`))).toEqual([404, 're_evaluation_not_found']);
    }
    expect((await get('enr_a')).status).toBe(422);
    expect(refusal(await post(`/programs/${foreign.programId}/re-evaluations`, {}))).toEqual([
      404,
      'program_not_found',
    ]);
  });
});
