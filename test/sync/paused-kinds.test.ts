import { afterAll, beforeAll, expect, test } from 'vitest';
import { CrmRateLimited } from '../../backend/src/crm/errors.ts';
import type { CallKind, CrmPort } from '../../backend/src/crm/port.ts';
import { openPool, type Database } from '../../backend/src/db/database.ts';
import { processConnection, type ProcessDeps } from '../../backend/src/jobs/process-connection.ts';
import { createLogger } from '../../backend/src/observability/logger.ts';
import { saveConnection } from '../../backend/src/workspaces/install-store.ts';
import { createWorkspace } from '../../backend/src/workspaces/workspaces-store.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

const NOW_MS = Date.parse('2026-11-02T09:00:00.000Z');
const AGAIN_AT_MS = NOW_MS + 900_000;
const ACCOUNT = { workspaceId: 'ws_1', crm: 'salesforce', externalAccountId: '00D000000000001EAA' } as const;

let testDatabase: TestDatabase;
let database: Database;
let connections = 0;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openPool({ url: testDatabase.appUrl, maxConnections: 2 });
  const now = new Date(NOW_MS);
  await database.inWorkspace(ACCOUNT.workspaceId, (tx) =>
    createWorkspace(tx, { id: ACCOUNT.workspaceId, name: 'Acme', currency: 'EUR', now }),
  );
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** Runs the work of a new connection whose CRM has no calls of this kind left, and says which kinds are paused then. */
async function pausedAfter(kind?: CallKind): Promise<Record<string, number>> {
  connections += 1;
  const now = new Date(NOW_MS);
  const connectionId = `con_${String(connections)}`;
  const account = { ...ACCOUNT, connectionId, externalAccountId: `${String(connections)}` };
  const outOfCalls = () => Promise.reject(new CrmRateLimited(AGAIN_AT_MS, kind === undefined ? {} : { kind }));
  const deps: ProcessDeps = {
    database,
    clock: { now: () => NOW_MS },
    logger: createLogger({ level: 'silent' }),
    publicUrl: 'https://example.com',
    ports: { salesforce: { crm: 'salesforce', readAccount: outOfCalls } as unknown as CrmPort },
    callLimits: { salesforce: { calls: 100, windowMs: 10_000 } },
    counters: { decided: () => undefined, deadLettered: () => undefined, writtenBack: () => undefined },
    enrolmentCheckMs: 60_000,
  };
  await database.inWorkspace(ACCOUNT.workspaceId, async (tx) => {
    await saveConnection(tx, { ...account, sealedTokens: 'x', obtainedAt: now, expiresAt: now, scopes: [], now });
    await tx('connections').where({ id: connectionId }).update({ provision_due_at: now });
  });
  expect(await processConnection(deps, account)).toBe(AGAIN_AT_MS);
  const rows = await database.inWorkspace(ACCOUNT.workspaceId, (tx) =>
    tx<{ connection_id: string; kind: string; paused_until: Date }>('budgets').where({ connection_id: connectionId }),
  );
  return Object.fromEntries(rows.map((row) => [row.kind, row.paused_until.getTime()]));
}

test.each(['background', 'search', 'user', 'default'] as const)(
  'when the calls of kind %s are used up, those of no other kind wait',
  async (kind) => {
    expect(await pausedAfter(kind)).toEqual({ [kind]: AGAIN_AT_MS });
  },
);

test('when a CRM does not say which calls are used up, what the work needs waits', async () => {
  expect(await pausedAfter()).toEqual({ default: AGAIN_AT_MS });
});
