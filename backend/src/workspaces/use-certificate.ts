import type { Clock } from '../clock.ts';
import type { SalesforceGrant, SalesforceOAuth } from '../crm/salesforce/oauth.ts';
import type { StoredTokens } from '../crm/token-vault.ts';
import type { Database } from '../db/database.ts';
import { PassalongError } from '../errors/passalong-error.ts';
import type { Caller } from '../referrals/use-case-deps.ts';
import { liveConnections, type Connection } from './connections-store.ts';
import { holdConnection } from './account-place.ts';
import { CertificateUserRefused, ConnectionChanged, CrmNotConnected } from './install-errors.ts';
import { confirmIdentity } from './install-salesforce.ts';
import { saveConnection } from './install-store.ts';
import type { Seal } from './seal.ts';
import { grantColumns } from './token-vault.ts';

export type CertificateOAuth = Pick<SalesforceOAuth, 'clientId' | 'exchangeAssertion' | 'readUser' | 'revoke'> & {
  readonly loginUrl: (wanted: string | null) => string;
};

export type CertificateDeps = {
  readonly database: Database;
  readonly clock: Clock;
  readonly seal: Seal;
  readonly oauth: CertificateOAuth;
  /** The grant that is not needed any more could not be ended. */
  readonly onLeftOver: (connection: Connection, error: unknown) => void;
  readonly wake: (workspaceId: string, connectionIds: readonly string[]) => void;
};

export type CertificateRequest = { readonly username: string; readonly loginUrl: string | null };

/**
 * From now on the service speaks for `username` by its certificate and keeps no refresh token. Our one certificate opens
 * every org that allowed our app, so a user's name proves nothing about who asks: only an org that an administrator has
 * connected to this very workspace in a browser can be spoken for, and Salesforce's answer says which org that is.
 */
export async function useCertificate(
  deps: CertificateDeps,
  { workspaceId, actor }: Caller,
  { username, loginUrl }: CertificateRequest,
): Promise<string> {
  const { oauth } = deps;
  const { connection, signsInAt } = await connectedOrg(deps, workspaceId);
  const host = loginUrl === null ? (signsInAt ?? oauth.loginUrl(null)) : oauth.loginUrl(loginUrl);
  const grant = await speakFor(oauth, connection, { loginUrl: host, username });
  const { orgId: _org, userId: _user, scopes, ...tokens } = grant;
  const former = await save(deps, {
    connection,
    actor,
    scopes,
    tokens: { ...tokens, refreshToken: null, clientId: oauth.clientId, mode: 'jwt', username },
  }).catch(async (error: unknown) => {
    if (error instanceof ConnectionChanged) await endFormer(deps, connection, tokens);
    throw error;
  });
  // One certificate may have replaced itself, and Salesforce may have answered the very same session.
  if (former?.refreshToken) await endFormer(deps, connection, former);
  deps.wake(workspaceId, [connection.connectionId]);
  return connection.connectionId;
}

type ConnectedOrg = { readonly connection: Connection; readonly signsInAt: string | undefined };

/** The tokens of a broken connection open nothing any more, but still say where its people sign in. */
async function connectedOrg({ database, seal }: CertificateDeps, workspaceId: string): Promise<ConnectedOrg> {
  return database.inWorkspace(workspaceId, async (tx) => {
    const live = await liveConnections(tx, workspaceId);
    const connection = live.find(({ crm }) => crm === 'salesforce');
    if (!connection) throw new CrmNotConnected('No Salesforce org is connected to this workspace.');
    const { crm, externalAccountId: account } = connection;
    const held = await holdConnection(tx, { seal, workspaceId, crm, account });
    return { connection, signsInAt: held?.tokens?.loginUrl };
  });
}

/**
 * Who is not known, not active, not approved, or of another org is told in the same words: our certificate may speak for
 * people of other customers, and nobody learns here for whom.
 */
async function speakFor(
  oauth: CertificateOAuth,
  connection: Connection,
  whom: { readonly loginUrl: string; readonly username: string },
): Promise<SalesforceGrant> {
  const grant = await oauth.exchangeAssertion(whom).catch((error: unknown) => {
    // Only a refused grant says what ended it: the user, the org, or the approval.
    if (error instanceof PassalongError && error.facts['ended'] !== undefined) throw refused(connection);
    throw error;
  });
  if (grant.orgId !== connection.externalAccountId) throw refused(connection);
  await confirmIdentity(oauth, grant);
  return grant;
}

function refused({ externalAccountId }: Connection): CertificateUserRefused {
  return new CertificateUserRefused(
    `Salesforce lets the Passalong app speak for no user of this name in the org ${externalAccountId}.`,
  );
}

/** Who wants no refresh tokens about gets rid of ours; one that is left dies of disuse. */
async function endFormer(
  { oauth, onLeftOver }: CertificateDeps,
  connection: Connection,
  former: StoredTokens | null,
): Promise<void> {
  if (former?.loginUrl === undefined) return;
  const { loginUrl, refreshToken, accessToken } = former;
  const token = refreshToken ?? accessToken;
  await oauth.revoke({ loginUrl, token }).catch((error: unknown) => onLeftOver(connection, error));
}

type SaveInput = {
  readonly connection: Connection;
  readonly actor: string;
  readonly tokens: StoredTokens;
  readonly scopes: readonly string[];
};

async function save(
  { database, clock, seal }: CertificateDeps,
  { connection, actor, tokens, scopes }: SaveInput,
): Promise<StoredTokens | null> {
  const { workspaceId, connectionId, crm, externalAccountId: account } = connection;
  const now = new Date(clock.now());
  return database.aloneInWorkspace(workspaceId, async (tx) => {
    const held = await holdConnection(tx, { seal, workspaceId, crm, account });
    if (held?.status !== connection.status || held.connectedAt.getTime() !== connection.connectedAt.getTime())
      throw new ConnectionChanged('Somebody ended or renewed this connection meanwhile; it stays as they left it.');
    await saveConnection(tx, { ...connection, ...grantColumns(seal, connectionId, tokens), scopes, now });
    await tx('audit_log').insert({
      workspace_id: workspaceId,
      at: now,
      actor,
      action: 'connection.certificate_used',
      subject: connectionId,
      detail: JSON.stringify({ username: tokens.username }),
    });
    return held.tokens;
  });
}
