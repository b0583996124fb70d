import type { HubSpotOAuth } from '../crm/hubspot/oauth.ts';
import type { CrmInstall } from './install.ts';

/** HubSpot's part: the portal of the token answer is the account. */
export function hubspotInstall(input: {
  readonly oauth: Pick<HubSpotOAuth, 'authorizeUrl' | 'exchangeCode'>;
  readonly redirectUri: string;
  readonly requiredScopes: readonly string[];
}): CrmInstall {
  const { oauth, redirectUri, requiredScopes } = input;
  return {
    crm: 'hubspot',
    title: 'HubSpot',
    requiredScopes,
    beginsElsewhere: true,
    anyoneAuthorizes: false,
    loginUrl: () => null,
    authorizeUrl: ({ state, codeChallenge }) =>
      oauth.authorizeUrl({ redirectUri, scopes: requiredScopes, state, codeChallenge }),
    async exchangeCode({ code, codeVerifier }) {
      const { hubId, userId, scopes, ...tokens } = await oauth.exchangeCode({ code, redirectUri, codeVerifier });
      return { externalAccountId: hubId, userId, tokens, scopes };
    },
  };
}
