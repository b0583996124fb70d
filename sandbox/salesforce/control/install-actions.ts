import { newGrant, newSession, revokeGrant } from '../oauth/issue-tokens.ts';
import type { Grant, Org } from '../state/org.ts';
import type { World } from '../world.ts';

export interface IssuedTokens {
  accessToken: string;
  refreshToken: string;
  instanceUrl: string;
  orgId: string;
  userId: string;
}

/** What administrators and Salesforce itself do with an app's connection. */
export function installActions(world: World, org: Org) {
  const grantsOf = (clientId: string): Grant[] =>
    [...org.grants.values()].filter((grant) => grant.clientId === clientId && !grant.revoked);
  return {
    /** connects without a browser: tokens as the token endpoint would have issued them */
    install(clientId: string, userId: string = org.integrationUserId): IssuedTokens {
      const app = world.apps.get(clientId);
      if (!app) throw new Error(`There is no app ${clientId}`);
      const input = { app, org, userId, scopes: app.scopes };
      const { grantId, refreshToken } = newGrant(world, input);
      const { token: accessToken } = newSession(world, input, grantId);
      return { accessToken, refreshToken, instanceUrl: org.instanceUrl, orgId: org.orgId, userId };
    },
    /** lets the app act as this user without asking (JWT bearer) */
    preauthorize: (userId: string = org.integrationUserId): void => void org.preauthorized.add(userId),
    /** every access token ends now; refreshing still works */
    revokeAccessTokens(): void {
      org.sessions.clear();
    },
    /** an administrator takes the authorisation back: every token of the app is dead */
    revokeGrant(clientId: string): void {
      for (const grant of grantsOf(clientId)) revokeGrant(org, grant);
      for (const [token, session] of org.sessions) if (session.clientId === clientId) org.sessions.delete(token);
    },
    grants: (clientId: string): number => grantsOf(clientId).length,
  };
}
