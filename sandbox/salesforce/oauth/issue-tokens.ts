import { createHmac, randomBytes } from 'node:crypto';

import { shortId } from '../ids.ts';
import type { Grant, Org, Session } from '../state/org.ts';
import type { World } from '../world.ts';
import type { App } from './app.ts';

export interface IssueInput {
  app: App;
  org: Org;
  userId: string;
  scopes: readonly string[];
}

/** A user keeps so many authorisations of one app; one more ends the oldest. */
const GRANTS_PER_USER = 5;

const randomText = (bytes: number): string => randomBytes(bytes).toString('base64url');

export function newGrant({ clock }: World, { app, org, userId, scopes }: IssueInput): Grant {
  const grant: Grant = {
    grantId: randomText(12),
    orgId: org.orgId,
    userId,
    clientId: app.clientId,
    scopes,
    refreshToken: '',
    lastUsedAtMs: clock.now(),
    revoked: false,
  };
  const own = [...org.grants.values()].filter(
    (each) => each.userId === userId && each.clientId === app.clientId && !each.revoked,
  );
  const oldest = own.length >= GRANTS_PER_USER ? own[0] : undefined;
  if (oldest) revokeGrant(org, oldest);
  org.grants.set(grant.grantId, grant);
  rotate(org, grant);
  return grant;
}

/** The grant's refresh token from now on; the one before is dead. */
export function rotate(org: Org, grant: Grant): void {
  grant.refreshToken = `5Aep861${randomText(42)}`;
  org.refreshTokens.set(grant.refreshToken, grant.grantId);
}

export function revokeGrant(org: Org, grant: Grant): void {
  grant.revoked = true;
  for (const [token, session] of org.sessions) if (session.grantId === grant.grantId) org.sessions.delete(token);
}

export function newSession(world: World, input: IssueInput, grantId: string | null): Session {
  const { app, org, userId, scopes } = input;
  const nowMs = world.clock.now();
  for (const [token, { expiresAtMs }] of org.sessions) if (expiresAtMs <= nowMs) org.sessions.delete(token);
  const token = `${shortId(org.orgId)}!AQ${randomText(60)}`;
  const expiresAtMs = nowMs + org.settings.accessTokenLifetimeSeconds * 1000;
  const session = { token, orgId: org.orgId, userId, clientId: app.clientId, grantId, scopes, expiresAtMs };
  org.sessions.set(token, session);
  return session;
}

/** The address under which a user is known; its last two parts are the org and the user. */
export const identityUrl = ({ hosts }: World, org: Org, userId: string): string =>
  `${org.isSandbox ? hosts.sandboxLoginUrl : hosts.loginUrl}/id/${org.orgId}/${userId}`;

export function tokenAnswer(world: World, input: IssueInput, session: Session): Record<string, string> {
  const { app, org, userId, scopes } = input;
  const id = identityUrl(world, org, userId);
  const issued_at = String(world.clock.now());
  const signature = createHmac('sha256', app.clientSecret)
    .update(id + issued_at)
    .digest('base64');
  return {
    access_token: session.token,
    signature,
    scope: scopes.join(' '),
    instance_url: org.instanceUrl,
    id,
    token_type: 'Bearer',
    issued_at,
  };
}
