import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { AccountDetails, CrmAccount } from '../crm/port.ts';
import type { Database } from '../db/database.ts';
import { newId } from '../ids.ts';
import { startPolling } from '../ingest/poll-store.ts';
import { askForMissingContacts } from '../sync/outbox-store.ts';
import { findConnection } from './connections-store.ts';
import { describeAccount } from './describe-account.ts';
import { InstallDeclined, InstallScopesMissing, InstallStateInvalid } from './install-errors.ts';
import { markAllDirty, saveAttempt, saveConnection, saveInstaller, takeAttempt } from './install-store.ts';
import type { Seal } from './seal.ts';
import { codeChallengeOf, createCodeVerifier } from './pkce.ts';
import { createWorkspace } from './workspaces-store.ts';

/** What the installation needs of a CRM's OAuth; `crm/hubspot/oauth.ts` provides it. */
export type InstallOAuth = {
  authorizeUrl(input: {
    readonly redirectUri: string;
    readonly scopes: readonly string[];
    readonly state: string;
    readonly codeChallenge: string;
  }): string;
  exchangeCode(input: {
    readonly code: string;
    readonly redirectUri: string;
    readonly codeVerifier: string | null;
  }): Promise<Grant>;
};

type Grant = {
  readonly hubId: string;
  readonly userId: string | null;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly clientId: string;
  readonly obtainedAtMs: number;
  readonly expiresAtMs: number;
  readonly scopes: readonly string[];
};

export type InstallDeps = {
  readonly database: Database;
  readonly clock: Clock;
  readonly seal: Seal;
  readonly oauth: InstallOAuth;
  readonly redirectUri: string;
  readonly requiredScopes: readonly string[];
  readonly readAccount: (account: CrmAccount) => Promise<AccountDetails>;
  /** The account could not be described yet. */
  readonly onLate: (account: CrmAccount, error: unknown) => void;
  readonly wake: (workspaceId: string, connectionIds: readonly string[]) => void;
};

const ATTEMPT_MS = 10 * 60_000;

export type InstallRequest = {
  readonly code: string | null;
  readonly state: string | null;
  readonly cookie: string | null;
  readonly error: string | null;
};

/** Connecting a HubSpot portal. The portal of the token answer is the tenant; nothing the browser says ever is. */
export function createHubSpotInstall(deps: InstallDeps): {
  begin(input: {
    readonly returnTo: string | null;
  }): Promise<{ readonly redirectUrl: string; readonly cookie: string }>;
  finish(input: InstallRequest): Promise<{ readonly returnTo: string | null; readonly portalId: string }>;
} {
  return {
    async begin() {
      const state = randomBytes(24).toString('base64url');
      const verifier = createCodeVerifier();
      const now = new Date(deps.clock.now());
      const stateHash = sha256(state).toString('hex');
      await saveAttempt(deps.database, {
        stateHash,
        crm: 'hubspot',
        sealedVerifier: deps.seal.seal(verifier, stateHash),
        now,
        expiresAt: new Date(now.getTime() + ATTEMPT_MS),
      });
      const redirectUrl = deps.oauth.authorizeUrl({
        redirectUri: deps.redirectUri,
        scopes: deps.requiredScopes,
        state,
        codeChallenge: codeChallengeOf(verifier),
      });
      return { redirectUrl, cookie: sha256(state).toString('base64url') };
    },
    async finish(input) {
      if (input.error !== null)
        throw new InstallDeclined('HubSpot did not grant access.', { error: input.error.slice(0, 100) });
      if (input.code === null) throw new InstallStateInvalid('HubSpot sent no authorisation code.');
      const codeVerifier = await verifierOf(deps, input);
      const grant = await deps.oauth.exchangeCode({ code: input.code, redirectUri: deps.redirectUri, codeVerifier });
      const missing = deps.requiredScopes.filter((scope) => !grant.scopes.includes(scope));
      if (missing.length > 0) throw new InstallScopesMissing('Some permissions were not granted.', { missing });
      await connect(deps, grant);
      return { returnTo: null, portalId: grant.hubId };
    },
  };
}

/** Null for an installation begun in the marketplace, which knows no state of ours. */
async function verifierOf(deps: InstallDeps, input: InstallRequest): Promise<string | null> {
  if (input.state === null) return null;
  const expected = sha256(input.state);
  const held = Buffer.from(input.cookie ?? '', 'base64url');
  if (held.length !== expected.length || !timingSafeEqual(held, expected)) {
    throw new InstallStateInvalid('This installation was begun in another browser.');
  }
  const stateHash = expected.toString('hex');
  const attempt = await takeAttempt(deps.database, stateHash, new Date(deps.clock.now()));
  if (!attempt) throw new InstallStateInvalid('This installation was finished before, or took too long.');
  return deps.seal.open(attempt.sealedVerifier, stateHash);
}

async function connect(deps: InstallDeps, grant: Grant): Promise<void> {
  const known = await findConnection(deps.database, { crm: 'hubspot', externalAccountId: grant.hubId });
  const workspaceId = known?.workspaceId ?? newId('ws');
  const connectionId = known?.connectionId ?? newId('con');
  const now = new Date(deps.clock.now());
  await deps.database.inWorkspace(workspaceId, async (tx) => {
    if (!known) await createWorkspace(tx, { id: workspaceId, name: `HubSpot ${grant.hubId}`, currency: 'USD', now });
    await saveConnection(tx, {
      workspaceId,
      connectionId,
      crm: 'hubspot',
      externalAccountId: grant.hubId,
      now,
      sealedTokens: deps.seal.seal(
        JSON.stringify({
          accessToken: grant.accessToken,
          refreshToken: grant.refreshToken,
          clientId: grant.clientId,
        }),
        connectionId,
      ),
      obtainedAt: new Date(grant.obtainedAtMs),
      expiresAt: new Date(grant.expiresAtMs),
      scopes: grant.scopes,
    });
    if (grant.userId !== null) await saveInstaller(tx, { workspaceId, connectionId, crmUserId: grant.userId, now });
    await startPolling(tx, { workspaceId, connectionId, now, dueAt: new Date(now.getTime() + 60_000) });
    await askForMissingContacts(tx, { workspaceId, connectionId, now });
    if (known?.status === 'disconnected') await markAllDirty(tx, { workspaceId, connectionId, now });
    await tx('audit_log').insert({
      workspace_id: workspaceId,
      at: now,
      actor: `hubspot_user:${grant.userId ?? 'unknown'}`,
      action: known ? 'connection.reconnected' : 'connection.connected',
      subject: connectionId,
    });
  });
  const account: CrmAccount = { workspaceId, connectionId, crm: 'hubspot', externalAccountId: grant.hubId };
  // The connection stands; when HubSpot does not answer now, provisioning asks again.
  await describeAccount(deps.database, account, deps.readAccount).catch((error: unknown) =>
    deps.onLate(account, error),
  );
  deps.wake(workspaceId, [connectionId]);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
