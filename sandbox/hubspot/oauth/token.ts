import { ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { installKey } from '../state/state.ts';
import type { App, Install, Token } from '../state/state.ts';
import { findClient, formOf, requireClient } from './client.ts';
import type { Form } from './client.ts';
import { OAuthError } from './oauth-error.ts';
import { accessTokenText, refreshTokenText, s256 } from './token-text.ts';

/** POST /oauth/2026-09/token */
export function issueToken(exchange: Exchange): Reply {
  const form = formOf(exchange);
  switch (form['grant_type']) {
    case 'authorization_code':
      return byCode(exchange, requireClient(exchange, form), form);
    case 'refresh_token':
      return byRefreshToken(exchange, form);
    case 'client_credentials':
      return byCredentials(exchange, requireClient(exchange, form), form);
    default:
      throw new OAuthError('BAD_GRANT_TYPE');
  }
}

/** A code works once, soon, for the same app and redirect; the app counts as installed from here on. */
function byCode(exchange: Exchange, app: App, form: Form): Reply {
  const { world, now } = exchange;
  const code = world.state.codes.get(form['code'] ?? '');
  if (!code || code.used || code.appId !== app.appId) throw new OAuthError('BAD_AUTH_CODE');
  if (code.expiresAtMs <= now) throw new OAuthError('EXPIRED_AUTH_CODE');
  if (code.redirectUri !== form['redirect_uri']) throw new OAuthError('BAD_REDIRECT_URI');
  const verifier = form['code_verifier'];
  if (code.codeChallenge !== null && (!verifier || s256(verifier) !== code.codeChallenge))
    throw new OAuthError('BAD_CODE_VERIFIER');
  world.store.commit({ kind: 'code.used', code: code.code });
  const { appId, portalId, userId, scopes } = code;
  const install: Install = { appId, portalId, userId, scopes, installedAtMs: now };
  world.store.commit({ kind: 'app.installed', install });
  return ok(answerTokens(exchange, install, newRefreshToken(exchange, install)));
}

function newRefreshToken(exchange: Exchange, { appId, portalId, userId, scopes }: Install): string {
  const token = refreshTokenText();
  keep(exchange, { token, use: 'refresh_token', appId, portalId, userId, scopes, expiresAtMs: null, parent: null });
  return token;
}

/** A wrong pair of client and token is called a bad refresh token, whichever of the two is wrong. */
function byRefreshToken(exchange: Exchange, form: Form): Reply {
  const { state, settings, store } = exchange.world;
  const app = findClient(exchange, form['client_id']);
  if (!app) throw new OAuthError('BAD_CLIENT_ID');
  requireClient(exchange, form);
  const refresh = state.tokens.get(form['refresh_token'] ?? '');
  if (refresh?.use !== 'refresh_token' || refresh.appId !== app.appId) throw new OAuthError('BAD_REFRESH_TOKEN');
  const install = state.installs.get(installKey(app.appId, refresh.portalId ?? 0));
  if (!install) throw new OAuthError('BAD_REFRESH_TOKEN');
  // A token keeps the scopes it was granted: later consents do not widen it.
  const granted = { ...install, scopes: refresh.scopes };
  if (settings.refreshTokens === 'keep') return ok(answerTokens(exchange, granted, refresh.token));
  const replacement = newRefreshToken(exchange, granted);
  store.commit({ kind: 'token.dropped', token: refresh.token });
  return ok(answerTokens(exchange, granted, replacement));
}

function answerTokens(exchange: Exchange, install: Install, refreshToken: string): Record<string, unknown> {
  const { appId, portalId, userId, scopes } = install;
  const seconds = exchange.world.settings.accessTokenLifetimeSeconds;
  const token = accessTokenText();
  keep(exchange, {
    token,
    use: 'access_token',
    appId,
    portalId,
    userId,
    scopes,
    expiresAtMs: exchange.now + seconds * 1000,
    parent: refreshToken,
  });
  dropExpired(exchange, install);
  return {
    token_type: 'bearer',
    access_token: token,
    refresh_token: refreshToken,
    expires_in: seconds,
    hub_id: portalId,
    user_id: userId,
    scopes,
    token_use: 'access_token',
  };
}

function byCredentials(exchange: Exchange, app: App, form: Form): Reply {
  const scopes = (form['scope'] ?? '').split(' ').filter(Boolean);
  if (scopes.length === 0) throw new OAuthError('BAD_SCOPES');
  const seconds = exchange.world.settings.accessTokenLifetimeSeconds;
  const token = accessTokenText();
  const expiresAtMs = exchange.now + seconds * 1000;
  keep(exchange, {
    token,
    use: 'client_credentials',
    appId: app.appId,
    portalId: null,
    userId: null,
    scopes,
    expiresAtMs,
    parent: null,
  });
  return ok({
    token_type: 'bearer',
    access_token: token,
    expires_in: seconds,
    scopes,
    token_use: 'client_credentials',
  });
}

function keep(exchange: Exchange, token: Token): void {
  exchange.world.store.commit({ kind: 'token.issued', token });
}

const FORGET_AFTER_MS = 86_400_000;

/** Expired tokens are told apart from unknown ones for a day, then forgotten, or a long run would hoard them. */
function dropExpired(exchange: Exchange, install: Install): void {
  const { state, store } = exchange.world;
  for (const { token, appId, portalId, expiresAtMs } of state.tokens.values())
    if (
      appId === install.appId &&
      portalId === install.portalId &&
      expiresAtMs !== null &&
      expiresAtMs + FORGET_AFTER_MS < exchange.now
    )
      store.commit({ kind: 'token.dropped', token });
}
