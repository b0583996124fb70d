import { malformed } from '../errors.ts';
import type { Exchange } from '../http/exchange.ts';
import type { App } from '../state/state.ts';
import { OAuthError } from './oauth-error.ts';
import { sameText } from './token-text.ts';

export type Form = Record<string, string | undefined>;

/** The endpoints under /oauth take form fields only. */
export function formOf(exchange: Exchange): Form {
  const type = exchange.headers['content-type'] ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) throw malformed('the body must be form-encoded');
  return (exchange.body ?? {}) as Form;
}

export function findClient(exchange: Exchange, clientId: string | null | undefined): App | undefined {
  return [...exchange.world.state.apps.values()].find((app) => app.clientId === clientId);
}

/** The app by client id and any of its secrets. */
export function requireClient(exchange: Exchange, form: Form): App {
  const app = findClient(exchange, form['client_id']);
  if (!app) throw new OAuthError('BAD_CLIENT_ID');
  const given = form['client_secret'] ?? '';
  if (!app.clientSecrets.some((secret) => sameText(secret, given))) throw new OAuthError('BAD_CLIENT_SECRET');
  return app;
}
