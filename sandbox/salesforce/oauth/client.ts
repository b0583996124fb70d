import { createHash, timingSafeEqual } from 'node:crypto';

import type { Exchange } from '../http/exchange.ts';
import type { App } from './app.ts';
import { OAuthError } from './oauth-error.ts';

export type Form = Record<string, string | undefined>;

/** The token endpoint takes form fields only. */
export function formOf({ headers, body }: Exchange): Form {
  if (!(headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded'))
    throw new OAuthError('unsupported_grant_type', 'grant type not supported');
  return (body ?? {}) as Form;
}

/** The app by its id and secret, in the form or as basic authentication. */
export function requireClient({ world, headers }: Exchange, form: Form): App {
  const [basicId, basicSecret] = basic(headers.authorization);
  const app = world.apps.get(form['client_id'] ?? basicId ?? '');
  if (!app) throw new OAuthError('invalid_client_id', 'client identifier invalid');
  if (!same(app.clientSecret, form['client_secret'] ?? basicSecret ?? ''))
    throw new OAuthError('invalid_client', 'invalid client credentials');
  return app;
}

function basic(authorization: string | undefined): (string | undefined)[] {
  const encoded = /^Basic (\S+)$/i.exec(authorization ?? '')?.[1];
  return encoded === undefined ? [] : Buffer.from(encoded, 'base64').toString('utf8').split(':');
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const same = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));

export const s256 = (verifier: string): string => digest(verifier).toString('base64url');
