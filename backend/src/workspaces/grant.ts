import type { StoredTokens } from '../crm/token-vault.ts';

/** What an authorisation brought. The account in it is the tenant; nothing the browser says ever is. */
export type Grant = {
  readonly externalAccountId: string;
  readonly userId: string | null;
  readonly tokens: StoredTokens;
  readonly scopes: readonly string[];
};
