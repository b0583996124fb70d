import { randomBytes } from 'node:crypto';

import type { Exchange, Reply } from '../http/exchange.ts';
import type { World } from '../world.ts';
import { authorizeRequest } from './authorize-request.ts';
import type { AuthorizeRequest } from './authorize-request.ts';
import { consentPage, refusalPage } from './consent-page.ts';
import { hostedOrgs, isActiveUser } from './hosted-orgs.ts';

const CODE_LIFETIME_MS = 15 * 60_000;
const WRONG_LOGIN =
  'Please check your username and password. If you still can’t log in, contact your Salesforce administrator.';

/** GET /services/oauth2/authorize: the page an administrator sees. */
export function showConsent(exchange: Exchange): Reply {
  const request = authorizeRequest(exchange);
  if (typeof request === 'string') return { status: 400, body: refusalPage(request) };
  if (request.error) return redirect(request, request.error);
  return { status: 200, body: consentPage(request, hostedOrgs(exchange), exchange.path + queryOf(exchange)) };
}

/** POST to the same address with `decision` (grant or deny), `orgId` and `userId`, in the query or as form fields. */
export function decideConsent(exchange: Exchange): Reply {
  const request = authorizeRequest(exchange);
  if (typeof request === 'string') return { status: 400, body: refusalPage(request) };
  if (request.error) return redirect(request, request.error);
  const field = (name: string) =>
    (exchange.body as Record<string, string> | undefined)?.[name] ?? exchange.query.get(name);
  if (field('decision') !== 'grant')
    return redirect(request, { error: 'access_denied', error_description: 'end-user denied authorization' });
  const orgs = hostedOrgs(exchange);
  const wanted = field('orgId');
  const org = wanted === null ? orgs[0] : orgs.find(({ orgId }) => orgId === wanted || orgId.startsWith(`${wanted}`));
  const userId = field('userId') ?? org?.integrationUserId ?? '';
  // Somebody of another org, or of a sandbox at the production host, has no login here.
  if (!org || !isActiveUser(org, userId)) return { status: 401, body: refusalPage(WRONG_LOGIN) };
  if (org.settings.blocksUninstalledApps && !org.packageInstalled)
    return redirect(request, {
      error: 'OAUTH_APPROVAL_ERROR_GENERIC',
      error_description: 'An unexpected error has occurred during authentication. Please try again.',
    });
  return redirect(request, { code: issueCode(exchange.world, request, { orgId: org.orgId, userId }) });
}

function issueCode(world: World, request: AuthorizeRequest, who: { orgId: string; userId: string }): string {
  const { app, redirectUri, scopes, codeChallenge } = request;
  const code = `aPrx${randomBytes(40).toString('base64url')}==`;
  const expiresAtMs = world.clock.now() + CODE_LIFETIME_MS;
  const clientId = app.clientId;
  world.codes.set(code, { code, clientId, redirectUri, ...who, scopes, codeChallenge, expiresAtMs, used: false });
  return code;
}

function redirect({ redirectUri, state }: AuthorizeRequest, answer: Record<string, string>): Reply {
  const location = new URL(redirectUri);
  for (const [name, value] of Object.entries(answer)) location.searchParams.set(name, value);
  if (state !== null) location.searchParams.set('state', state);
  return { status: 302, headers: { location: location.href } };
}

const queryOf = (exchange: Exchange): string => `?${exchange.query.toString()}`;
