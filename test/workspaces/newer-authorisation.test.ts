import { afterAll, beforeAll, expect, test } from 'vitest';
import { CrmAuthorizationRevoked } from '../../backend/src/crm/errors.ts';
import type { CrmPort } from '../../backend/src/crm/port.ts';
import { openPool, type Database } from '../../backend/src/db/database.ts';
import { processConnection, type ProcessDeps } from '../../backend/src/jobs/process-connection.ts';
import { createLogger } from '../../backend/src/observability/logger.ts';
import { saveConnection } from '../../backend/src/workspaces/install-store.ts';
import { createWorkspace } from '../../backend/src/workspaces/workspaces-store.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

const NOW_MS = Date.parse('2026-11-02T09:00:00.000Z');
const WORKSPACE = 'ws_1';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openPool({ url: testDatabase.appUrl, maxConnections: 2 });
  const now = new Date(NOW_MS);
  await database.inWorkspace(WORKSPACE, (tx) =>
    createWorkspace(tx, { id: WORKSPACE, name: 'Acme', currency: 'EUR', now }),
  );
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

function connect(connectionId: string, atMs: number): Promise<void> {
  const now = new Date(atMs);
  const account = { workspaceId: WORKSPACE, connectionId, crm: 'salesforce', externalAccountId: connectionId } as const;
  return database.inWorkspace(WORKSPACE, (tx) =>
    saveConnection(tx, { ...account, sealedTokens: 'x', obtainedAt: now, expiresAt: now, scopes: [], now }),
  );
}

/** The connection's status after its CRM refused the authorisation, while `meanwhile` happened. */
async function statusAfterRefusal(connectionId: string, meanwhile: () => Promise<void>): Promise<string> {
  await connect(connectionId, NOW_MS);
  const refuse = async (): Promise<never> => {
    await meanwhile();
    throw new CrmAuthorizationRevoked('The authorisation was ended.');
  };
  const deps: ProcessDeps = {
    database,
    clock: { now: () => NOW_MS + 2_000 },
    logger: createLogger({ level: 'silent' }),
    publicUrl: 'https://example.com',
    ports: { salesforce: { crm: 'salesforce', readAccount: refuse } as unknown as CrmPort },
    callLimits: { salesforce: { calls: 100, windowMs: 10_000 } },
    counters: { decided: () => undefined, deadLettered: () => undefined, writtenBack: () => undefined },
    enrolmentCheckMs: 60_000,
  };
  await processConnection(deps, { workspaceId: WORKSPACE, connectionId });
  const row = await database.inWorkspace(WORKSPACE, (tx) =>
    tx<{ id: string; status: string }>('connections').where({ id: connectionId }).first(),
  );
  return row?.status ?? 'not there';
}

test('a refused authorisation asks for a new one (RR-09)', async () => {
  expect(await statusAfterRefusal('con_old', () => Promise.resolve())).toBe('needs_reauthorization');
});

test('somebody who connected again while the old authorisation was refused need not do it a second time (RR-09)', async () => {
  expect(await statusAfterRefusal('con_new', () => connect('con_new', NOW_MS + 1_000))).toBe('connected');
});
