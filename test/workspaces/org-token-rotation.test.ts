import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { CrmAuthorizationRevoked, CrmMisconfigured, CrmRateLimited } from '../../backend/src/crm/errors.ts';
import { createSalesforceHosts } from '../../backend/src/crm/salesforce/oauth-hosts.ts';
import { createSalesforceOAuth } from '../../backend/src/crm/salesforce/oauth.ts';
import { createOrgTokens, type OrgTokens } from '../../backend/src/crm/salesforce/org-tokens.ts';
import type { CrmAccount } from '../../backend/src/crm/port.ts';
import type { TokenVault } from '../../backend/src/crm/token-vault.ts';
import { openPool, type Database } from '../../backend/src/db/database.ts';
import { saveConnection } from '../../backend/src/workspaces/install-store.ts';
import { createSeal } from '../../backend/src/workspaces/seal.ts';
import { createTokenVault, grantColumns } from '../../backend/src/workspaces/token-vault.ts';
import { createWorkspace } from '../../backend/src/workspaces/workspaces-store.ts';
import { startLocalSalesforce, type LocalSalesforce } from '../../sandbox/salesforce/local-salesforce.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { SECRET_KEY, StageClock } from '../journeys/stage.ts';

const APP = { clientId: 'rotating-app', clientSecret: 'rotating-secret' };
const TOKEN_PATH = '/services/oauth2/token';
const DAY_MS = 86_400_000;
const PROCESSES = 50;

const clock = new StageClock();
const seal = createSeal([SECRET_KEY]);
let database: TestDatabase;
let owner: pg.Pool;
let salesforce: LocalSalesforce;
let pools: Database[];
let account: CrmAccount;
let broken: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
  pools = Array.from({ length: PROCESSES }, () => openPool({ url: database.appUrl, maxConnections: 1 }));
  salesforce = await startLocalSalesforce({ clock });
  salesforce.control.registerApp({ ...APP, redirectUris: ['http://127.0.0.1:1/callback'] });
});

afterAll(async () => {
  for (const pool of pools) await pool.close();
  await owner.end();
  await salesforce.close();
  await database.drop();
});

beforeEach(async () => {
  broken = [];
  account = await connectOrg();
  salesforce.control.faults.clear();
  salesforce.control.log.clear();
});

async function connectOrg(): Promise<CrmAccount> {
  const { orgId } = await salesforce.control.createOrg();
  const connected: CrmAccount = {
    workspaceId: `ws_${orgId}`,
    connectionId: `con_${orgId}`,
    crm: 'salesforce',
    externalAccountId: orgId,
  };
  await grant(connected, true);
  return connected;
}

/** As an installation does it. */
async function grant(whose: CrmAccount, isNew: boolean): Promise<string> {
  const { externalAccountId: orgId, workspaceId, connectionId } = whose;
  const { accessToken, refreshToken, instanceUrl } = salesforce.control.org(orgId).install(APP.clientId);
  const now = new Date(clock.now());
  const times = { obtainedAtMs: clock.now(), expiresAtMs: clock.now() + 8 * DAY_MS };
  const place = { instanceUrl, loginUrl: salesforce.url, mode: 'refresh', clientId: APP.clientId } as const;
  await pools[0]!.inWorkspace(workspaceId, async (tx) => {
    if (isNew) await createWorkspace(tx, { id: workspaceId, name: 'Acme', currency: 'EUR', now });
    const columns = grantColumns(seal, connectionId, { accessToken, refreshToken, ...place, ...times });
    await saveConnection(tx, { ...whose, ...columns, scopes: ['api'], now });
  });
  return accessToken;
}

type ProcessInput = { readonly around?: (vault: TokenVault) => TokenVault; readonly timeoutMs?: number };

/** One process of the service: tokens of its own over a pool of its own. */
function startProcess(index = 0, { around = (vault) => vault, timeoutMs = 5_000 }: ProcessInput = {}): OrgTokens {
  const onBroken = ({ connectionId }: CrmAccount) => broken.push(connectionId);
  const hosts = createSalesforceHosts({ loginUrl: salesforce.url, sandboxLoginUrl: salesforce.sandboxLoginUrl });
  return createOrgTokens({
    vault: around(createTokenVault({ database: pools[index]!, seal, clock, onBroken })),
    oauth: createSalesforceOAuth({ ...APP, jwtPrivateKey: null, hosts, clock, timeoutMs }),
    clock,
    sleep: () => new Promise((resolve) => setTimeout(resolve, 2)),
  });
}

const org = () => salesforce.control.org(account.externalAccountId);
const renewals = () => salesforce.control.log.calls({ path: TOKEN_PATH });
const statuses = () => renewals().map(({ status }) => status);

async function row(): Promise<Record<string, unknown>> {
  const answer = await owner.query<Record<string, unknown>>('select * from connections where id = $1', [
    account.connectionId,
  ]);
  return answer.rows[0] ?? {};
}

/** Salesforce takes this access token for good. */
async function isGood(token: string): Promise<boolean> {
  const answer = await fetch(`${await startProcess().instanceUrl(account)}/services/oauth2/userinfo`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return answer.status === 200;
}

async function expectAskedOnce(): Promise<void> {
  expect(await row()).toMatchObject({ status: 'needs_reauthorization' });
  expect(broken).toEqual([account.connectionId]);
  const { rows } = await owner.query("select 1 from audit_log where action = 'connection.broken' and subject = $1", [
    account.connectionId,
  ]);
  expect(rows).toHaveLength(1);
}

describe('a refresh token that works once', () => {
  test('is used by one of fifty processes whose access token was refused, and nobody loses the new one (E24)', async () => {
    // A second use would end the whole grant.
    org().settings({ rotatedTokenReuse: 'revokeGrant' });
    const processes = Array.from({ length: PROCESSES }, (_, index) => startProcess(index));
    const old = await Promise.all(processes.map((tokens) => tokens.accessToken(account)));
    expect(new Set(old).size).toBe(1);
    org().revokeAccessTokens();
    const fresh = await Promise.all(
      processes.map(async (tokens, index) => {
        await tokens.discard(account, old[index]!);
        return tokens.accessToken(account);
      }),
    );
    expect(statuses()).toEqual([200]);
    expect(new Set(fresh).size).toBe(1);
    expect(await isGood(fresh[0]!)).toBe(true);
    expect(await row()).toMatchObject({ status: 'connected', refresh_holder: null, refresh_claimed_until: null });
    // And the next rotation works out of what was stored.
    org().revokeAccessTokens();
    await processes[7]!.discard(account, fresh[7]!);
    expect(await isGood(await processes[7]!.accessToken(account))).toBe(true);
    expect(statuses()).toEqual([200, 200]);
  });

  test('is used by one of fifty processes that find a token too old to be trusted', async () => {
    clock.advance(9 * DAY_MS);
    const processes = Array.from({ length: PROCESSES }, (_, index) => startProcess(index));
    const tokens = await Promise.all(processes.map((each) => each.accessToken(account)));
    expect(statuses()).toEqual([200]);
    expect(new Set(tokens).size).toBe(1);
  });

  test('goes with the new access token into one row at once, sealed, with the address of the org', async () => {
    clock.advance(9 * DAY_MS);
    const tokens = startProcess();
    const fresh = await tokens.accessToken(account);
    expect(await tokens.instanceUrl(account)).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const stored = await row();
    expect(stored).toMatchObject({ refresh_holder: null, token_obtained_at: new Date(clock.now()) });
    expect(stored['token_due_at']).toEqual(new Date(clock.now() + 7 * DAY_MS));
    expect(JSON.stringify(stored)).not.toContain(fresh);
  });

  test('that was lost between answer and commit is asked for anew once, and never tried again (E24)', async () => {
    clock.advance(9 * DAY_MS);
    const lost = startProcess(0, {
      around: (vault) => ({ ...vault, storeRenewed: () => Promise.reject(new Error('the database is gone')) }),
    });
    await expect(lost.accessToken(account)).rejects.toThrow('the database is gone');
    expect(statuses()).toEqual([200]);
    const processes = [startProcess(1), startProcess(2), startProcess(3)];
    for (const tokens of processes)
      await expect(tokens.accessToken(account)).rejects.toBeInstanceOf(CrmAuthorizationRevoked);
    clock.advance(30 * DAY_MS);
    for (const tokens of [...processes, lost])
      await expect(tokens.accessToken(account)).rejects.toBeInstanceOf(CrmAuthorizationRevoked);
    expect(statuses()).toEqual([200, 400]);
    await expectAskedOnce();
    await grant(account, false);
    expect(await isGood(await processes[0]!.accessToken(account))).toBe(true);
  });

  test('survives a database that fails for a moment after Salesforce has answered', async () => {
    clock.advance(9 * DAY_MS);
    let failures = 3;
    const tokens = startProcess(0, {
      around: (vault) => ({
        ...vault,
        storeRenewed: (whose, renewal) =>
          failures-- > 0 ? Promise.reject(new Error('failing over')) : vault.storeRenewed(whose, renewal),
      }),
    });
    expect(await isGood(await tokens.accessToken(account))).toBe(true);
    expect(statuses()).toEqual([200]);
    expect(await row()).toMatchObject({ status: 'connected' });
  });

  test('of a process that was killed between answer and commit ends in one question to a person (E24)', async () => {
    clock.advance(9 * DAY_MS);
    const child = fork(join(import.meta.dirname, 'dies-before-commit.ts'), {
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    child.send({
      url: database.appUrl,
      secretKey: SECRET_KEY,
      nowMs: clock.now(),
      account,
      app: APP,
      hosts: { loginUrl: salesforce.url, sandboxLoginUrl: salesforce.sandboxLoginUrl },
    });
    await once(child, 'message');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(statuses()).toEqual([200]);
    // Its lease runs out, and whoever comes next finds the token dead.
    clock.advance(61_000);
    const results = await Promise.allSettled([1, 2, 3, 4].map((index) => startProcess(index).accessToken(account)));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(statuses()).toEqual([200, 400]);
    await expectAskedOnce();
  });

  test('is stored by a process that was slower than its lease, because nothing newer is there', async () => {
    clock.advance(9 * DAY_MS);
    const slow = startProcess(0, {
      around: (vault) => ({
        ...vault,
        async storeRenewed(whose, renewal) {
          clock.advance(61_000);
          await pools[1]!.inWorkspace(account.workspaceId, (tx) =>
            tx('connections').update({ refresh_holder: 'another', refresh_claimed_until: new Date(clock.now() + 1) }),
          );
          return vault.storeRenewed(whose, renewal);
        },
      }),
    });
    expect(await isGood(await slow.accessToken(account))).toBe(true);
    // The other one's lease is its own.
    expect((await row())['refresh_holder']).toBe('another');
  });

  test('that comes late does not replace what somebody has connected meanwhile', async () => {
    clock.advance(9 * DAY_MS);
    let granted = '';
    const late = startProcess(0, {
      around: (vault) => ({
        ...vault,
        async storeRenewed(whose, renewal) {
          clock.advance(61_000);
          granted = await grant(account, false);
          return vault.storeRenewed(whose, renewal);
        },
      }),
    });
    expect(await late.accessToken(account)).toBe(granted);
    expect(await startProcess(1).accessToken(account)).toBe(granted);
    expect(broken).toEqual([]);
    // Nobody holds the late one: left alone it would live on beside the one in use.
    expect(org().grants(APP.clientId)).toBe(1);
    expect(await isGood(granted)).toBe(true);
  });

  test('does not come back to life in a connection that was ended while Salesforce answered', async () => {
    clock.advance(9 * DAY_MS);
    const ended = startProcess(0, {
      around: (vault) => ({
        ...vault,
        async storeRenewed(whose, renewal) {
          await owner.query("update connections set status = 'disconnected', sealed_tokens = null where id = $1", [
            account.connectionId,
          ]);
          return vault.storeRenewed(whose, renewal);
        },
      }),
    });
    await expect(ended.accessToken(account)).rejects.toBeInstanceOf(CrmAuthorizationRevoked);
    expect((await row())['sealed_tokens']).toBeNull();
    expect(org().grants(APP.clientId)).toBe(0);
  });
});

describe('a renewal that Salesforce does not answer', () => {
  test('with a time to wait is not tried again by anybody before', async () => {
    clock.advance(9 * DAY_MS);
    salesforce.control.faults.add({ kind: 'serverError', status: 429, path: TOKEN_PATH });
    const processes = Array.from({ length: 10 }, (_, index) => startProcess(index));
    const asked = () => Promise.allSettled(processes.map((tokens) => tokens.accessToken(account)));
    expect((await asked()).every(({ status }) => status === 'rejected')).toBe(true);
    await asked();
    expect(statuses()).toEqual([429]);
    await expect(processes[3]!.accessToken(account)).rejects.toBeInstanceOf(CrmRateLimited);
    salesforce.control.faults.clear();
    clock.advance(60_000);
    expect(new Set((await asked()).map((result) => result.status))).toEqual(new Set(['fulfilled']));
    expect(statuses()).toEqual([429, 200]);
  });

  test('because it is down is tried by one process every few seconds, and loses nothing', async () => {
    clock.advance(9 * DAY_MS);
    salesforce.control.faults.add({ kind: 'serverError', status: 503, path: TOKEN_PATH });
    const processes = Array.from({ length: 10 }, (_, index) => startProcess(index));
    await Promise.allSettled(processes.map((tokens) => tokens.accessToken(account)));
    expect(statuses()).toEqual([503]);
    clock.advance(5_000);
    await Promise.allSettled(processes.map((tokens) => tokens.accessToken(account)));
    expect(statuses()).toEqual([503, 503]);
    salesforce.control.faults.clear();
    clock.advance(5_000);
    const results = await Promise.allSettled(processes.map((tokens) => tokens.accessToken(account)));
    expect(results.every(({ status }) => status === 'fulfilled')).toBe(true);
    expect(statuses()).toEqual([503, 503, 200]);
    expect(await row()).toMatchObject({ status: 'connected', status_reason: null });
  });

  test('before the work is done leaves the connection whole', async () => {
    clock.advance(9 * DAY_MS);
    salesforce.control.faults.add({ kind: 'down', path: TOKEN_PATH, times: 1 });
    await expect(startProcess(0).accessToken(account)).rejects.toThrow('did not answer');
    clock.advance(5_000);
    expect(await isGood(await startProcess(1).accessToken(account))).toBe(true);
  });

  test('in time, and goes on with the work, is found out at the next try, once (E24)', async () => {
    clock.advance(9 * DAY_MS);
    salesforce.control.faults.add({ kind: 'slow', delayMs: 200, path: TOKEN_PATH, times: 1 });
    await expect(startProcess(0, { timeoutMs: 50 }).accessToken(account)).rejects.toThrow('did not answer');
    await vi.waitFor(() => expect(renewals()).toHaveLength(1));
    clock.advance(5_000);
    await expect(startProcess(1).accessToken(account)).rejects.toBeInstanceOf(CrmAuthorizationRevoked);
    await expectAskedOnce();
  });

  test('after the work was done is found out at the next try, once (E24)', async () => {
    clock.advance(9 * DAY_MS);
    salesforce.control.faults.add({ kind: 'down', when: 'after', path: TOKEN_PATH, times: 1 });
    await expect(startProcess(0).accessToken(account)).rejects.toThrow('did not answer');
    for (let index = 1; index < 6; index += 1) {
      clock.advance(5_000);
      await expect(startProcess(index).accessToken(account)).rejects.toBeInstanceOf(CrmAuthorizationRevoked);
    }
    expect(renewals()).toHaveLength(2);
    await expectAskedOnce();
  });
});

describe('a renewal that Salesforce refuses', () => {
  test('because the user was deactivated says so, once, and is not repeated (E24)', async () => {
    clock.advance(9 * DAY_MS);
    const { integrationUserId } = salesforce.control.orgs().find(({ orgId }) => orgId === account.externalAccountId)!;
    org().setUserActive(integrationUserId, false);
    for (const index of [0, 1, 2])
      await expect(startProcess(index).accessToken(account)).rejects.toBeInstanceOf(CrmAuthorizationRevoked);
    expect(statuses()).toEqual([400]);
    expect((await row())['status_reason']).toContain('inactive');
    await expectAskedOnce();
  });

  test('because of the address we call from ends nothing, and says what to mend', async () => {
    clock.advance(9 * DAY_MS);
    org().settings({ refreshTokenIpAllowlist: ['10.1.1.1'] });
    await expect(startProcess(0).accessToken(account)).rejects.toMatchObject({
      details: { code: 'salesforce_address_refused' },
    });
    expect(await row()).toMatchObject({ status: 'connected' });
    org().settings({ refreshTokenIpAllowlist: null });
    expect(await isGood(await startProcess(1).accessToken(account))).toBe(true);
  });

  test('because our own secret is wrong ends nothing', async () => {
    clock.advance(9 * DAY_MS);
    salesforce.control.registerApp({ ...APP, clientSecret: 'changed', redirectUris: [] });
    await expect(startProcess(0).accessToken(account)).rejects.toBeInstanceOf(CrmMisconfigured);
    salesforce.control.registerApp({ ...APP, redirectUris: [] });
    expect(await isGood(await startProcess(1).accessToken(account))).toBe(true);
    expect(broken).toEqual([]);
  });

  test('because the org was refreshed into another one never makes that one ours', async () => {
    clock.advance(9 * DAY_MS);
    const moved: CrmAccount = { ...account, externalAccountId: '00D000000000001AAA' };
    await expect(startProcess(0).accessToken(moved)).rejects.toBeInstanceOf(CrmMisconfigured);
    expect((await row())['token_obtained_at']).not.toEqual(new Date(clock.now()));
  });
});
