import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, NOW, type TestServer } from '../http/test-server.ts';

const project = resolve(import.meta.dirname, '../..');
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  const at = new Date(NOW);
  await server.database.inWorkspace('ws_acme', async (tx) => {
    await tx('workspaces').insert({ id: 'ws_acme', name: 'Acme', created_at: at });
    const row = { workspace_id: 'ws_acme', status: 'connected', connected_at: at, created_at: at };
    await tx('connections').insert({ ...row, id: 'con_h', crm: 'hubspot', external_account_id: '4711' });
    await tx('connections').insert({ ...row, id: 'con_s', crm: 'salesforce', external_account_id: '00D000000000001' });
  });
});
afterAll(() => server.close());

type Outcome = { code: number; stdout: string; stderr: string };

async function apiKey(...args: string[]): Promise<Outcome> {
  const env = { PATH: process.env['PATH'] ?? '', DATABASE_URL: server.testDatabase.appUrl };
  try {
    const done = await promisify(execFile)(process.execPath, [join(project, 'scripts/api-key.ts'), ...args], { env });
    return { code: 0, ...done };
  } catch (error) {
    const { code, stdout, stderr } = error as Outcome;
    return { code, stdout, stderr };
  }
}

test.each([
  ['--portal', '4711'],
  ['--org', '00D000000000001'],
  ['--workspace', 'ws_acme'],
])('%s makes a key that works, on the last line, and only its hash is stored', async (option, id) => {
  const { code, stdout } = await apiKey(option, id);
  expect(code).toBe(0);
  const key = stdout.trimEnd().split('\n').at(-1) ?? '';
  expect(key).toMatch(/^pk_[0-9A-Za-z]{40}$/);
  const answer = await request(server.app).get('/api/v1/connections').set('Authorization', `Bearer ${key}`);
  expect((answer.body as { items: unknown[] }).items).toHaveLength(2);
  const rows = await server.database.inWorkspace('ws_acme', (tx) => tx('api_keys').select('*'));
  expect(JSON.stringify(rows)).not.toContain(key.slice(3));
});

test.each([
  [['--portal', '999'], 'No HubSpot portal 999 was ever connected.'],
  [['--workspace', 'ws_none'], 'There is no workspace ws_none.'],
  [[], 'Nothing says which workspace the key is for.'],
  [['--portal', '4711', '--workspace', 'ws_acme'], 'Name one of portal, workspace, not several.'],
  [['--prtal', '4711'], '--prtal'],
])('%j is refused in plain words', async (args, message) => {
  const { code, stdout, stderr } = await apiKey(...args);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/\n\s+at /);
});
