import { issueCode } from '../oauth/authorize.ts';
import { accessTokenText, refreshTokenText } from '../oauth/token-text.ts';
import { appOf, portalOf } from '../state/lookup.ts';
import type { Token } from '../state/state.ts';
import type { World } from '../world.ts';

export interface IssuedTokens {
  accessToken: string;
  refreshToken: string;
}

/** What account administrators, the marketplace and HubSpot itself do with an app's connection. */
export function installActions(world: World, portalId: number) {
  const scopesOf = (appId: number) => appOf(world.state, appId).requiredScopes;
  const userOf = () => portalOf(world.state, portalId).owners[0]?.userId ?? 1;
  const tokensOf = (appId: number) =>
    [...world.state.tokens.values()].filter((token) => token.appId === appId && token.portalId === portalId);

  return {
    /** connects without a browser: tokens as the token endpoint would have issued them */
    install(appId: number, scopes: string[] = scopesOf(appId)): IssuedTokens {
      const userId = userOf();
      const nowMs = world.clock.now();
      world.store.commit({ kind: 'app.installed', install: { appId, portalId, userId, scopes, installedAtMs: nowMs } });
      const refreshToken = refreshTokenText();
      const accessToken = accessTokenText();
      const shared = { appId, portalId, userId, scopes };
      const refresh: Token = { ...shared, token: refreshToken, use: 'refresh_token', expiresAtMs: null, parent: null };
      const expiresAtMs = nowMs + world.settings.accessTokenLifetimeSeconds * 1000;
      const access: Token = { ...shared, token: accessToken, use: 'access_token', expiresAtMs, parent: refreshToken };
      for (const token of [refresh, access]) world.store.commit({ kind: 'token.issued', token });
      return { accessToken, refreshToken };
    },
    /** the address the marketplace sends the browser to: our callback with a code and no state of ours */
    marketplaceInstall(appId: number): { url: string } {
      const app = appOf(world.state, appId);
      const redirectUri = app.redirectUrls[0] ?? '';
      const request = { app, redirectUri, scopes: [...app.requiredScopes], state: null, codeChallenge: null };
      const url = new URL(redirectUri);
      url.searchParams.set('code', issueCode(world, request, { portalId, userId: userOf() }));
      return { url: url.href };
    },
    /** an administrator removes the app: every token stops at once, and nobody tells the app */
    uninstall(appId: number): void {
      world.store.commit({ kind: 'app.uninstalled', appId, portalId });
    },
    /** every access token ends now, as if its half hour were over; the refresh token still works */
    expireAccessTokens(appId: number): void {
      const expiresAtMs = world.clock.now();
      for (const token of tokensOf(appId))
        if (token.use === 'access_token')
          world.store.commit({ kind: 'token.issued', token: { ...token, expiresAtMs } });
    },
    /** the account stays connected but its access tokens stop working, as after an incident at HubSpot */
    revokeAccessTokens(appId: number): void {
      for (const { token, use } of tokensOf(appId))
        if (use === 'access_token') world.store.commit({ kind: 'token.dropped', token });
    },
    revokeRefreshTokens(appId: number): void {
      for (const { token, use } of tokensOf(appId))
        if (use === 'refresh_token') world.store.commit({ kind: 'token.dropped', token });
    },
    installedApps: (): number[] =>
      [...world.state.installs.values()].filter((install) => install.portalId === portalId).map(({ appId }) => appId),
  };
}
