import type { Exchange } from '../http/exchange.ts';
import type { App } from './app.ts';

/** A request that may be answered at its redirect address. */
export interface AuthorizeRequest {
  app: App;
  redirectUri: string;
  state: string | null;
  scopes: string[];
  codeChallenge: string;
  /** what is wrong with it; told to the app at its address */
  error: { error: string; error_description: string } | null;
}

/** The request, or why nothing may be sent anywhere: the words are for the person in front of the page. */
export function authorizeRequest({ world, query }: Exchange): AuthorizeRequest | string {
  const app = world.apps.get(query.get('client_id') ?? '');
  if (!app) return 'error=invalid_client_id: client identifier invalid';
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!app.redirectUris.includes(redirectUri))
    return 'error=redirect_uri_mismatch: redirect_uri must match configuration';
  const scopes = (query.get('scope') ?? app.scopes.join(' ')).split(' ').filter(Boolean);
  return {
    app,
    redirectUri,
    state: query.get('state'),
    scopes,
    codeChallenge: query.get('code_challenge') ?? '',
    error: problemOf(query, app, scopes),
  };
}

function problemOf(query: URLSearchParams, app: App, scopes: readonly string[]): AuthorizeRequest['error'] {
  if (query.get('response_type') !== 'code')
    return { error: 'unsupported_response_type', error_description: 'response type not supported' };
  if (!query.get('code_challenge'))
    return { error: 'invalid_request', error_description: 'missing required code challenge' };
  if (query.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(query.get('code_challenge') ?? ''))
    return { error: 'invalid_request', error_description: 'invalid code challenge' };
  const unknown = scopes.find((scope) => !app.scopes.includes(scope));
  if (unknown !== undefined)
    return { error: 'invalid_scope', error_description: `the requested scope is not allowed: ${unknown}` };
  return null;
}
