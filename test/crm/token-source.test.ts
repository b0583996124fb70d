import { beforeEach, describe, expect, it } from 'vitest';
import {
  CrmAuthorizationRevoked,
  CrmMisconfigured,
  CrmRateLimited,
  CrmUnavailable,
} from '../../backend/src/crm/errors.ts';
import { HubSpotGrantRefused } from '../../backend/src/crm/hubspot/oauth-errors.ts';
import type { HubSpotGrant, TokenDescription } from '../../backend/src/crm/hubspot/oauth.ts';
import { createHubSpotTokenSource } from '../../backend/src/crm/hubspot/token-source.ts';
import type { CrmAccount } from '../../backend/src/crm/port.ts';
import { manualClock, type ManualClock } from './support/manual-clock.ts';
import { memoryVault, type MemoryVault } from './support/memory-vault.ts';

const ACCOUNT: CrmAccount = { workspaceId: 'ws_1', connectionId: 'con_1', crm: 'hubspot', externalAccountId: '33' };
const LIFE_MS = 1_800_000;
const REFUSED = new HubSpotGrantRefused('refused');

let clock: ManualClock;
let vault: MemoryVault;
let refreshes: string[];
let introspections: number;
/** What HubSpot does at the n-th refresh; undefined issues tokens. */
let plan: (attempt: number) => Error | Partial<HubSpotGrant> | undefined;
let description: TokenDescription;

beforeEach(() => {
  clock = manualClock();
  const obtainedAtMs = clock.now();
  vault = memoryVault(clock, {
    accessToken: 'a0',
    refreshToken: 'r0',
    obtainedAtMs,
    expiresAtMs: obtainedAtMs + LIFE_MS,
  });
  refreshes = [];
  introspections = 0;
  plan = () => undefined;
  description = { active: false };
});

const oauth = {
  clientId: 'client-1',
  async refresh(refreshToken: string): Promise<HubSpotGrant> {
    refreshes.push(refreshToken);
    const attempt = refreshes.length;
    await new Promise((resolve) => setTimeout(resolve, 5));
    const planned = plan(attempt);
    if (planned instanceof Error) throw planned;
    const times = { obtainedAtMs: clock.now(), expiresAtMs: clock.now() + LIFE_MS };
    const tokens = { accessToken: `a${String(attempt)}`, refreshToken: `r${String(attempt)}` };
    return { hubId: '33', userId: null, clientId: 'client-1', scopes: [], ...tokens, ...times, ...planned };
  },
  introspect: () => {
    introspections += 1;
    return Promise.resolve(description);
  },
};

/** One process: its own memory over the shared vault. */
function startProcess(onRefreshFailure?: (account: CrmAccount, error: unknown) => void) {
  const sleep = () => new Promise<void>((resolve) => setTimeout(resolve, 1));
  const source = createHubSpotTokenSource({
    vault,
    oauth,
    clock,
    sleep,
    ...(onRefreshFailure ? { onRefreshFailure } : {}),
  });
  return { ...source, token: () => source.accessToken(ACCOUNT) };
}

describe('the access token of a connection', () => {
  it('is the stored one, read once for many calls, until four fifths of its life have passed', async () => {
    const source = startProcess();
    for (let call = 0; call < 20; call += 1) expect(await source.token()).toBe('a0');
    expect(vault.loads()).toBe(1);
    clock.advance(LIFE_MS * 0.79);
    expect(await source.token()).toBe('a0');
    expect(refreshes).toEqual([]);
  });

  it('is refreshed ahead of its end, and the newest refresh token is the one that is kept', async () => {
    clock.advance(LIFE_MS * 0.86);
    expect(await startProcess().token()).toBe('a1');
    expect(vault.tokens()).toMatchObject({ accessToken: 'a1', refreshToken: 'r1' });
    expect(vault.lease()).toBeNull();
    clock.advance(LIFE_MS * 0.86);
    expect(await startProcess().token()).toBe('a2');
    expect(refreshes).toEqual(['r0', 'r1']);
  });

  it('is refreshed once for fifty callers of one process', async () => {
    clock.advance(LIFE_MS);
    const source = startProcess();
    const tokens = await Promise.all(Array.from({ length: 50 }, () => source.token()));
    expect(new Set(tokens)).toEqual(new Set(['a1']));
    expect(refreshes).toHaveLength(1);
  });

  it('is refreshed once for the callers of two processes that share the vault', async () => {
    clock.advance(LIFE_MS);
    const processes = [startProcess(), startProcess()];
    const tokens = await Promise.all(Array.from({ length: 50 }, (_value, index) => processes[index % 2]!.token()));
    expect(new Set(tokens)).toEqual(new Set(['a1']));
    expect(refreshes).toHaveLength(1);
  });

  it('is not refreshed a second time by a process that claims after another has finished', async () => {
    const obtainedAtMs = clock.now();
    vault.replace({ accessToken: 'a0', refreshToken: 'r0', obtainedAtMs, expiresAtMs: obtainedAtMs + 100_000 });
    const [quick, slow] = [startProcess(), startProcess()];
    clock.advance(65_000);
    expect(await slow.token()).toBe('a0');
    clock.advance(26_000);
    expect(await quick.token()).toBe('a1');
    expect(await slow.token()).toBe('a1');
    expect(refreshes).toHaveLength(1);
  });

  it('stays in use while another process refreshes it and it is still valid', async () => {
    clock.advance(LIFE_MS * 0.9);
    await vault.claimRefresh(ACCOUNT, { holder: 'other', untilMs: clock.now() + 60_000 });
    const source = startProcess();
    expect(await Promise.all([source.token(), source.token()])).toEqual(['a0', 'a0']);
    expect(refreshes).toEqual([]);
  });

  it('is refreshed by a survivor when the process that held the lease has died', async () => {
    await vault.claimRefresh(ACCOUNT, { holder: 'dead', untilMs: clock.now() + LIFE_MS });
    clock.advance(LIFE_MS + 1);
    expect(await startProcess().token()).toBe('a1');
  });

  it('is waited for when it has expired and another process is refreshing, and the wait has an end', async () => {
    clock.advance(LIFE_MS);
    await vault.claimRefresh(ACCOUNT, { holder: 'other', untilMs: clock.now() + 60_000 });
    const waiting = startProcess().token();
    setTimeout(() => {
      const obtainedAtMs = clock.now();
      vault.replace({ accessToken: 'theirs', refreshToken: 'r', obtainedAtMs, expiresAtMs: obtainedAtMs + LIFE_MS });
    }, 20);
    expect(await waiting).toBe('theirs');
    clock.advance(LIFE_MS);
    await vault.claimRefresh(ACCOUNT, { holder: 'other', untilMs: clock.now() + 60_000 });
    await expect(startProcess().token()).rejects.toBeInstanceOf(CrmUnavailable);
    expect(refreshes).toEqual([]);
  });

  it('is not returned again once the CRM has refused it', async () => {
    const source = startProcess();
    await source.discard(ACCOUNT, await source.token());
    expect(await source.token()).toBe('a1');
    expect(refreshes).toEqual(['r0']);
  });

  it('stays in use when the answer that refuses an older one comes late', async () => {
    const source = startProcess();
    const old = await source.token();
    await source.discard(ACCOUNT, old);
    expect(await source.token()).toBe('a1');
    const loads = vault.loads();
    await source.discard(ACCOUNT, old);
    expect(await source.token()).toBe('a1');
    expect(refreshes).toEqual(['r0']);
    expect(vault.loads()).toBe(loads);
  });

  it('refused here and already replaced by another process is replaced without a refresh', async () => {
    const [here, there] = [startProcess(), startProcess()];
    const stale = await here.token();
    await there.discard(ACCOUNT, stale);
    await there.token();
    await here.discard(ACCOUNT, stale);
    expect(await here.token()).toBe('a1');
    expect(refreshes).toHaveLength(1);
  });
});

describe('a refresh HubSpot refuses', () => {
  it('twice, with the token called inactive in between, means that the grant is revoked', async () => {
    clock.advance(LIFE_MS);
    plan = () => REFUSED;
    const source = startProcess();
    await expect(source.token()).rejects.toBeInstanceOf(CrmAuthorizationRevoked);
    expect(refreshes).toEqual(['r0', 'r0']);
    expect(introspections).toBe(1);
    expect(vault.revocations).toHaveLength(1);
    expect(vault.lease()).toBeNull();
    await expect(source.token()).rejects.toBeInstanceOf(CrmAuthorizationRevoked);
    expect(refreshes).toHaveLength(2);
  });

  it('once only means nothing', async () => {
    clock.advance(LIFE_MS);
    plan = (attempt) => (attempt === 1 ? REFUSED : undefined);
    expect(await startProcess().token()).toBe('a2');
    expect(vault.revocations).toEqual([]);
  });

  it('while it calls the token active, or our client unknown, is our misconfiguration and ends no connection', async () => {
    clock.advance(LIFE_MS);
    plan = () => REFUSED;
    description = { active: true, hubId: '33', userId: null, userEmail: null, clientId: 'other', scopes: [] };
    await expect(startProcess().token()).rejects.toBeInstanceOf(CrmMisconfigured);
    plan = () => new CrmMisconfigured('bad client');
    await expect(startProcess().token()).rejects.toBeInstanceOf(CrmMisconfigured);
    expect(vault.revocations).toEqual([]);
    expect(vault.tokens()?.refreshToken).toBe('r0');
  });

  it('is not even asked for when the app’s client id is no longer the one the grant was made with', async () => {
    clock.advance(LIFE_MS);
    vault.replace({ ...vault.tokens()!, clientId: 'the-former-app' });
    plan = () => REFUSED;
    await expect(startProcess().token()).rejects.toBeInstanceOf(CrmMisconfigured);
    expect(refreshes).toEqual([]);
    expect(vault.revocations).toEqual([]);
  });

  it('because somebody connected again meanwhile is tried with the new token', async () => {
    clock.advance(LIFE_MS);
    plan = (attempt) => {
      if (attempt > 1) return undefined;
      vault.replace({
        accessToken: 'new',
        refreshToken: 'r-new',
        obtainedAtMs: clock.now(),
        expiresAtMs: clock.now() + LIFE_MS,
      });
      return REFUSED;
    };
    await startProcess().token();
    expect(refreshes).toEqual(['r0', 'r-new']);
    expect(vault.revocations).toEqual([]);
  });

  it('for a moment leaves a valid token in use and is reported', async () => {
    clock.advance(LIFE_MS * 0.9);
    plan = () => new CrmUnavailable('down');
    const failures: unknown[] = [];
    const source = startProcess((_account, error) => failures.push(error));
    for (let call = 0; call < 10; call += 1) expect(await source.token()).toBe('a0');
    expect(refreshes).toHaveLength(1);
    expect(failures).toHaveLength(1);
    clock.advance(10_000);
    plan = () => undefined;
    expect(await source.token()).toBe('a2');
  });

  it('by a rate limit is not asked again before the stated time, even when the token has expired', async () => {
    clock.advance(LIFE_MS);
    const untilMs = clock.now() + 30_000;
    plan = () => new CrmRateLimited(untilMs);
    const source = startProcess();
    for (let call = 0; call < 10; call += 1) await expect(source.token()).rejects.toBeInstanceOf(CrmRateLimited);
    expect(refreshes).toHaveLength(1);
    clock.advance(30_000);
    plan = () => undefined;
    expect(await source.token()).toBe('a2');
  });

  it('by a rate limit, or by being down, is found out by one process for all', async () => {
    clock.advance(LIFE_MS);
    const untilMs = clock.now() + 30_000;
    plan = () => new CrmRateLimited(untilMs);
    const processes = Array.from({ length: 10 }, () => startProcess());
    await Promise.allSettled(processes.map((source) => source.token()));
    expect(refreshes).toHaveLength(1);
    await expect(startProcess().token()).rejects.toMatchObject({ retryAtMs: untilMs });
    clock.advance(30_000);
    plan = () => new CrmUnavailable('down');
    await Promise.allSettled([...processes, startProcess()].map((source) => source.token()));
    expect(refreshes).toHaveLength(2);
  });

  it('or that answers for another portal stores nothing', async () => {
    clock.advance(LIFE_MS);
    plan = () => ({ hubId: '34' });
    await expect(startProcess().token()).rejects.toBeInstanceOf(CrmMisconfigured);
    expect(vault.tokens()?.accessToken).toBe('a0');
  });
});

describe('a CRM that refuses the tokens it has just issued', () => {
  /** A call as the gateways make it: a refused token is tried once more with a new one. */
  async function callRefused(source: ReturnType<typeof startProcess>): Promise<void> {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const token = await source.token().catch(() => null);
      if (token === null) return;
      await source.discard(ACCOUNT, token);
    }
  }

  async function callEachMinute(processes: readonly ReturnType<typeof startProcess>[], minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute += 1) {
      for (const source of processes) await callRefused(source);
      clock.advance(60_000);
    }
  }

  it('is asked for others ever more seldom, up to once in a quarter of an hour', async () => {
    const source = startProcess();
    await callEachMinute([source], 60);
    expect(refreshes.length).toBeLessThanOrEqual(9);
    const before = refreshes.length;
    await callEachMinute([source], 120);
    expect(refreshes.length - before).toBeGreaterThanOrEqual(7);
    expect(refreshes.length - before).toBeLessThanOrEqual(9);
  });

  it('is waited for by all processes', async () => {
    await callEachMinute([startProcess(), startProcess(), startProcess()], 60);
    expect(refreshes.length).toBeLessThanOrEqual(30);
  });

  it('says when the next try is, and is trusted again once a token was good for a while', async () => {
    const source = startProcess();
    await callRefused(source);
    await expect(source.token()).rejects.toMatchObject({ retryAtMs: clock.now() + 60_000 });
    clock.advance(60_000);
    const good = await source.token();
    clock.advance(61_000);
    await source.discard(ACCOUNT, good);
    const count = refreshes.length;
    const next = await source.token();
    expect(next).toBe(`a${String(count + 1)}`);
    // And the first refusal after that costs one minute again.
    await source.discard(ACCOUNT, next);
    await expect(source.token()).rejects.toMatchObject({ retryAtMs: clock.now() + 60_000 });
  });
});

it('a new token that served a call before it was refused was good: another one is asked for at once', async () => {
  const source = startProcess();
  await source.discard(ACCOUNT, await source.token());
  await source.token();
  const served = await source.token();
  await source.discard(ACCOUNT, served);
  expect(await source.token()).not.toBe(served);
});

describe('a refresh that failed for a reason of ours', () => {
  it('is not repeated at once, however many calls need it', async () => {
    clock.advance(LIFE_MS);
    plan = () => new CrmMisconfigured('bad client');
    const source = startProcess();
    for (let call = 0; call < 10; call += 1) await expect(source.token()).rejects.toBeInstanceOf(CrmMisconfigured);
    expect(refreshes).toHaveLength(1);
    clock.advance(5_000);
    await expect(source.token()).rejects.toBeInstanceOf(CrmMisconfigured);
    expect(refreshes).toHaveLength(2);
  });
});
