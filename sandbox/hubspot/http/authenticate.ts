import { isoInstant } from '../clock.ts';
import { HubSpotError, missingScopes, unauthenticated } from '../errors.ts';
import type { World } from '../world.ts';
import type { Caller } from './exchange.ts';
import type { Match } from './router.ts';

/** Who calls, by the bearer token; 401 as HubSpot words it. */
export function authenticate(world: World, authorization: string | undefined, nowMs: number): Caller {
  const given = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  const token = given === undefined ? undefined : world.state.tokens.get(given);
  if (!token || token.use !== 'access_token' || token.portalId === null) throw unauthenticated();
  if (token.expiresAtMs !== null && token.expiresAtMs <= nowMs) throw expired(token.expiresAtMs, nowMs);
  return { appId: token.appId, portalId: token.portalId, userId: token.userId, scopes: token.scopes };
}

export function requireScopes(match: Match, caller: Caller): void {
  for (const anyOf of match.route.scopes?.(match.params) ?? [])
    if (!anyOf.some((scope) => caller.scopes.includes(scope))) throw missingScopes(anyOf);
}

function expired(expiresAtMs: number, nowMs: number): HubSpotError {
  const seconds = Math.floor((nowMs - expiresAtMs) / 1000);
  return new HubSpotError({
    status: 401,
    category: 'EXPIRED_AUTHENTICATION',
    message: `The OAuth token used to make this call expired ${seconds} second(s) ago.`,
    context: { 'expire time': [isoInstant(expiresAtMs)] },
  });
}
