import { CrmMisconfigured } from '../errors.ts';
import type { CrmAccount, TokenSource } from '../port.ts';
import { createTokenSource, type TokenSourceInput } from '../token-source.ts';
import type { SalesforceOAuth } from './oauth.ts';
import { renewGrant } from './token-renewal.ts';

/** Tokens of Salesforce orgs. An org has an address of its own, which came with its tokens and moves with them. */
export type OrgTokens = TokenSource & {
  /** `https://<My Domain>.my.salesforce.com`, without a slash at the end. */
  instanceUrl(account: CrmAccount): Promise<string>;
  /** Ends the grant at Salesforce; what it ended before is no failure. */
  revoke?(account: CrmAccount): Promise<void>;
};

export type OrgTokensInput = Omit<TokenSourceInput, 'renew'> & { readonly oauth: SalesforceOAuth };

/** One refresher per org across all processes: its refresh tokens work once. */
export function createOrgTokens({ oauth, ...input }: OrgTokensInput): Required<OrgTokens> {
  const sleep = input.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const { vault, onRefreshFailure } = input;
  const renewal = { oauth, vault, sleep, ...(onRefreshFailure ? { onLeftOver: onRefreshFailure } : {}) };
  const source = createTokenSource({
    ...input,
    renew: (account, claim) => renewGrant(renewal, account, claim),
  });
  return {
    accessToken: (account) => source.accessToken(account),
    discard: (account, accessToken) => source.discard(account, accessToken),
    async instanceUrl(account) {
      const { instanceUrl } = await source.grant(account);
      if (instanceUrl === undefined) throw new CrmMisconfigured('This connection does not say where its org is.');
      return instanceUrl;
    },
    async revoke(account) {
      const tokens = await input.vault.load(account);
      if (!tokens?.loginUrl) return;
      await oauth.revoke({ loginUrl: tokens.loginUrl, token: tokens.refreshToken ?? tokens.accessToken });
    },
  };
}
