import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StoredTokens } from '../../backend/src/crm/token-vault.ts';
import { openPool, type Database } from '../../backend/src/db/database.ts';
import { InstallScopesMissing } from '../../backend/src/workspaces/install-errors.ts';
import { createInstall, type InstallDeps } from '../../backend/src/workspaces/install.ts';
import { createJoinSigner } from '../../backend/src/workspaces/join-link.ts';
import { createSeal } from '../../backend/src/workspaces/seal.ts';
import { renewUnusedGrant } from '../../backend/src/workspaces/renew-unused-grant.ts';
import { loadConnection } from '../../backend/src/workspaces/connections-store.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { SECRET_KEY, StageClock } from '../journeys/stage.ts';

const ORG = '00D5g000008kXYZEA2';
const clock = new StageClock();

let testDatabase: TestDatabase;
let database: Database;
let ended: StoredTokens[];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openPool({ url: testDatabase.appUrl });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** Installs with a CRM that grants these scopes. */
async function install(scopes: readonly string[], more: Partial<InstallDeps> = {}) {
  ended = [];
  const tokens: StoredTokens = {
    accessToken: `access-${String(clock.now())}`,
    refreshToken: `refresh-${String(clock.now())}`,
    mode: 'refresh',
    obtainedAtMs: clock.now(),
    expiresAtMs: clock.now() + 86_400_000,
  };
  const crm: InstallDeps['install'] = {
    crm: 'salesforce',
    title: 'Salesforce',
    requiredScopes: ['api', 'refresh_token'],
    beginsElsewhere: false,
    anyoneAuthorizes: true,
    loginUrl: () => null,
    authorizeUrl: ({ state }) => `https://login.salesforce.com/?state=${state}`,
    exchangeCode: () => Promise.resolve({ externalAccountId: ORG, userId: '0055g00000AbCdEAAV', tokens, scopes }),
    endGrant: (given) => {
      ended.push(given);
      return Promise.resolve();
    },
  };
  const { begin, finish } = createInstall({
    database,
    clock,
    seal: createSeal([SECRET_KEY]),
    joins: createJoinSigner([SECRET_KEY]),
    readAccount: () => Promise.reject(new Error('not now')),
    onLate: () => undefined,
    onLeftOver: () => undefined,
    wake: () => undefined,
    install: crm,
    ...more,
  });
  const begun = await begin({ loginUrl: null, join: null });
  const state = new URL(begun.redirectUrl).searchParams.get('state');
  return { tokens, finished: finish({ code: 'c', state, cookies: ['x', begun.cookie], error: null }) };
}

test('an account that grants less than is needed is not connected, and its grant is given back', async () => {
  const { tokens, finished } = await install(['refresh_token']);
  await expect(finished).rejects.toBeInstanceOf(InstallScopesMissing);
  expect(ended).toEqual([tokens]);
});

test('a failure of ours before the commit gives the grant back, and one after it keeps what is in use', async () => {
  const broken = new Error('the database is gone');
  const before = await install(['api', 'refresh_token'], {
    database: { ...database, aloneInWorkspace: () => Promise.reject(broken) },
  });
  await expect(before.finished).rejects.toBe(broken);
  expect(ended).toEqual([before.tokens]);
  const after = await install(['api', 'refresh_token'], {
    database: {
      ...database,
      async aloneInWorkspace(workspaceId, work) {
        await database.aloneInWorkspace(workspaceId, work);
        throw broken;
      },
    },
  });
  await expect(after.finished).rejects.toBe(broken);
  expect(ended).toEqual([]);
});

test('a grant that nobody used is renewed by one of all processes that find it due', async () => {
  const [row] = (
    await database.system.raw<{ rows: { workspace_id: string; connection_id: string }[] }>(
      'select * from find_connection(?, ?)',
      ['salesforce', ORG],
    )
  ).rows;
  const connection = await database.inWorkspace(row!.workspace_id, (tx) => loadConnection(tx, row!.connection_id));
  clock.advance(8 * 86_400_000);
  let renewals = 0;
  const tokens = {
    accessToken: () => {
      renewals += 1;
      return Promise.resolve('a');
    },
  };
  await Promise.all([1, 2, 3, 4].map(() => renewUnusedGrant({ database, clock, tokens }, connection!)));
  expect(renewals).toBe(1);
});
