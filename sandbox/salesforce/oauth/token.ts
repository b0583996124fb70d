import { ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import type { Org } from '../state/org.ts';
import type { App } from './app.ts';
import { formOf, requireClient, s256 } from './client.ts';
import type { Form } from './client.ts';
import { hostedOrgs, isActiveUser } from './hosted-orgs.ts';
import { newGrant, newSession, revokeGrant, rotate, tokenAnswer } from './issue-tokens.ts';
import { byAssertion } from './jwt-bearer.ts';
import { OAuthError } from './oauth-error.ts';

export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** POST /services/oauth2/token */
export function issueToken(exchange: Exchange): Reply {
  const form = formOf(exchange);
  switch (form['grant_type']) {
    case 'authorization_code':
      return byCode(exchange, requireClient(exchange, form), form);
    case 'refresh_token':
      return byRefreshToken(exchange, requireClient(exchange, form), form);
    case JWT_BEARER:
      return byAssertion(exchange, form['assertion'] ?? '');
    default:
      throw new OAuthError('unsupported_grant_type', 'grant type not supported');
  }
}

const invalidGrant = (description: string): OAuthError => new OAuthError('invalid_grant', description);

/** A code works once, soon, at the host that gave it, for the same app and address and who holds the verifier. */
function byCode(exchange: Exchange, app: App, form: Form): Reply {
  const { world, now } = exchange;
  const code = world.codes.get(form['code'] ?? '');
  const org = hostedOrgs(exchange).find(({ orgId }) => orgId === code?.orgId);
  if (!code || !org || code.clientId !== app.clientId || code.used) throw invalidGrant('invalid authorization code');
  code.used = true;
  if (code.expiresAtMs <= now) throw invalidGrant('expired authorization code');
  if (code.redirectUri !== form['redirect_uri'])
    throw new OAuthError('redirect_uri_mismatch', 'redirect_uri must match configuration');
  if (s256(form['code_verifier'] ?? '') !== code.codeChallenge) throw invalidGrant('invalid code verifier');
  checkAddress(exchange, org);
  const input = { app, org, userId: code.userId, scopes: code.scopes };
  if (!code.scopes.includes('refresh_token')) return ok(tokenAnswer(world, input, newSession(world, input, null)));
  const grant = newGrant(world, input);
  const session = newSession(world, input, grant.grantId);
  return ok({ ...tokenAnswer(world, input, session), refresh_token: grant.refreshToken });
}

/** Each refresh answers a new refresh token and kills the one it was asked with. */
function byRefreshToken(exchange: Exchange, app: App, form: Form): Reply {
  const { world, now } = exchange;
  const token = form['refresh_token'] ?? '';
  const org = hostedOrgs(exchange).find(({ refreshTokens }) => refreshTokens.has(token));
  const grant = org?.grants.get(org.refreshTokens.get(token) ?? '');
  if (!org || !grant || grant.revoked || grant.clientId !== app.clientId) throw deadToken();
  if (grant.refreshToken !== token) {
    if (org.settings.rotatedTokenReuse === 'revokeGrant') revokeGrant(org, grant);
    throw deadToken();
  }
  if (grant.lastUsedAtMs + app.refreshTokenIdleMs <= now) throw deadToken();
  if (!isActiveUser(org, grant.userId)) throw invalidGrant('inactive user');
  checkAddress(exchange, org);
  grant.lastUsedAtMs = now;
  if (app.refreshTokenRotation) rotate(org, grant);
  const input = { app, org, userId: grant.userId, scopes: grant.scopes };
  const session = newSession(world, input, grant.grantId);
  const rotated = app.refreshTokenRotation ? { refresh_token: grant.refreshToken } : {};
  return ok({ ...tokenAnswer(world, input, session), ...rotated });
}

const deadToken = (): OAuthError => invalidGrant('expired access/refresh token');

function checkAddress({ remoteAddress }: Exchange, { settings }: Org): void {
  const allowed = settings.refreshTokenIpAllowlist;
  if (allowed && !allowed.includes(remoteAddress.replace(/^::ffff:/, ''))) throw invalidGrant('ip restricted');
}
