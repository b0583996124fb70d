import type { Clock } from '../clock.ts';
import type { AccountDetails, CrmAccount, CrmName } from '../crm/port.ts';
import type { Database, TenantTransaction } from '../db/database.ts';
import { newId } from '../ids.ts';
import { startPolling } from '../ingest/poll-store.ts';
import { askForMissingContacts } from '../sync/outbox-store.ts';
import { findConnection, liveConnections, type ConnectionStatus } from './connections-store.ts';
import { describeAccount } from './describe-account.ts';
import type { Grant } from './grant.ts';
import { AccountConnectedElsewhere, CrmAlreadyConnected } from './install-errors.ts';
import { markAllDirty, saveConnection, saveInstaller } from './install-store.ts';
import { takeJoinLink } from './join-link.ts';
import type { JoinTarget } from './join-links-store.ts';
import type { Seal } from './seal.ts';
import { grantColumns } from './token-vault.ts';
import { createWorkspace } from './workspaces-store.ts';

export type ConnectDeps = {
  readonly database: Database;
  readonly clock: Clock;
  readonly seal: Seal;
  readonly readAccount: (account: CrmAccount) => Promise<AccountDetails>;
  /** The account could not be described yet. */
  readonly onLate: (account: CrmAccount, error: unknown) => void;
  readonly wake: (workspaceId: string, connectionIds: readonly string[]) => void;
};

export type ConnectInput = {
  readonly crm: CrmName;
  readonly title: string;
  readonly grant: Grant;
  /** Null: the account's own workspace, old or new. */
  readonly join: JoinTarget | null;
};

type Known = { readonly workspaceId: string; readonly connectionId: string; readonly status: ConnectionStatus } | null;

/**
 * Ties an authorised account to its workspace: the one it was connected to before (E25), the one a link joins it to, or a
 * new one. An account belongs to one workspace for good (RR-03), and a workspace has one account of each CRM at a time.
 */
export async function connectAccount(deps: ConnectDeps, input: ConnectInput): Promise<void> {
  try {
    await connectOnce(deps, input);
  } catch (error) {
    if (!isTakenMeanwhile(error)) throw error;
    await connectOnce(deps, input);
  }
}

/** The same account was connected between our look and our write, into a workspace this transaction cannot see. */
function isTakenMeanwhile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['42501', '23505'].includes(String(error.code));
}

async function connectOnce(deps: ConnectDeps, input: ConnectInput): Promise<void> {
  const { grant, crm, join } = input;
  const known = await findConnection(deps.database, { crm, externalAccountId: grant.externalAccountId });
  if (join !== null && known !== null && known.workspaceId !== join.workspaceId) {
    throw new AccountConnectedElsewhere(
      `The ${input.title} account ${grant.externalAccountId} belongs to another workspace.`,
    );
  }
  const workspaceId = known?.workspaceId ?? join?.workspaceId ?? newId('ws');
  const connectionId = known?.connectionId ?? newId('con');
  // Alone: of two accounts that arrive at once, the second must see the first.
  await deps.database.aloneInWorkspace(workspaceId, (tx) =>
    save(tx, { ...input, seal: deps.seal, now: new Date(deps.clock.now()), known, workspaceId, connectionId }),
  );
  const account: CrmAccount = { workspaceId, connectionId, crm, externalAccountId: grant.externalAccountId };
  // The connection stands; when the CRM does not answer now, provisioning asks again.
  await describeAccount(deps.database, account, deps.readAccount).catch((error: unknown) =>
    deps.onLate(account, error),
  );
  deps.wake(workspaceId, [connectionId]);
}

type SaveInput = ConnectInput & {
  readonly seal: Seal;
  readonly now: Date;
  readonly known: Known;
  readonly workspaceId: string;
  readonly connectionId: string;
};

async function save(tx: TenantTransaction, input: SaveInput): Promise<void> {
  const { crm, title, grant, join, now, known, workspaceId, connectionId } = input;
  const { externalAccountId, userId, scopes } = grant;
  if (known === null && join === null)
    await createWorkspace(tx, { id: workspaceId, name: `${title} ${externalAccountId}`, currency: 'USD', now });
  await refuseSecond(tx, input);
  const columns = grantColumns(input.seal, connectionId, grant.tokens);
  await saveConnection(tx, { workspaceId, connectionId, crm, externalAccountId, ...columns, scopes, now });
  if (join !== null) await takeJoinLink(tx, { join, connectionId, now });
  if (userId !== null) await saveInstaller(tx, { workspaceId, connectionId, crmUserId: userId, now });
  await startPolling(tx, { workspaceId, connectionId, now, dueAt: new Date(now.getTime() + 60_000) });
  await askForMissingContacts(tx, { workspaceId, connectionId, now });
  if (known?.status === 'disconnected') await markAllDirty(tx, { workspaceId, connectionId, now });
  await tx('audit_log').insert({
    workspace_id: workspaceId,
    at: now,
    actor: `${crm}_user:${userId ?? 'unknown'}`,
    action: actionOf(input),
    subject: connectionId,
    ...(join === null ? {} : { detail: JSON.stringify({ joinLinkId: join.linkId }) }),
  });
}

function actionOf({ known, join }: SaveInput): string {
  if (known !== null) return 'connection.reconnected';
  return join === null ? 'connection.connected' : 'connection.joined';
}

async function refuseSecond(tx: TenantTransaction, { crm, title, grant, workspaceId }: SaveInput): Promise<void> {
  const live = await liveConnections(tx, workspaceId);
  const other = live.find((item) => item.crm === crm && item.externalAccountId !== grant.externalAccountId);
  if (!other) return;
  throw new CrmAlreadyConnected(`The workspace is connected to another ${title} account, ${other.externalAccountId}.`, {
    connectionId: other.connectionId,
  });
}
