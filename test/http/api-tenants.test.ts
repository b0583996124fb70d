import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEnrolment, type EnrolmentDeps } from '../../backend/src/enrolment/start-enrolment.ts';
import { steerEnrolment } from '../../backend/src/enrolment/steer-enrolment.ts';
import type { EnrolmentUseCases, ReEvaluationUseCases } from '../../backend/src/http/api.ts';
import { openApiDocument } from '../../backend/src/http/openapi.ts';
import { operationsOf, type OpenApiOperation } from '../../backend/src/http/openapi/document.ts';
import { startReEvaluation } from '../../backend/src/re-evaluation/start-re-evaluation.ts';
import { steerReEvaluation } from '../../backend/src/re-evaluation/steer-re-evaluation.ts';
import { liveConnections } from '../../backend/src/workspaces/connections-store.ts';
import { seedWorkspace, type Seed } from './seed.ts';
import {
  createWorkspace,
  PUBLIC_URL,
  recordingUseCases,
  startTestServer,
  type TestServer,
  type Workspace,
} from './test-server.ts';

type Listed = {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  readonly operation: OpenApiOperation;
};

const api = operationsOf(openApiDocument(PUBLIC_URL)).filter(({ path }) => path.startsWith('/api/v1/')) as Listed[];

/** What each operation answers its owner on the seeded workspace. An operation that is missing here fails. */
const EXPECTED: Readonly<Record<string, number>> = {
  listConnections: 200,
  deleteConnection: 200,
  createJoinLink: 201,
  // No org was connected.
  useSalesforceCertificate: 409,
  // No CRM is running here.
  listCrmFields: 503,
  listCrmPipelines: 503,
  listCrmLists: 503,
  listCrmOwners: 503,
  listCrmContactRoles: 503,
  listPrograms: 200,
  createProgram: 201,
  getProgram: 200,
  saveProgram: 200,
  publishProgram: 503,
  startReEvaluation: 201,
  getReEvaluation: 200,
  applyReEvaluation: 200,
  // One that is done cannot be cancelled.
  cancelReEvaluation: 409,
  startEnrolment: 201,
  listEnrolments: 200,
  getEnrolment: 200,
  saveEnrolment: 200,
  pauseEnrolment: 200,
  resumeEnrolment: 200,
  cancelEnrolment: 200,
  createReferral: 201,
  createAdvocate: 201,
  createEvent: 201,
  listReferrals: 200,
  getReferral: 200,
  decideReferral: 200,
  getAdvocate: 200,
  listEntries: 200,
  getEntry: 200,
  retryEntry: 200,
  approveEntry: 200,
  rejectEntry: 200,
  listRewards: 200,
  approveReward: 200,
  listDeadLetters: 200,
  replayDeadLetter: 202,
};

let server: TestServer;
let app: TestServer['app'];
let mine: Workspace;
let seed: Seed;
let foreign: Seed;

beforeAll(async () => {
  server = await startTestServer();
  app = server.appWith({ useCases: { ...recordingUseCases(server.calls), ...enrolments() } });
  mine = await createWorkspace(server.database, 'ws_mine');
  seed = await seedWorkspace(server.database, 'ws_mine', { letter: 'b', account: '111' });
  await createWorkspace(server.database, 'ws_other');
  foreign = await seedWorkspace(server.database, 'ws_other', { letter: 'c', account: '222' });
});
afterAll(() => server.close());

/** The real ones: whose program and whose enrolment it is, is theirs to ask. */
function enrolments(): EnrolmentUseCases & ReEvaluationUseCases {
  const { database, clock } = server;
  const deps: EnrolmentDeps = {
    database,
    clock,
    wake: () => undefined,
    liveConnections: (workspaceId) => database.inWorkspace(workspaceId, (tx) => liveConnections(tx, workspaceId)),
    ports: {
      hubspot: {
        findLists: (_account, { listIds }) =>
          Promise.resolve(listIds.map((id) => ({ id, name: 'Customers', kind: 'active', size: 3 }))),
      },
    },
  };
  return {
    startEnrolment: (workspaceId, actor, input) => startEnrolment(deps, { workspaceId, actor }, input),
    steerEnrolment: (workspaceId, actor, input) => steerEnrolment(deps, { workspaceId, actor }, input),
    startReEvaluation: (workspaceId, actor, input) => startReEvaluation(deps, { workspaceId, actor }, input),
    steerReEvaluation: (workspaceId, actor, input) => steerReEvaluation(deps, { workspaceId, actor }, input),
  };
}

function call({ method, path, operation }: Listed, ids: Seed): request.Test {
  const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(ids[name as keyof Seed]));
  const sent = request(app)[method](filled);
  const example = operation.requestBody?.content['application/json']?.example;
  return example === undefined ? sent : sent.send(example as object);
}

test('every operation of the API has an expectation here, and no expectation is left over', () => {
  expect(api.map(({ operation }) => operation.operationId).sort()).toEqual(Object.keys(EXPECTED).sort());
});

describe.each(api)('$method $path', (listed) => {
  const { operation } = listed;

  test('answers 401 without a key, with a malformed key and with an unknown one', async () => {
    const keys = [undefined, 'Basic abc', 'Bearer pk_short', `Bearer pk_${'x'.repeat(40)}`];
    for (const key of keys) {
      const sent = call(listed, seed);
      const answer = await (key === undefined ? sent : sent.set('Authorization', key));
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual({
        error: {
          code: 'api_key_refused',
          message: expect.any(String) as string,
          remedy: expect.any(String) as string,
          requestId: answer.headers['x-request-id'] as string,
        },
      });
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
    expect(server.calls).toEqual([]);
  });

  test('answers its owner as its contract says', async () => {
    const answer = await call(listed, seed).set('Authorization', mine.authorization);
    const expected = EXPECTED[operation.operationId];
    expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({ status: expected });
    expect(Object.keys(operation.responses)).toContain(String(answer.status));
    server.calls.length = 0;
  });
});

const takes = (place: string) => (listed: Listed) =>
  listed.operation.parameters.some((parameter) => parameter.in === place);

describe.each(api.filter(takes('path')))('$method $path', (listed) => {
  test('answers 404 to the id of another workspace, and does nothing', async () => {
    const answer = await call(listed, foreign).set('Authorization', mine.authorization);
    expect(answer.status).toBe(404);
    expect((answer.body as { error: { code: string } }).error.code).toMatch(
      /^(not_found|program_not_found|enrolment_not_found|re_evaluation_not_found)$/,
    );
    expect(server.calls).toEqual([]);
  });

  test('refuses an id of another shape', async () => {
    const answer = await request(app)
      [listed.method](listed.path.replace(/\{\w+\}/, 'a%20b'))
      .set('Authorization', mine.authorization);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ error: { code: 'request_invalid' } });
  });
});

describe.each(api.filter(takes('query')))('$method $path', (listed) => {
  test('refuses a query it does not know', async () => {
    const answer = await call(listed, seed)
      .query({ surprise: '1', limit: '101' })
      .set('Authorization', mine.authorization);
    expect(answer.status).toBe(422);
    const { fields } = (answer.body as { error: { fields: { path: string }[] } }).error;
    expect(fields.map(({ path }) => path).sort()).toEqual(['query.limit', 'query.surprise']);
  });
});

describe.each(api.filter(({ operation }) => operation.requestBody))('$method $path', (listed) => {
  test('refuses a body with a field it does not know', async () => {
    const answer = await call(listed, seed).send({ surprise: 1 }).set('Authorization', mine.authorization);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ error: { code: 'request_invalid' } });
    expect(server.calls).toEqual([]);
  });
});
