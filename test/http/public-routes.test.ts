import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedWorkspace, type Seed } from './seed.ts';
import { createWorkspace, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let seed: Seed;

beforeAll(async () => {
  server = await startTestServer();
  await createWorkspace(server.database, 'ws_mine');
  seed = await seedWorkspace(server.database, 'ws_mine', { letter: 'b', account: '111' });
});
afterAll(() => server.close());

test('the front page says what this is and where to install from', async () => {
  const answer = await request(server.app).get('/');
  expect(answer.status).toBe(200);
  expect(answer.text).toContain('href="/hubspot/oauth/install"');
  expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
  expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  expect(answer.headers['strict-transport-security']).toContain('max-age');
  expect(answer.headers['x-powered-by']).toBeUndefined();
});

test('health is about the process, readiness about the database and the queue', async () => {
  expect((await request(server.app).get('/health')).body).toEqual({ status: 'ok' });
  expect((await request(server.app).get('/ready')).body).toEqual({
    status: 'ready',
    checks: { database: 'ok', queue: 'ok' },
  });
  const app = server.appWith({ checkQueue: () => Promise.reject(new Error('no')) });
  expect((await request(app).get('/ready')).status).toBe(503);
  expect((await request(app).get('/health')).status).toBe(200);
});

test('metrics name routes by pattern and no tenant', async () => {
  await request(server.app).get(`/r/${seed.code}`);
  const answer = await request(server.app).get('/metrics');
  expect(answer.headers['content-type']).toContain('text/plain');
  expect(answer.text).toContain('route="/r/:code"');
  expect(answer.text).not.toMatch(/ws_mine|k7m2x9/);
});

function listen(upstream: Server): Promise<string> {
  return new Promise((resolve) => {
    upstream.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`));
  });
}

test('in sandbox mode the workbench answers / and /workbench, streams, and nothing else passes through', async () => {
  const seen: string[] = [];
  const upstream = createServer((incoming, response) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': "script-src 'self'" });
    response.write('<h1>Work');
    incoming.on('data', (chunk: Buffer) => response.write(chunk));
    incoming.on('end', () => response.end('bench</h1>'));
  });
  const app = server.appWith({ workbenchUrl: await listen(upstream) });
  expect((await request(app).get('/')).text).toBe('<h1>Workbench</h1>');
  const posted = await request(app).post('/workbench/deals?x=1').type('text/plain').send('-');
  expect(posted.text).toBe('<h1>Work-bench</h1>');
  expect(posted.headers['content-security-policy']).toBe("script-src 'self'");
  expect((await request(app).get('/workbenches')).status).toBe(404);
  expect((await request(app).get('/health')).body).toEqual({ status: 'ok' });
  expect(seen).toEqual(['GET /', 'POST /workbench/deals?x=1']);
  await new Promise((resolve) => upstream.close(resolve));
  const gone = await request(app).get('/workbench/');
  expect([gone.status, gone.body]).toMatchObject([502, { error: { code: 'workbench_unreachable' } }]);
});
