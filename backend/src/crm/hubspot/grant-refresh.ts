import { CrmAuthorizationRevoked, CrmMisconfigured } from '../errors.ts';
import type { CrmAccount } from '../port.ts';
import type { StoredTokens, TokenVault } from '../token-vault.ts';
import type { HubSpotGrant, HubSpotOAuth } from './oauth.ts';
import { HubSpotGrantRefused } from './oauth-errors.ts';

export type GrantRefreshInput = {
  readonly oauth: Pick<HubSpotOAuth, 'clientId' | 'refresh' | 'introspect'>;
  readonly vault: TokenVault;
  readonly sleep: (ms: number) => Promise<void>;
};

const SECOND_ATTEMPT_AFTER_MS = 500;

/**
 * Gets new tokens for a claimed connection and stores them. Raises `CrmAuthorizationRevoked` only after HubSpot
 * refused the same refresh token twice and, asked in between, called it inactive: a wrong client pair, a half-finished
 * deployment or a refresh by another process give the same first answer.
 */
export async function refreshGrant(
  input: GrantRefreshInput,
  account: CrmAccount,
  tokens: StoredTokens,
): Promise<StoredTokens> {
  requireOwnGrant(input, tokens);
  const given = refreshTokenOf(tokens);
  const first = await tryRefresh(input, given);
  if (first !== null) return keep(input, account, first);
  const current = refreshTokenOf(await reload(input, account));
  if (current === given) await requireInactive(input, given);
  await input.sleep(SECOND_ATTEMPT_AFTER_MS + Math.floor(Math.random() * SECOND_ATTEMPT_AFTER_MS));
  const second = await tryRefresh(input, current);
  if (second !== null) return keep(input, account, second);
  if (current !== given) await requireInactive(input, current);
  const reason = 'HubSpot refused the refresh token twice and calls it inactive.';
  await input.vault.markRevoked(account, { refreshToken: current, reason });
  throw new CrmAuthorizationRevoked(reason);
}

/** With another app's id HubSpot would call every grant dead, and we would end every connection. */
function requireOwnGrant(input: GrantRefreshInput, tokens: StoredTokens): void {
  if (tokens.clientId === undefined || tokens.clientId === input.oauth.clientId) return;
  throw new CrmMisconfigured('This connection was made with another HubSpot client id than the one now configured.');
}

/** HubSpot knows no grant without one: a row without it was not written by us. */
function refreshTokenOf({ refreshToken }: StoredTokens): string {
  if (refreshToken === null) throw new CrmMisconfigured('This HubSpot connection holds no refresh token.');
  return refreshToken;
}

/** Null when HubSpot refused the grant; every other failure is raised. */
async function tryRefresh(input: GrantRefreshInput, refreshToken: string): Promise<HubSpotGrant | null> {
  try {
    return await input.oauth.refresh(refreshToken);
  } catch (error) {
    if (error instanceof HubSpotGrantRefused) return null;
    throw error;
  }
}

async function reload(input: GrantRefreshInput, account: CrmAccount): Promise<StoredTokens> {
  const tokens = await input.vault.load(account);
  if (tokens === null) throw new CrmAuthorizationRevoked('This connection was ended meanwhile.');
  return tokens;
}

async function requireInactive(input: GrantRefreshInput, refreshToken: string): Promise<void> {
  const description = await input.oauth.introspect(refreshToken, 'refresh_token');
  if (!description.active) return;
  throw new CrmMisconfigured(
    'HubSpot refuses to refresh a token it calls active: the client id or secret is not its own.',
  );
}

async function keep(input: GrantRefreshInput, account: CrmAccount, grant: HubSpotGrant): Promise<StoredTokens> {
  if (grant.hubId !== account.externalAccountId) {
    throw new CrmMisconfigured('HubSpot’s new token is for another portal than this connection.', {
      hubId: grant.hubId,
    });
  }
  const { accessToken, refreshToken, clientId, obtainedAtMs, expiresAtMs } = grant;
  const tokens = { accessToken, refreshToken, clientId, obtainedAtMs, expiresAtMs };
  await input.vault.store(account, tokens);
  return tokens;
}
