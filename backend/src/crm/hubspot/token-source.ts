import type { TokenSource } from '../port.ts';
import { createTokenSource, type TokenSourceInput } from '../token-source.ts';
import { refreshGrant, type GrantRefreshInput } from './grant-refresh.ts';

export type HubSpotTokenSourceInput = Omit<TokenSourceInput, 'renew'> & { readonly oauth: GrantRefreshInput['oauth'] };

/** Access tokens of HubSpot connections: refresh tokens are kept for good, and a refusal is confirmed before it counts. */
export function createHubSpotTokenSource({ oauth, ...input }: HubSpotTokenSourceInput): TokenSource {
  const sleep = input.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  return createTokenSource({
    ...input,
    renew: (account, { tokens }) => refreshGrant({ oauth, vault: input.vault, sleep }, account, tokens),
  });
}
