import type { Exchange, Reply } from '../http/exchange.ts';
import type { Portal } from '../state/state.ts';
import type { World } from '../world.ts';
import { authorizeRequest } from './authorize-request.ts';
import type { AuthorizeRequest } from './authorize-request.ts';
import { consentPage, refusalPage } from './consent-page.ts';
import { codeText } from './token-text.ts';

const CODE_LIFETIME_MS = 5 * 60_000;

/** GET /oauth/authorize and /oauth/{portalId}/authorize: the page an administrator sees. */
export function showConsent(exchange: Exchange): Reply {
  const request = authorizeRequest(exchange);
  if (typeof request === 'string') return { status: 400, body: refusalPage(request) };
  const portals = choosablePortals(exchange);
  if (portals.length === 0) return { status: 404, body: refusalPage('There is no account to connect.') };
  return { status: 200, body: consentPage(request, portals, exchange.path + queryOf(exchange)) };
}

/** POST to the same address with `portalId` and `decision` (grant or deny), in the query or as form fields. */
export function decideConsent(exchange: Exchange): Reply {
  const request = authorizeRequest(exchange);
  if (typeof request === 'string') return { status: 400, body: refusalPage(request) };
  const field = (name: string) =>
    (exchange.body as Record<string, string> | undefined)?.[name] ?? exchange.query.get(name);
  if (field('decision') !== 'grant')
    return redirect(request, { error: 'access_denied', error_description: 'The user denied the request' });
  const portals = choosablePortals(exchange);
  const wanted = field('portalId');
  const portal = wanted === null ? portals[0] : portals.find(({ portalId }) => String(portalId) === wanted);
  if (!portal) return { status: 404, body: refusalPage('That account does not exist.') };
  const userId = Number(field('userId') ?? portal.owners[0]?.userId ?? 1);
  return redirect(request, { code: issueCode(exchange.world, request, { portalId: portal.portalId, userId }) });
}

export function issueCode(world: World, request: AuthorizeRequest, who: { portalId: number; userId: number }): string {
  const code = codeText();
  const { app, redirectUri, scopes, codeChallenge } = request;
  const expiresAtMs = world.clock.now() + CODE_LIFETIME_MS;
  world.store.commit({
    kind: 'code.issued',
    code: { code, appId: app.appId, ...who, scopes, redirectUri, codeChallenge, expiresAtMs, used: false },
  });
  return code;
}

function redirect({ redirectUri, state }: AuthorizeRequest, answer: Record<string, string>): Reply {
  const location = new URL(redirectUri);
  for (const [name, value] of Object.entries(answer)) location.searchParams.set(name, value);
  if (state !== null) location.searchParams.set('state', state);
  return { status: 302, headers: { location: location.href } };
}

function choosablePortals(exchange: Exchange): Portal[] {
  const fixed = exchange.params['portalId'];
  return [...exchange.world.state.portals.values()].filter(
    ({ portalId }) => fixed === undefined || String(portalId) === fixed,
  );
}

const queryOf = (exchange: Exchange): string => `?${exchange.query.toString()}`;
