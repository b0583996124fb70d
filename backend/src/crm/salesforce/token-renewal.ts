import { CrmAuthorizationRevoked, CrmMisconfigured } from '../errors.ts';
import type { CrmAccount } from '../port.ts';
import type { RenewalClaim } from '../token-source.ts';
import { areSameTokens, type StoredTokens, type TokenVault } from '../token-vault.ts';
import { SalesforceGrantRefused } from './oauth-errors.ts';
import type { SalesforceGrant, SalesforceOAuth } from './oauth.ts';

export type RenewalInput = {
  readonly oauth: Pick<SalesforceOAuth, 'clientId' | 'refresh' | 'exchangeAssertion' | 'revoke'>;
  readonly vault: TokenVault;
  /** A grant that nobody uses could not be ended. (Default: nobody hears of it) */
  readonly onLeftOver?: (account: CrmAccount, error: unknown) => void;
  readonly sleep: (ms: number) => Promise<void>;
};

/** A refresh token that was used and whose successor is not stored is the end of the connection: storing is tried hard. */
const STORE_AGAIN_AFTER_MS: readonly number[] = [100, 500, 2_000];

/**
 * Gets new tokens for a claimed connection and stores them. A refresh token works once: whatever Salesforce refuses now it
 * refuses for ever, so one refusal is enough, unless somebody connected again meanwhile.
 */
export async function renewGrant(input: RenewalInput, account: CrmAccount, claim: RenewalClaim): Promise<StoredTokens> {
  const { clientId } = claim.tokens;
  if (clientId !== undefined && clientId !== input.oauth.clientId)
    throw new CrmMisconfigured('This connection was made with another Salesforce app than the one now configured.');
  const renewed = await tryRenewal(input, claim.tokens);
  if (!(renewed instanceof SalesforceGrantRefused)) return keep(input, account, { ...claim, renewed });
  const current = await input.vault.load(account);
  if (current === null) throw new CrmAuthorizationRevoked('This connection was ended meanwhile.');
  if (!areSameTokens(current, claim.tokens)) return current;
  const { refreshToken, accessToken } = current;
  await input.vault.markRevoked(account, { refreshToken, accessToken, reason: renewed.message });
  throw new CrmAuthorizationRevoked(renewed.message);
}

async function tryRenewal(
  { oauth }: RenewalInput,
  tokens: StoredTokens,
): Promise<SalesforceGrant | SalesforceGrantRefused> {
  const { loginUrl, refreshToken, username } = tokens;
  if (loginUrl === undefined) throw new CrmMisconfigured('This Salesforce connection does not say where it signs in.');
  try {
    if (tokens.mode === 'jwt' && username !== undefined) return await oauth.exchangeAssertion({ loginUrl, username });
    if (refreshToken === null) throw new CrmMisconfigured('This Salesforce connection holds no refresh token.');
    return await oauth.refresh({ loginUrl, refreshToken });
  } catch (error) {
    if (error instanceof SalesforceGrantRefused) return error;
    throw error;
  }
}

async function keep(
  input: RenewalInput,
  account: CrmAccount,
  { tokens: from, holder, renewed }: RenewalClaim & { readonly renewed: SalesforceGrant },
): Promise<StoredTokens> {
  if (renewed.orgId !== account.externalAccountId) {
    throw new CrmMisconfigured('Salesforce’s new token is for another org than this connection.', {
      orgId: renewed.orgId,
    });
  }
  const { accessToken, instanceUrl, obtainedAtMs, expiresAtMs } = renewed;
  const refreshToken = renewed.refreshToken ?? from.refreshToken;
  const tokens: StoredTokens = { ...from, accessToken, refreshToken, instanceUrl, obtainedAtMs, expiresAtMs };
  const { isStored, isCertain } = await storeAtLast(input, account, { tokens, from, holder });
  if (isStored) return tokens;
  const current = await input.vault.load(account);
  if (isCertain) await endLate(input, account, { renewed, current });
  if (current === null) throw new CrmAuthorizationRevoked('This connection was ended meanwhile.');
  return current;
}

type Late = { readonly renewed: SalesforceGrant; readonly current: StoredTokens | null };

/**
 * Somebody ended the grant, or put another in its place, while Salesforce made a successor of it that nobody holds: it
 * would live on. What a certificate brought may be the very session another process got, so it goes only with the
 * connection.
 */
async function endLate(
  { oauth, onLeftOver }: RenewalInput,
  account: CrmAccount,
  { renewed, current }: Late,
): Promise<void> {
  const { loginUrl, refreshToken, accessToken } = renewed;
  const token = refreshToken ?? (current === null ? accessToken : null);
  if (token === null || token === current?.refreshToken) return;
  await oauth.revoke({ loginUrl, token }).catch((error: unknown) => onLeftOver?.(account, error));
}

type StoreResult = {
  readonly isStored: boolean;
  /** No try failed in a way that may have stored them all the same, for somebody else to renew since. */
  readonly isCertain: boolean;
};

async function storeAtLast(
  { vault, sleep }: RenewalInput,
  account: CrmAccount,
  renewal: Parameters<TokenVault['storeRenewed']>[1],
): Promise<StoreResult> {
  let isCertain = true;
  for (const waitMs of STORE_AGAIN_AFTER_MS) {
    try {
      return { isStored: await vault.storeRenewed(account, renewal), isCertain };
    } catch {
      isCertain = false;
      await sleep(waitMs);
    }
  }
  return { isStored: await vault.storeRenewed(account, renewal), isCertain };
}
