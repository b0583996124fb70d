import { badRequest, invalidSession, SalesforceError } from '../errors.ts';
import { countCall, usedCalls } from '../state/api-usage.ts';
import type { Org, Session } from '../state/org.ts';
import { isActiveUser } from '../oauth/hosted-orgs.ts';
import { orgOf } from '../world.ts';
import type { Exchange } from './exchange.ts';
import type { Match } from './router.ts';

const OLDEST = 41;
const NEWEST = 68;

export const VERSIONS = Array.from({ length: NEWEST - OLDEST + 1 }, (_, index) => `${OLDEST + index}.0`);

/** Who calls, whether the version lives, and whether the org has calls left; in Salesforce's order. */
export function admit(exchange: Exchange, { route, params }: Match): void {
  if (route.needs === 'none') return;
  if (params['version'] !== undefined) checkVersion(params['version']);
  exchange.session = authenticate(exchange);
  const { org } = exchange;
  if (route.needs !== 'data' || !org) return;
  // It would let names do without their namespace: no answer here could be trusted.
  if (/defaultNamespace/i.test(String(exchange.headers['sforce-call-options'] ?? '')))
    throw badRequest('NOT_SUPPORTED_HERE', 'defaultNamespace is not supported by this sandbox');
  if (!org.settings.apiEnabled)
    throw new SalesforceError({
      status: 403,
      errorCode: 'API_DISABLED_FOR_ORG',
      message: 'API is not enabled for this Organization or Partner',
    });
  if (usedCalls(org, exchange.now) >= org.apiAllowed) throw requestLimitExceeded();
  countCall(org, exchange.now);
  exchange.counted = true;
}

export const requestLimitExceeded = (message = 'TotalRequests Limit exceeded.'): SalesforceError =>
  new SalesforceError({ status: 403, errorCode: 'REQUEST_LIMIT_EXCEEDED', message });

/** `api-usage=18/15000`, on every answer of the data API. */
export const limitInfo = (org: Org, nowMs: number): Record<string, string> => ({
  'sforce-limit-info': `api-usage=${usedCalls(org, nowMs)}/${org.apiAllowed}`,
});

function checkVersion(segment: string): void {
  const number = Number(/^v(\d+)\.0$/.exec(segment)?.[1] ?? NaN);
  if (Number.isNaN(number) || number > NEWEST)
    throw new SalesforceError({
      status: 404,
      errorCode: 'NOT_FOUND',
      message: 'The requested resource does not exist',
    });
  if (number < OLDEST)
    throw new SalesforceError({
      status: 410,
      errorCode: 'GONE',
      message: `The requested resource no longer exists. API version ${number}.0 was retired`,
    });
}

/** A token opens the one org it was issued for. */
function authenticate({ world, org, headers, now }: Exchange): Session {
  const { authorization } = headers;
  if (authorization !== undefined && !/^(Bearer|OAuth) \S+$/i.test(authorization))
    throw new SalesforceError({ status: 401, errorCode: 'INVALID_AUTH_HEADER', message: 'INVALID_HEADER_TYPE' });
  const session = sessionOf([...(org ? [org] : world.orgs.values())], authorization);
  if (!session || session.expiresAtMs <= now) throw invalidSession();
  if (!isActiveUser(orgOf(world, session.orgId), session.userId)) throw invalidSession();
  return session;
}

export function sessionOf(orgs: readonly Org[], authorization: string | undefined): Session | null {
  const token = /^\w+ (\S+)$/.exec(authorization ?? '')?.[1];
  if (token === undefined) return null;
  for (const org of orgs) {
    const session = org.sessions.get(token);
    if (session) return session;
  }
  return null;
}
