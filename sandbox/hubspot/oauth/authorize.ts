import type { Exchange, Reply } from '../http/exchange.ts';
import type { App, Portal } from '../state/state.ts';
import type { World } from '../world.ts';
import { findClient } from './client.ts';
import { consentPage, refusalPage } from './consent-page.ts';
import { codeText } from './token-text.ts';

const CODE_LIFETIME_MS = 5 * 60_000;

export interface AuthorizeRequest {
  app: App;
  redirectUri: string;
  scopes: string[];
  state: string | null;
  codeChallenge: string | null;
}

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

/** The request, or in words why HubSpot stops here without sending the browser anywhere. */
function authorizeRequest(exchange: Exchange): AuthorizeRequest | string {
  const { query } = exchange;
  const app = findClient(exchange, query.get('client_id'));
  if (!app) return 'The client_id does not belong to any app.';
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!app.redirectUrls.includes(redirectUri)) return 'The redirect_uri is not one of the redirect URLs of the app.';
  const scopes = scopesOf(query.get('scope'));
  const declared = [...app.requiredScopes, ...app.conditionallyRequiredScopes, ...app.optionalScopes];
  const missing = app.requiredScopes.filter((scope) => !scopes.includes(scope));
  if (missing.length > 0) return `The scopes in the install URL lack scopes the app requires: ${missing.join(', ')}.`;
  const optional = scopesOf(query.get('optional_scope'));
  const strange = [...scopes, ...optional].filter((scope) => !declared.includes(scope));
  if (strange.length > 0) return `The install URL asks for scopes the app does not declare: ${strange.join(', ')}.`;
  const codeChallenge = query.get('code_challenge');
  if (codeChallenge !== null && query.get('code_challenge_method') !== 'S256')
    return 'The code_challenge_method must be S256.';
  return { app, redirectUri, scopes: [...new Set([...scopes, ...optional])], state: query.get('state'), codeChallenge };
}

const scopesOf = (text: string | null): string[] => (text ?? '').split(/[\s+]+/).filter(Boolean);
