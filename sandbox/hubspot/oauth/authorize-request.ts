import type { Exchange } from '../http/exchange.ts';
import type { App } from '../state/state.ts';
import { findClient } from './client.ts';

export interface AuthorizeRequest {
  app: App;
  redirectUri: string;
  scopes: string[];
  state: string | null;
  codeChallenge: string | null;
}

/** The request, or in words why HubSpot stops here without sending the browser anywhere. */
export function authorizeRequest(exchange: Exchange): AuthorizeRequest | string {
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
