import { CrmAuthorizationRevoked } from '../crm/errors.ts';
import type { CrmName, CrmPort } from '../crm/port.ts';
import type { StoredTokens } from '../crm/token-vault.ts';
import { PassalongError, type ErrorDetails } from '../errors/passalong-error.ts';
import { suspendOutbox } from '../sync/outbox-store.ts';
import type { Caller, UseCaseDeps } from '../referrals/use-case-deps.ts';
import { holdConnection } from './account-place.ts';
import { loadConnection, type Connection } from './connections-store.ts';
import { markFriendsOfOthers } from './install-store.ts';
import type { Seal } from './seal.ts';

/** No such connection in this workspace. */
export class ConnectionNotFound extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'connection_not_found',
    status: 404,
    retry: 'never',
    remedy: 'Check the connection id; GET /api/v1/connections lists yours.',
  };
}

export type DisconnectDeps = UseCaseDeps & {
  readonly ports: Partial<Readonly<Record<CrmName, CrmPort>>>;
  readonly seal: Seal;
  /** Ends the grant of these tokens, where each authorisation makes one of its own. */
  readonly endGrant: Partial<Readonly<Record<CrmName, (tokens: StoredTokens) => Promise<void>>>>;
  readonly onUninstallFailure: (connection: Connection, error: unknown) => void;
};

/**
 * Stops both directions at once and for good (RF-46): waiting writes and hints are dropped, the CRM is told, the tokens
 * go. Everything synced before stays, here and there (RF-47); connecting again goes on with the same workspace.
 */
export async function disconnect(
  deps: DisconnectDeps,
  { workspaceId, actor }: Caller,
  connectionId: string,
): Promise<void> {
  const connection = await deps.database.inWorkspace(workspaceId, (tx) => loadConnection(tx, connectionId));
  if (!connection) throw new ConnectionNotFound(`There is no connection ${connectionId} in this workspace.`);
  if (connection.status === 'disconnected') return;
  if (connection.status === 'connected') await tellCrm(deps, connection);
  const { crm, externalAccountId: account } = connection;
  const left = await deps.database.aloneInWorkspace(workspaceId, async (tx) => {
    const held = await holdConnection(tx, { seal: deps.seal, workspaceId, crm, account });
    const now = new Date(deps.clock.now());
    await tx('connections').where({ id: connectionId }).update({
      status: 'disconnected',
      status_reason: 'Disconnected on request',
      disconnected_at: now,
      sealed_tokens: null,
      token_obtained_at: null,
      token_expires_at: null,
      token_due_at: null,
      provision_due_at: null,
    });
    for (const table of ['write_backs', 'dirty_records', 'poll_cursors']) {
      await tx(table).where({ connection_id: connectionId }).delete();
    }
    await suspendOutbox(tx, connectionId);
    await markFriendsOfOthers(tx, { workspaceId, connectionId, now });
    await tx('audit_log').insert({
      workspace_id: workspaceId,
      at: now,
      actor,
      action: 'connection.disconnected',
      subject: connectionId,
    });
    return held?.tokens ?? null;
  });
  if (left !== null) await endLeft(deps, connection, left);
}

/** Tokens that were renewed while the CRM was told, or that a broken connection held: nobody could end them any more. */
async function endLeft(deps: DisconnectDeps, connection: Connection, left: StoredTokens): Promise<void> {
  await deps.endGrant[connection.crm]?.(left).catch((error: unknown) => deps.onUninstallFailure(connection, error));
}

/** Leaving must work while the CRM is down: a failure here is reported, and the tokens are forgotten all the same. */
async function tellCrm(deps: DisconnectDeps, connection: Connection): Promise<void> {
  try {
    await deps.ports[connection.crm]?.uninstall(connection);
  } catch (error) {
    if (!(error instanceof CrmAuthorizationRevoked)) deps.onUninstallFailure(connection, error);
  }
}
