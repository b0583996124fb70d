import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApiDocument } from '../../backend/src/http/openapi.ts';
import { seedWorkspace, type Seed } from './seed.ts';
import { createWorkspace, PUBLIC_URL, startTestServer, type TestServer, type Workspace } from './test-server.ts';

type Operation = {
  operationId: string;
  parameters: { name: string; in: string }[];
  requestBody?: { content: { 'application/json': { example: unknown } } };
  responses: Record<string, unknown>;
};
type Listed = { method: 'get' | 'post' | 'put' | 'delete'; path: string; operation: Operation };

const paths = openApiDocument(PUBLIC_URL)['paths'] as Record<string, Record<string, Operation>>;
const api: Listed[] = Object.entries(paths)
  .filter(([path]) => path.startsWith('/api/v1/'))
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method as Listed['method'], path, operation })),
  );

/** What each operation answers its owner on the seeded workspace. An operation that is missing here fails. */
const EXPECTED: Readonly<Record<string, number>> = {
  listConnections: 200,
  deleteConnection: 200,
  listPrograms: 200,
  createProgram: 201,
  getProgram: 200,
  saveProgram: 200,
  publishProgram: 503,
  createReferral: 201,
  createAdvocate: 201,
  listReferrals: 200,
  getReferral: 200,
  getAdvocate: 200,
  listEntries: 200,
  getEntry: 200,
  retryEntry: 200,
  listRewards: 200,
  approveReward: 200,
  listDeadLetters: 200,
  replayDeadLetter: 202,
};

let server: TestServer;
let mine: Workspace;
let seed: Seed;
let foreign: Seed;

beforeAll(async () => {
  server = await startTestServer();
  mine = await createWorkspace(server.database, 'ws_mine');
  seed = await seedWorkspace(server.database, 'ws_mine', { letter: 'b', account: '111' });
  await createWorkspace(server.database, 'ws_other');
  foreign = await seedWorkspace(server.database, 'ws_other', { letter: 'c', account: '222' });
});
afterAll(() => server.close());

function call({ method, path, operation }: Listed, ids: Seed): request.Test {
  const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(ids[name as keyof Seed]));
  const sent = request(server.app)[method](filled);
  const example = operation.requestBody?.content['application/json'].example;
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
    expect((answer.body as { error: { code: string } }).error.code).toMatch(/^(not_found|program_not_found)$/);
    expect(server.calls).toEqual([]);
  });

  test('refuses an id of another shape', async () => {
    const answer = await request(server.app)
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
