import { beforeEach, expect, test } from 'vitest';
import { CrmUnavailable } from '../../backend/src/crm/errors.ts';
import type { SalesforceGrant } from '../../backend/src/crm/salesforce/oauth.ts';
import { InstallIdentityRefused, InstallScopesMissing } from '../../backend/src/workspaces/install-errors.ts';
import { salesforceInstall } from '../../backend/src/workspaces/install-salesforce.ts';

const ORG = '00D5g000008kXYZEA2';
const USER = '0055g00000AbCdEAAV';
const GRANT: SalesforceGrant = {
  orgId: ORG,
  userId: USER,
  accessToken: 'access',
  refreshToken: 'refresh',
  instanceUrl: 'https://acme.my.salesforce.com',
  loginUrl: 'https://login.salesforce.com',
  scopes: ['api', 'refresh_token'],
  obtainedAtMs: 1,
  expiresAtMs: 2,
};

type Answers = { readonly grant?: Partial<SalesforceGrant>; readonly user?: Record<string, string> | Error };

let revoked: string[];

beforeEach(() => {
  revoked = [];
});

/** Exchanges a code with a Salesforce that answers like this. */
function exchange({ grant, user }: Answers = {}) {
  const install = salesforceInstall({
    oauth: {
      clientId: 'key-1',
      authorizeUrl: () => '',
      exchangeCode: () => Promise.resolve({ ...GRANT, ...grant }),
      readUser: () =>
        user instanceof Error
          ? Promise.reject(user)
          : Promise.resolve({ orgId: ORG, userId: USER, username: 'ada@acme.com', ...user }),
      revoke: ({ token }) => {
        revoked.push(token);
        return Promise.resolve();
      },
    },
    hosts: { loginUrl: () => 'https://login.salesforce.com' },
    redirectUri: 'https://p.example/cb',
    onLeftOver: (_orgId, error) => {
      throw error;
    },
  });
  return install.exchangeCode({ code: 'c', codeVerifier: 'v', loginUrl: null });
}

test('what an org confirms is kept with the user’s name, where it is and where it signs in', async () => {
  expect(await exchange()).toEqual({
    externalAccountId: ORG,
    userId: USER,
    scopes: ['api', 'refresh_token'],
    tokens: {
      accessToken: 'access',
      refreshToken: 'refresh',
      clientId: 'key-1',
      instanceUrl: 'https://acme.my.salesforce.com',
      loginUrl: 'https://login.salesforce.com',
      mode: 'refresh',
      username: 'ada@acme.com',
      obtainedAtMs: 1,
      expiresAtMs: 2,
    },
  });
});

test('an org that names another org or user as the bearer is not connected (RR-03)', async () => {
  await expect(exchange({ user: { orgId: '00D000000000001AAA' } })).rejects.toBeInstanceOf(InstallIdentityRefused);
  await expect(exchange({ user: { userId: '005000000000001AAA' } })).rejects.toBeInstanceOf(InstallIdentityRefused);
});

test('without a refresh token nothing is connected: it would break within hours', async () => {
  await expect(exchange({ grant: { refreshToken: null } })).rejects.toBeInstanceOf(InstallScopesMissing);
});

test('a grant that came to nothing is given back, whatever the reason', async () => {
  await expect(exchange({ user: new CrmUnavailable('userinfo 503') })).rejects.toBeInstanceOf(CrmUnavailable);
  await expect(exchange({ user: { orgId: '00D000000000001AAA' } })).rejects.toBeInstanceOf(InstallIdentityRefused);
  expect(revoked).toEqual(['refresh', 'refresh']);
  await expect(exchange({ grant: { refreshToken: null } })).rejects.toBeInstanceOf(InstallScopesMissing);
  expect(revoked).toEqual(['refresh', 'refresh', 'access']);
  await exchange();
  expect(revoked).toHaveLength(3);
});
