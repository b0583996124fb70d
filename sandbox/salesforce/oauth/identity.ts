import { invalidSession } from '../errors.ts';
import { ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { rowOf } from '../state/find-row.ts';
import type { Org, Session } from '../state/org.ts';
import { orgOf } from '../world.ts';
import { identityUrl, revokeGrant } from './issue-tokens.ts';
import { OAuthError } from './oauth-error.ts';

function whoAsks({ world, session }: Exchange): { org: Org; session: Session } {
  if (!session) throw invalidSession();
  return { org: orgOf(world, session.orgId), session };
}

/** GET /services/oauth2/userinfo */
export function readUserInfo(exchange: Exchange): Reply {
  const { org, session } = whoAsks(exchange);
  const user = rowOf(org, session.userId);
  return ok({
    sub: identityUrl(exchange.world, org, session.userId),
    user_id: session.userId,
    organization_id: org.orgId,
    preferred_username: user?.['Username'],
    nickname: user?.['Alias'],
    name: user?.['Name'],
    given_name: user?.['FirstName'],
    family_name: user?.['LastName'],
    email: user?.['Email'],
    email_verified: true,
    zoneinfo: user?.['TimeZoneSidKey'],
    active: user?.['IsActive'],
    user_type: 'STANDARD',
    language: 'en_US',
    locale: user?.['LocaleSidKey'],
    urls: urlsOf(org),
  });
}

/** GET /id/:orgId/:userId: the address that the token answer names. */
export function readIdentity(exchange: Exchange): Reply {
  const { org, session } = whoAsks(exchange);
  if (org.orgId !== exchange.params['orgId'] || session.userId !== exchange.params['userId'])
    throw new OAuthError('Wrong_Org', 'Wrong org', 403);
  const user = rowOf(org, session.userId);
  return ok({
    id: identityUrl(exchange.world, org, session.userId),
    asserted_user: true,
    user_id: session.userId,
    organization_id: org.orgId,
    username: user?.['Username'],
    display_name: user?.['Name'],
    email: user?.['Email'],
    active: user?.['IsActive'],
    timezone: user?.['TimeZoneSidKey'],
    urls: urlsOf(org),
  });
}

const urlsOf = ({ instanceUrl }: Org) => ({
  rest: `${instanceUrl}/services/data/v{version}/`,
  sobjects: `${instanceUrl}/services/data/v{version}/sobjects/`,
  query: `${instanceUrl}/services/data/v{version}/query/`,
  custom_domain: instanceUrl,
});

/** POST /services/oauth2/revoke: a refresh token ends the whole authorisation, an access token only itself. */
export function revokeToken(exchange: Exchange): Reply {
  const token = (exchange.body as Record<string, string> | undefined)?.['token'] ?? exchange.query.get('token') ?? '';
  for (const org of exchange.world.orgs.values()) {
    const grant = org.grants.get(org.refreshTokens.get(token) ?? '');
    if (grant && grant.refreshToken === token && !grant.revoked) {
      revokeGrant(org, grant);
      return { status: 200 };
    }
    if (org.sessions.delete(token)) return { status: 200 };
  }
  throw new OAuthError('invalid_token', 'invalid token');
}
