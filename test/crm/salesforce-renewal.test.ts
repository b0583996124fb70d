import { beforeEach, expect, test } from 'vitest';
import { SalesforceGrantRefused } from '../../backend/src/crm/salesforce/oauth-errors.ts';
import type { SalesforceGrant } from '../../backend/src/crm/salesforce/oauth.ts';
import { renewGrant } from '../../backend/src/crm/salesforce/token-renewal.ts';
import type { CrmAccount } from '../../backend/src/crm/port.ts';
import type { StoredTokens } from '../../backend/src/crm/token-vault.ts';
import { manualClock } from './support/manual-clock.ts';
import { memoryVault, type MemoryVault } from './support/memory-vault.ts';

const ORG = '00D5g000008kXYZEA2';
const ACCOUNT: CrmAccount = { workspaceId: 'ws_1', connectionId: 'con_1', crm: 'salesforce', externalAccountId: ORG };
const HELD: StoredTokens = {
  accessToken: 'a0',
  refreshToken: 'r0',
  instanceUrl: 'https://acme.my.salesforce.com',
  loginUrl: 'https://login.salesforce.com',
  obtainedAtMs: 1,
  expiresAtMs: 2,
};
const BY_CERTIFICATE: StoredTokens = { ...HELD, refreshToken: null, mode: 'jwt', username: 'ada@acme.example' };

let vault: MemoryVault;
let revoked: string[];

beforeEach(() => {
  revoked = [];
});

/** Salesforce answers, or refuses, after `meanwhile` has happened. */
function renew(held: StoredTokens, meanwhile: () => void, answer: Partial<SalesforceGrant> | Error) {
  vault = memoryVault(manualClock(), held);
  const ask = (): Promise<SalesforceGrant> => {
    meanwhile();
    if (answer instanceof Error) return Promise.reject(answer);
    const place = { instanceUrl: 'https://acme.my.salesforce.com', loginUrl: 'https://login.salesforce.com' };
    const whose = { orgId: ORG, userId: '0055g00000AbCdEAAV', scopes: [] };
    const times = { obtainedAtMs: 5, expiresAtMs: 6 };
    return Promise.resolve({ ...whose, ...place, ...times, accessToken: 'a1', refreshToken: 'r1', ...answer });
  };
  const revoke = ({ token }: { token: string }): Promise<void> => {
    revoked.push(token);
    return Promise.resolve();
  };
  const oauth = { clientId: 'key-1', refresh: ask, exchangeAssertion: ask, revoke };
  const sleep = () => Promise.resolve();
  return renewGrant({ oauth, vault, sleep }, ACCOUNT, { tokens: held, holder: 'p1' });
}

const refusal = () => new SalesforceGrantRefused('dead', {});

test('a refusal that comes after somebody connected again ends nothing, and what they brought serves (E24)', async () => {
  const again: StoredTokens = { ...HELD, accessToken: 'b0', refreshToken: 's0', obtainedAtMs: 4 };
  expect(await renew(HELD, () => vault.replace(again), refusal())).toEqual(again);
  expect(vault.revocations).toEqual([]);
});

test('a refusal of a certificate that comes after another process got a token ends nothing', async () => {
  const newer: StoredTokens = { ...BY_CERTIFICATE, accessToken: 'a9', obtainedAtMs: 4 };
  expect(await renew(BY_CERTIFICATE, () => vault.replace(newer), refusal())).toEqual(newer);
  expect(vault.revocations).toEqual([]);
});

test('a refusal of the tokens that are still there ends the connection, with a certificate as without', async () => {
  for (const held of [HELD, BY_CERTIFICATE]) {
    await expect(renew(held, () => undefined, refusal())).rejects.toThrow('dead');
    expect(vault.revocations).toEqual(['dead']);
  }
});

test('a token that comes late by certificate is left alone: it may be the session of whoever was first', async () => {
  const newer: StoredTokens = { ...BY_CERTIFICATE, accessToken: 'a9', obtainedAtMs: 4 };
  expect(await renew(BY_CERTIFICATE, () => vault.replace(newer), { refreshToken: null })).toEqual(newer);
  expect([revoked, vault.tokens()]).toEqual([[], newer]);
});

test('a refresh token that comes late is ended, and the same one that is in use is not (E26)', async () => {
  const again: StoredTokens = { ...HELD, accessToken: 'b0', refreshToken: 's0', obtainedAtMs: 4 };
  expect(await renew(HELD, () => vault.replace(again), {})).toEqual(again);
  expect(revoked).toEqual(['r1']);
  const later: StoredTokens = { ...HELD, accessToken: 'b0', obtainedAtMs: 4 };
  expect(await renew(HELD, () => vault.replace(later), { refreshToken: 'r0' })).toEqual(later);
  expect(revoked).toEqual(['r1']);
});
