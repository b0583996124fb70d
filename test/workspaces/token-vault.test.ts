import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StoredTokens, TokenVault } from '../../backend/src/crm/token-vault.ts';
import type { CrmAccount } from '../../backend/src/crm/port.ts';
import { openPool, type Database } from '../../backend/src/db/database.ts';
import { saveConnection } from '../../backend/src/workspaces/install-store.ts';
import { createSeal, SealBroken } from '../../backend/src/workspaces/seal.ts';
import { createTokenVault, grantColumns } from '../../backend/src/workspaces/token-vault.ts';
import { createWorkspace } from '../../backend/src/workspaces/workspaces-store.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

const START_MS = Date.parse('2026-11-02T09:00:00.000Z');
const LIFE_MS = 1_800_000;

let testDatabase: TestDatabase;
let owner: pg.Pool;
/** Two processes of the service. */
let pools: readonly Database[];
let vaults: readonly TokenVault[];
let vault: TokenVault;
let broken: string[];
let nowMs = START_MS;
let accounts = 0;
let account: CrmAccount;

const clock = { now: () => nowMs };
const seal = createSeal([Buffer.alloc(32, 9).toString('base64')]);

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  owner = new pg.Pool({ connectionString: testDatabase.ownerUrl, max: 1 });
  pools = [1, 2].map(() => openPool({ url: testDatabase.appUrl, maxConnections: 8 }));
  vaults = pools.map((database) =>
    createTokenVault({ database, seal, clock, onBroken: ({ connectionId }) => broken.push(connectionId) }),
  );
  vault = vaults[0]!;
});

afterAll(async () => {
  for (const pool of pools) await pool.close();
  await owner.end();
  await testDatabase.drop();
});

beforeEach(async () => {
  nowMs = START_MS;
  broken = [];
  account = await newAccount();
});

function tokens(name: string, obtainedAtMs = START_MS): StoredTokens {
  return {
    accessToken: `access-${name}`,
    refreshToken: `refresh-${name}`,
    clientId: 'client-1',
    obtainedAtMs,
    expiresAtMs: obtainedAtMs + LIFE_MS,
  };
}

async function newAccount(): Promise<CrmAccount> {
  accounts += 1;
  const created: CrmAccount = {
    workspaceId: `ws_${String(accounts)}`,
    connectionId: `con_${String(accounts)}`,
    crm: 'hubspot',
    externalAccountId: String(accounts),
  };
  await pools[0]!.inWorkspace(created.workspaceId, async (tx) => {
    await createWorkspace(tx, { id: created.workspaceId, name: 'Acme', currency: 'EUR', now: new Date(START_MS) });
  });
  await connect(created, tokens('first'));
  return created;
}

/** As an installation does it. */
async function connect(whose: CrmAccount, { accessToken, refreshToken, clientId, ...times }: StoredTokens) {
  await pools[0]!.inWorkspace(whose.workspaceId, (tx) =>
    saveConnection(tx, {
      ...whose,
      sealedTokens: seal.seal(JSON.stringify({ accessToken, refreshToken, clientId }), whose.connectionId),
      obtainedAt: new Date(times.obtainedAtMs),
      expiresAt: new Date(times.expiresAtMs),
      scopes: [],
      now: new Date(nowMs),
    }),
  );
}

async function row(): Promise<Record<string, unknown>> {
  const answer = await owner.query<Record<string, unknown>>('select * from connections where id = $1', [
    account.connectionId,
  ]);
  return answer.rows[0] ?? {};
}

describe('stored tokens', () => {
  it('come back as they were stored, and nothing of them can be read in the row', async () => {
    await vault.store(account, tokens('second', START_MS + 1));
    expect(await vaults[1]!.load(account)).toEqual(tokens('second', START_MS + 1));
    const text = JSON.stringify(await row());
    expect(text).toContain(account.connectionId);
    for (const secret of ['access-second', 'refresh-second', 'access-first', 'refresh-first', 'client-1']) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 8));
    }
  });

  it('of a refresh that outlived its lease do not undo newer ones', async () => {
    await vault.store(account, tokens('newer', START_MS + 5_000));
    await vaults[1]!.store(account, tokens('older', START_MS + 4_999));
    expect(await vault.load(account)).toEqual(tokens('newer', START_MS + 5_000));
  });

  it('of many processes at once end with the newest, whoever comes last', async () => {
    const ages = Array.from({ length: 20 }, (_, index) => START_MS + ((index * 7) % 20) + 1);
    await Promise.all(ages.map((atMs, index) => vaults[index % 2]!.store(account, tokens(String(atMs), atMs))));
    expect(await vault.load(account)).toEqual(tokens(String(START_MS + 20), START_MS + 20));
  });

  it('do not open in the row of another connection', async () => {
    const other = await newAccount();
    await owner.query(
      'update connections c set sealed_tokens = o.sealed_tokens from connections o where c.id = $1 and o.id = $2',
      [account.connectionId, other.connectionId],
    );
    await expect(vault.load(account)).rejects.toBeInstanceOf(SealBroken);
  });

  it('are not there for another workspace, nor for a connection that broke or ended', async () => {
    const other = await newAccount();
    expect(await vault.load({ ...account, workspaceId: other.workspaceId })).toBeNull();
    for (const status of ['needs_reauthorization', 'disconnected']) {
      await owner.query('update connections set status = $1 where id = $2', [status, account.connectionId]);
      expect(await vault.load(account), status).toBeNull();
    }
  });
});

describe('the lease on a refresh', () => {
  const claim = (holder: string, process = 0, lifeMs = 60_000) =>
    vaults[process]!.claimRefresh(account, { holder, untilMs: nowMs + lifeMs });

  it('goes to one of fifty who ask at once, over two processes', async () => {
    const claims = await Promise.all(Array.from({ length: 50 }, (_, index) => claim(`p${String(index)}`, index % 2)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect((await row())['refresh_holder']).toBe(`p${String(claims.indexOf(true))}`);
  });

  it('is free again when its holder gives it back, and only the holder can', async () => {
    expect(await claim('p1')).toBe(true);
    await vaults[1]!.releaseRefresh(account, 'p2');
    expect(await claim('p2', 1)).toBe(false);
    await vault.releaseRefresh(account, 'p1');
    expect(await claim('p2', 1)).toBe(true);
  });

  it('of a holder that died may be taken when it has run out, and not before', async () => {
    expect(await claim('dead')).toBe(true);
    nowMs = START_MS + 60_000 - 1;
    expect(await claim('next', 1)).toBe(false);
    nowMs = START_MS + 60_000;
    expect(await claim('next', 1)).toBe(true);
    await vault.releaseRefresh(account, 'dead');
    expect((await row())['refresh_holder']).toBe('next');
  });

  it('is not to be had for a connection that is not connected', async () => {
    await owner.query("update connections set status = 'disconnected' where id = $1", [account.connectionId]);
    expect(await claim('p1')).toBe(false);
  });
});

describe('a grant the CRM calls dead', () => {
  const revoke = (name: string, process = 0) =>
    vaults[process]!.markRevoked(account, { refreshToken: `refresh-${name}`, reason: 'gone' });

  it('breaks the connection once, keeps the sealed tokens, and is told once however many noticed', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, index) => revoke('first', index % 2)));
    expect(await row()).toMatchObject({ status: 'needs_reauthorization', status_reason: 'gone' });
    expect((await row())['sealed_tokens']).toMatch(/^v1\./);
    expect(broken).toEqual([account.connectionId]);
    const audit = await owner.query('select actor, action, subject, detail from audit_log where workspace_id = $1', [
      account.workspaceId,
    ]);
    expect(audit.rows).toEqual([
      { actor: 'system', action: 'connection.broken', subject: account.connectionId, detail: { reason: 'gone' } },
    ]);
  });

  it('breaks nothing when somebody has connected again meanwhile', async () => {
    await connect(account, tokens('again', START_MS + 1));
    await revoke('first', 1);
    expect(await row()).toMatchObject({ status: 'connected', status_reason: null });
    expect(await vault.load(account)).toEqual(tokens('again', START_MS + 1));
    expect(broken).toEqual([]);
  });

  it('breaks nothing that was disconnected, and works again after an installation', async () => {
    await owner.query("update connections set status = 'disconnected', sealed_tokens = null where id = $1", [
      account.connectionId,
    ]);
    await revoke('first');
    expect((await row())['status']).toBe('disconnected');
    await connect(account, tokens('again', START_MS + 1));
    expect(await vault.load(account)).toEqual(tokens('again', START_MS + 1));
  });
});

describe('what came of a renewal', () => {
  const bySpeaker = (name: string, obtainedAtMs: number): StoredTokens => ({
    ...tokens(name, obtainedAtMs),
    refreshToken: null,
    mode: 'jwt',
    username: 'ada@acme.example',
  });

  async function hold(held: StoredTokens): Promise<void> {
    await pools[0]!.inWorkspace(account.workspaceId, (tx) =>
      saveConnection(tx, {
        ...account,
        ...grantColumns(seal, account.connectionId, held),
        scopes: [],
        now: new Date(nowMs),
      }),
    );
  }

  const store = (from: StoredTokens, renewed: StoredTokens) =>
    vault.storeRenewed(account, { from, tokens: renewed, holder: 'p1' });

  it('by certificate takes the place of the very tokens it came of, and is safe to repeat', async () => {
    const [first, second] = [bySpeaker('first', START_MS), bySpeaker('second', START_MS + 1_000)];
    await hold(first);
    expect(await store(first, second)).toBe(true);
    expect(await store(first, second)).toBe(true);
    expect(await vault.load(account)).toEqual(second);
  });

  it('by certificate neither replaces nor ends what another process got later', async () => {
    const [first, second] = [bySpeaker('first', START_MS), bySpeaker('second', START_MS + 1_000)];
    await hold(second);
    expect(await store(first, bySpeaker('late', START_MS + 500))).toBe(false);
    await vault.markRevoked(account, { refreshToken: null, accessToken: first.accessToken, reason: 'gone' });
    expect(await vault.load(account)).toEqual(second);
    expect(broken).toEqual([]);
    await vault.markRevoked(account, { refreshToken: null, accessToken: second.accessToken, reason: 'gone' });
    expect(broken).toEqual([account.connectionId]);
  });

  it.each([
    ['another way of renewing', { mode: 'refresh' }],
    ['another user', { username: 'bo@acme.example' }],
    ['another access token', { accessToken: 'access-other' }],
    ['another time', { obtainedAtMs: START_MS + 1 }],
    ['another refresh token', { refreshToken: 'refresh-other' }],
  ] as const)('does not go where %s stands by now', async (_words, change) => {
    const first = bySpeaker('first', START_MS);
    await hold({ ...first, ...change });
    expect(await store(first, bySpeaker('late', START_MS + 500))).toBe(false);
    expect(await vault.load(account)).toEqual({ ...first, ...change });
  });
});
