import { createHash } from 'node:crypto';

import { ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { portalOf } from '../state/lookup.ts';
import type { App, Portal, Token } from '../state/state.ts';
import { formOf, requireClient } from './client.ts';

/** POST /oauth/2026-09/token/introspect; a token that is unknown, expired or another app's is only `active: false`. */
export function introspect(exchange: Exchange): Reply {
  const form = formOf(exchange);
  const app = requireClient(exchange, form);
  const token = exchange.world.state.tokens.get(form['token'] ?? '');
  const over = token && token.expiresAtMs !== null && token.expiresAtMs <= exchange.now;
  if (!token || over || token.appId !== app.appId || token.portalId === null) return ok({ active: false });
  const portal = portalOf(exchange.world.state, token.portalId);
  const shared = {
    active: true,
    token: token.token,
    token_type: 'bearer',
    token_use: token.use,
    hub_id: portal.portalId,
    hub_domain: `portal-${portal.portalId}.example.com`,
    user_id: token.userId,
    user: portal.owners.find(({ userId }) => userId === token.userId)?.email ?? `user-${token.userId}@example.com`,
    app_id: app.appId,
    client_id: app.clientId,
    scopes: token.scopes,
  };
  if (token.use === 'refresh_token') return ok(shared);
  return ok({
    ...shared,
    expires_in: Math.floor(((token.expiresAtMs ?? 0) - exchange.now) / 1000),
    is_private_distribution: false,
    signed_access_token: signedParts(app, portal, token),
  });
}

function signedParts(app: App, portal: Portal, token: Token): Record<string, unknown> {
  const signature = createHash('sha256').update(token.token).digest('base64url');
  return {
    appId: app.appId,
    appInstallId: String(portal.portalId),
    audience: '',
    expiresAt: token.expiresAtMs,
    hubId: portal.portalId,
    hublet: 'na1',
    installingUserId: token.userId,
    userId: token.userId,
    isPrivateDistribution: false,
    isServiceAccount: false,
    isUserLevel: false,
    scopes: '',
    scopeToScopeGroupPks: '',
    trialScopes: '',
    trialScopeToScopeGroupPks: '',
    signature,
    newSignature: signature,
  };
}

/** POST /oauth/2026-09/token/revoke: access tokens issued earlier live on until they expire. */
export function revoke(exchange: Exchange): Reply {
  const form = formOf(exchange);
  const app = requireClient(exchange, form);
  const token = exchange.world.state.tokens.get(form['token'] ?? '');
  if (token && token.appId === app.appId) exchange.world.store.commit({ kind: 'token.dropped', token: token.token });
  return ok({});
}
