import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CrmAuthorizationRevoked, CrmRateLimited } from '../../backend/src/crm/errors.ts';
import type { CallBudget, CrmAccount } from '../../backend/src/crm/port.ts';
import { openPool, type Database } from '../../backend/src/db/database.ts';
import { createCallBudget, forgetFailures, pauseAfterFailure } from '../../backend/src/sync/budget-store.ts';
import { markBroken } from '../../backend/src/workspaces/connections-store.ts';
import { saveConnection } from '../../backend/src/workspaces/install-store.ts';
import { createWorkspace } from '../../backend/src/workspaces/workspaces-store.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

const START_MS = Date.parse('2026-11-02T09:00:00.000Z');
const LIMITS = { default: { calls: 20, windowMs: 10_000 }, search: { calls: 4, windowMs: 1_000 } };

let testDatabase: TestDatabase;
/** Two processes of the service. */
let pools: readonly Database[];
let budgets: readonly CallBudget[];
let nowMs = START_MS;
let accounts = 0;
let account: CrmAccount;

const clock = { now: () => nowMs };

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  pools = [1, 2].map(() => openPool({ url: testDatabase.appUrl, maxConnections: 8 }));
  budgets = pools.map((database) => createCallBudget({ database, clock, limits: LIMITS }));
});

afterAll(async () => {
  for (const pool of pools) await pool.close();
  await testDatabase.drop();
});

beforeEach(async () => {
  nowMs = START_MS;
  account = await newAccount();
});

async function newAccount(): Promise<CrmAccount> {
  accounts += 1;
  const created: CrmAccount = {
    workspaceId: `ws_${String(accounts)}`,
    connectionId: `con_${String(accounts)}`,
    crm: 'hubspot',
    externalAccountId: String(accounts),
  };
  const now = new Date(START_MS);
  await pools[0]!.inWorkspace(created.workspaceId, async (tx) => {
    await createWorkspace(tx, { id: created.workspaceId, name: 'Acme', currency: 'EUR', now });
    await saveConnection(tx, { ...created, sealedTokens: 'x', obtainedAt: now, expiresAt: now, scopes: [], now });
  });
  return created;
}

type Taken = { readonly atMs: number } | { readonly retryAtMs: number };

/** One after the other process, all at once. */
async function takeAtOnce(takers: number, kind: 'default' | 'search' = 'default'): Promise<readonly Taken[]> {
  const tries = Array.from({ length: takers }, async (_, index): Promise<Taken> => {
    try {
      await budgets[index % budgets.length]!.take(account, kind);
      return { atMs: nowMs };
    } catch (error) {
      if (error instanceof CrmRateLimited) return { retryAtMs: error.retryAtMs };
      throw error;
    }
  });
  return Promise.all(tries);
}

const granted = (taken: readonly Taken[]) => taken.filter((one) => 'atMs' in one);
const refusedUntil = (taken: readonly Taken[]) => taken.flatMap((one) => ('retryAtMs' in one ? [one.retryAtMs] : []));

async function retryAt(taker: CrmAccount = account, kind: 'default' | 'search' = 'default'): Promise<number | null> {
  try {
    await budgets[0]!.take(taker, kind);
    return null;
  } catch (error) {
    if (error instanceof CrmRateLimited) return error.retryAtMs;
    throw error;
  }
}

describe('the calls of an account, shared by every process', () => {
  it('are exactly as many as allowed when fifty takers of two processes want one at once', async () => {
    const taken = await takeAtOnce(50);
    expect(granted(taken)).toHaveLength(LIMITS.default.calls);
    expect(new Set(refusedUntil(taken))).toEqual(new Set([START_MS + LIMITS.default.windowMs + 1]));
  });

  it('are never more than allowed in any window, wherever it begins', async () => {
    const times: number[] = [];
    for (let step = 0; step < 40; step += 1) {
      for (const one of await takeAtOnce(50)) if ('atMs' in one) times.push(one.atMs);
      nowMs += 1 + ((step * 977) % 3_100);
    }
    expect(times.length).toBeGreaterThan(3 * LIMITS.default.calls);
    for (const fromMs of times) {
      const within = times.filter((atMs) => atMs >= fromMs && atMs < fromMs + LIMITS.default.windowMs);
      expect(within.length).toBeLessThanOrEqual(LIMITS.default.calls);
    }
  });

  it('name the moment at which one is free again, and at that moment one is', async () => {
    await takeAtOnce(LIMITS.default.calls);
    const freeAtMs = (await retryAt()) ?? 0;
    nowMs = freeAtMs - 2;
    expect(await retryAt()).toBe(freeAtMs);
    nowMs = freeAtMs;
    expect(await retryAt()).toBeNull();
  });

  it('are counted apart for searches and for everything else', async () => {
    expect(granted(await takeAtOnce(50, 'search'))).toHaveLength(LIMITS.search.calls);
    expect(granted(await takeAtOnce(50))).toHaveLength(LIMITS.default.calls);
  });

  it('of one workspace leave those of another alone, pauses included', async () => {
    const other = await newAccount();
    await takeAtOnce(50);
    await budgets[0]!.pause(account, 'default', START_MS + 60_000);
    expect(await retryAt(other)).toBeNull();
    expect(await retryAt()).toBe(START_MS + 60_000);
  });

  it('are none for a connection that ended or broke, whatever is left in the window', async () => {
    await pools[1]!.inWorkspace(account.workspaceId, (tx) =>
      markBroken(tx, { ...account, reason: 'revoked', now: new Date(nowMs) }),
    );
    await expect(budgets[0]!.take(account, 'default')).rejects.toBeInstanceOf(CrmAuthorizationRevoked);
    const nobody = { ...account, connectionId: 'con_unknown' };
    await expect(budgets[0]!.take(nobody, 'default')).rejects.toBeInstanceOf(CrmAuthorizationRevoked);
  });

  it('cannot be taken in the name of another workspace', async () => {
    const other = await newAccount();
    const stranger = { ...account, workspaceId: other.workspaceId };
    await expect(budgets[0]!.take(stranger, 'default')).rejects.toBeInstanceOf(CrmAuthorizationRevoked);
    expect(granted(await takeAtOnce(50))).toHaveLength(LIMITS.default.calls);
  });
});

describe('a pause the CRM asked for', () => {
  it('holds for every process until its last millisecond, and is only ever lengthened', async () => {
    await budgets[0]!.pause(account, 'default', START_MS + 30_000);
    await budgets[1]!.pause(account, 'default', START_MS + 5_000);
    expect(refusedUntil(await takeAtOnce(10))).toEqual(Array(10).fill(START_MS + 30_000));
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => budgets[index % 2]!.pause(account, 'default', START_MS + index * 4_000)),
    );
    nowMs = START_MS + 76_000 - 1;
    expect(await retryAt()).toBe(START_MS + 76_000);
    nowMs = START_MS + 76_000;
    expect(await retryAt()).toBeNull();
  });

  it('of searches leaves the other calls alone', async () => {
    await budgets[0]!.pause(account, 'search', START_MS + 30_000);
    expect(await retryAt(account, 'search')).toBe(START_MS + 30_000);
    expect(await retryAt()).toBeNull();
  });
});

describe('failures in a row', () => {
  const fail = (notBeforeMs: number | null = null) =>
    pools[0]!.inWorkspace(account.workspaceId, (tx) => pauseAfterFailure(tx, { account, nowMs, notBeforeMs }));

  it('double the pause from a second up to a minute, and an answer starts over', async () => {
    const pauses: number[] = [];
    for (let failure = 0; failure < 8; failure += 1) {
      const untilMs = await fail();
      pauses.push((untilMs - nowMs) / 1_000);
      nowMs = untilMs;
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    await pools[1]!.inWorkspace(account.workspaceId, (tx) => forgetFailures(tx, account.connectionId));
    expect((await fail()) - nowMs).toBe(1_000);
  });

  it('wait at least as long as the CRM asked, however few they are', async () => {
    expect(await fail(START_MS + 90_000)).toBe(START_MS + 90_000);
    await fail();
    expect(await retryAt()).toBe(START_MS + 90_000);
  });
});
