import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPool } from '../../backend/src/db/database.ts';
import { createWorkspace, recordingUseCases, startTestServer, type TestServer, type Workspace } from './test-server.ts';

let server: TestServer;
let mine: Workspace;

beforeAll(async () => {
  server = await startTestServer();
  mine = await createWorkspace(server.database, 'ws_mine');
});
afterAll(() => server.close());

type ErrorBody = { error: Record<string, unknown> };

function expectError(answer: request.Response, status: number, code: string): Record<string, unknown> {
  expect({ status: answer.status, code: (answer.body as ErrorBody).error['code'] }).toEqual({ status, code });
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  const { error } = answer.body as ErrorBody;
  expect(error).toMatchObject({ message: expect.any(String) as string, remedy: expect.any(String) as string });
  expect(error['requestId']).toBe(answer.headers['x-request-id']);
  expect(answer.text).not.toMatch(/<html|node_modules|\.ts:\d+/);
  return error;
}

test('an unknown address is a 404 in the one error shape', async () => {
  expectError(await request(server.app).get('/nowhere'), 404, 'route_not_found');
  expectError(await request(server.app).post('/api/v1/nowhere').send('{'), 404, 'route_not_found');
});

test('a wrong method is a 405 that says what is allowed', async () => {
  const answer = await request(server.app).delete('/api/v1/programs');
  expectError(answer, 405, 'method_not_allowed');
  expect(answer.headers['allow']).toBe('GET, HEAD, POST');
  expectError(await request(server.app).get('/hubspot/webhooks'), 405, 'method_not_allowed');
});

test('a body that is not JSON is a 400', async () => {
  const sent = request(server.app).post('/api/v1/programs').set('Authorization', mine.authorization);
  expectError(await sent.set('Content-Type', 'application/json').send('{"name": '), 400, 'body_not_json');
});

test('a body that is too large is a 413', async () => {
  const sent = request(server.app).post('/api/v1/programs').set('Authorization', mine.authorization);
  expectError(await sent.send({ name: 'x'.repeat(300_000) }), 413, 'body_too_large');
});

test('a body that is not declared as JSON is a 415', async () => {
  const sent = request(server.app).post('/api/v1/programs').set('Authorization', mine.authorization);
  expectError(await sent.type('form').send('name=x'), 415, 'media_type_unsupported');
});

test.each(['\\u0000', '\\ud800'])('text that no database can store is a field error: %s', async (character) => {
  const body = `{"name": "a${character}b", "landingUrl": "https://example.com"}`;
  const sent = request(server.app).post('/api/v1/programs').set('Authorization', mine.authorization);
  const error = expectError(await sent.set('Content-Type', 'application/json').send(body), 422, 'request_invalid');
  expect(error['fields']).toMatchObject([{ path: 'name' }]);
});

test('an address that is not well encoded is refused, not a fault', async () => {
  const answer = await request(server.app).get('/api/v1/referrals/%E0%A4%A').set('Authorization', mine.authorization);
  expect(answer.status).toBe(422);
  expectError(answer, 422, 'request_invalid');
});

test('nothing is parsed for a caller without a key', async () => {
  const answer = await request(server.app).post('/api/v1/programs').set('Content-Type', 'application/json').send('{"');
  expectError(answer, 401, 'api_key_refused');
});

test('a fault nobody foresaw is a 500 that tells the log everything and the caller nothing', async () => {
  const useCases = {
    ...recordingUseCases([]),
    disconnect: () => Promise.reject(new Error('secret detail of dana@example.com')),
  };
  await server.database.inWorkspace('ws_mine', (tx) =>
    tx('connections').insert({
      id: 'con_x',
      workspace_id: 'ws_mine',
      crm: 'hubspot',
      external_account_id: '99',
      status: 'connected',
      connected_at: new Date(),
      created_at: new Date(),
    }),
  );
  const app = server.appWith({ useCases });
  const answer = await request(app).delete('/api/v1/connections/con_x').set('Authorization', mine.authorization);
  const error = expectError(answer, 500, 'internal_error');
  expect(answer.text).not.toContain('secret detail');
  const line = server.log.find(({ requestId }) => requestId === error['requestId']);
  expect(JSON.stringify(line)).toContain('secret detail');
});

test('a database that is down is a 503 that says so, on the API and on /ready', async () => {
  const database = openPool({ url: 'postgres://nobody@127.0.0.1:1/none', maxConnections: 1 });
  const app = server.appWith({ database });
  const answer = await request(app).get('/api/v1/programs').set('Authorization', mine.authorization);
  expectError(answer, 503, 'database_unavailable');
  expect(answer.headers['retry-after']).toBe('10');
  const ready = await request(app).get('/ready');
  expect([ready.status, ready.body]).toEqual([
    503,
    { status: 'not_ready', checks: { database: 'failing', queue: 'ok' } },
  ]);
  await database.close();
});

test('a revoked key is refused like an unknown one', async () => {
  const { workspaceId, apiKeyId, authorization } = await createWorkspace(server.database, 'ws_revoked');
  expect((await request(server.app).get('/api/v1/programs').set('Authorization', authorization)).status).toBe(200);
  await server.database.inWorkspace(workspaceId, (tx) =>
    tx('api_keys').where({ id: apiKeyId }).update({ revoked_at: new Date() }),
  );
  const answer = await request(server.app).get('/api/v1/programs').set('Authorization', authorization);
  expectError(answer, 401, 'api_key_refused');
});

test('the request id is ours, whatever the caller sends', async () => {
  const answer = await request(server.app).get('/health').set('X-Request-Id', 'forged');
  expect(answer.headers['x-request-id']).toMatch(/^req_[0-9a-z]{16}$/);
});

test('the access log names the route and never an id, a code or a query', async () => {
  server.log.length = 0;
  await request(server.app).get('/r/k7m2x9qdwtz?email=dana@example.com');
  await expect.poll(() => server.log.length).toBe(1);
  expect(server.log[0]).toMatchObject({ method: 'GET', route: '/r/:code', status: 404 });
  expect(JSON.stringify(server.log)).not.toMatch(/k7m2x9qdwtz|dana/);
});
