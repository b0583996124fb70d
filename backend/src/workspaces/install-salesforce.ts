import type { SalesforceHosts } from '../crm/salesforce/oauth-hosts.ts';
import type { SalesforceGrant, SalesforceOAuth } from '../crm/salesforce/oauth.ts';
import type { StoredTokens } from '../crm/token-vault.ts';
import { InstallIdentityRefused, InstallScopesMissing } from './install-errors.ts';
import type { CrmInstall } from './install.ts';

/** What every installation grants, and no more: `api`, and to go on while nobody is signed in. */
export const SALESFORCE_SCOPES: readonly string[] = ['api', 'refresh_token'];

/** Orgs let in no app that is not installed. */
const APP_UNKNOWN = /APP_(BLOCKED|NOT_FOUND|ACCESS_DENIED)/i;

/** Salesforce's part: the org of the token answer is the account, once the org itself has confirmed it. */
export function salesforceInstall(input: {
  readonly oauth: Pick<SalesforceOAuth, 'clientId' | 'authorizeUrl' | 'exchangeCode' | 'readUser' | 'revoke'>;
  readonly hosts: Pick<SalesforceHosts, 'loginUrl'>;
  readonly redirectUri: string;
  /** A grant that nobody uses could not be ended. */
  readonly onLeftOver: (externalAccountId: string, error: unknown) => void;
}): CrmInstall {
  const { oauth, hosts, redirectUri } = input;
  return {
    crm: 'salesforce',
    title: 'Salesforce',
    requiredScopes: SALESFORCE_SCOPES,
    beginsElsewhere: false,
    anyoneAuthorizes: true,
    loginUrl: (wanted) => hosts.loginUrl(wanted),
    whyDeclined: (code) => (APP_UNKNOWN.test(code) ? 'Install the Passalong package in the org first.' : null),
    authorizeUrl: ({ state, codeChallenge, loginUrl }) =>
      oauth.authorizeUrl({
        loginUrl: loginUrl ?? hosts.loginUrl(null),
        redirectUri,
        scopes: SALESFORCE_SCOPES,
        state,
        codeChallenge,
      }),
    async exchangeCode({ code, codeVerifier, loginUrl }) {
      const grant = await oauth.exchangeCode({
        loginUrl: loginUrl ?? hosts.loginUrl(null),
        code,
        redirectUri,
        codeVerifier: codeVerifier ?? '',
      });
      const username = await requireWhole(oauth, grant).catch(async (error: unknown) => {
        await endGrant(oauth, grant).catch((failure: unknown) => input.onLeftOver(grant.orgId, failure));
        throw error;
      });
      const { orgId, userId, scopes, ...tokens } = grant;
      return {
        externalAccountId: orgId,
        userId,
        tokens: { ...tokens, clientId: oauth.clientId, mode: 'refresh', username },
        scopes,
      };
    },
    endGrant: (tokens) => endGrant(oauth, tokens),
  };
}

/** Without a refresh token there is no grant to end but the access token. */
async function endGrant(
  oauth: Pick<SalesforceOAuth, 'revoke'>,
  { loginUrl, refreshToken, accessToken }: Pick<StoredTokens, 'loginUrl' | 'refreshToken' | 'accessToken'>,
): Promise<void> {
  if (loginUrl !== undefined) await oauth.revoke({ loginUrl, token: refreshToken ?? accessToken });
}

/** Resolves to the name of the user who authorised. */
async function requireWhole(oauth: Pick<SalesforceOAuth, 'readUser'>, grant: SalesforceGrant): Promise<string> {
  if (grant.refreshToken === null)
    throw new InstallScopesMissing('Salesforce gave no refresh token.', { missing: ['refresh_token'] });
  return confirmIdentity(oauth, grant);
}

/** The answer came over the login host; the org itself is asked whose token it is. Resolves to the user's name there. */
export async function confirmIdentity(
  oauth: Pick<SalesforceOAuth, 'readUser'>,
  grant: SalesforceGrant,
): Promise<string> {
  const user = await oauth.readUser(grant);
  if (user.orgId !== grant.orgId || user.userId !== grant.userId)
    throw new InstallIdentityRefused('The org does not confirm whose token this is.');
  return user.username;
}
