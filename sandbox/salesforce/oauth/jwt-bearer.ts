import { createPublicKey, verify } from 'node:crypto';

import { ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import type { Org } from '../state/org.ts';
import type { App } from './app.ts';
import { hostedOrgs } from './hosted-orgs.ts';
import { newSession, tokenAnswer } from './issue-tokens.ts';
import { OAuthError } from './oauth-error.ts';

const LONGEST_MS = 3 * 60_000;
const SKEW_MS = 60_000;

const invalidGrant = (description: string): OAuthError => new OAuthError('invalid_grant', description);

/** A signed statement of the app instead of a code; it brings an access token only. */
export function byAssertion(exchange: Exchange, assertion: string): Reply {
  const { world } = exchange;
  const { claims, app } = verified(exchange, assertion);
  checkTimes(claims, exchange.now);
  const found = userNamed(hostedOrgs(exchange), claims['sub']);
  if (!found) throw invalidGrant("user hasn't approved this consumer");
  const { org, userId, active } = found;
  if (!audiencesOf(exchange, org).includes(String(claims['aud']))) throw invalidGrant('audience is invalid');
  if (!org.preauthorized.has(userId)) throw invalidGrant("user hasn't approved this consumer");
  if (!active) throw invalidGrant('inactive user');
  const scopes = app.scopes.filter((scope) => scope !== 'refresh_token');
  const input = { app, org, userId, scopes };
  return ok(tokenAnswer(world, input, newSession(world, input, null)));
}

type Claims = Record<string, unknown>;

function verified({ world }: Exchange, assertion: string): { claims: Claims; app: App } {
  const [header = '', payload = '', signature = ''] = assertion.split('.');
  const [head, claims] = [decode(header), decode(payload)];
  const app = world.apps.get(String(claims['iss']));
  if (!app) throw new OAuthError('invalid_client_id', 'client identifier invalid');
  if (head['alg'] !== 'RS256' || app.certificate === null) throw invalidGrant('invalid assertion');
  const key = createPublicKey(app.certificate);
  if (!verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url')))
    throw invalidGrant('invalid assertion');
  return { claims, app };
}

function decode(part: string): Claims {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Claims;
  } catch {
    throw invalidGrant('invalid assertion');
  }
}

function checkTimes({ exp }: Claims, nowMs: number): void {
  const expiresAtMs = typeof exp === 'number' ? exp * 1000 : NaN;
  if (!(expiresAtMs + SKEW_MS > nowMs)) throw invalidGrant('expired authorization code');
  if (expiresAtMs > nowMs + LONGEST_MS + SKEW_MS) throw invalidGrant('invalid assertion');
}

/** The public names of the login hosts, as Salesforce wants them, and the local ones. */
function audiencesOf({ world }: Exchange, { isSandbox }: Org): string[] {
  return isSandbox
    ? ['https://test.salesforce.com', world.hosts.sandboxLoginUrl]
    : ['https://login.salesforce.com', world.hosts.loginUrl];
}

function userNamed(orgs: readonly Org[], username: unknown): { org: Org; userId: string; active: boolean } | null {
  if (typeof username !== 'string') return null;
  for (const org of orgs) {
    const [row] = org.tables.of('User').having('Username', [username]);
    if (row) return { org, userId: row['Id'] as string, active: row['IsActive'] === true };
  }
  return null;
}
