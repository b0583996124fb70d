import type { Clock } from '../clock.ts';
import type { AccountDetails, CrmAccount, CrmName } from '../crm/port.ts';
import type { StoredTokens } from '../crm/token-vault.ts';
import type { Database, TenantTransaction } from '../db/database.ts';
import { newId } from '../ids.ts';
import { startPolling } from '../ingest/poll-store.ts';
import { askForMissingContacts } from '../sync/outbox-store.ts';
import { findAccountPlace, holdConnection, type AccountPlace, type HeldConnection } from './account-place.ts';
import { liveConnections } from './connections-store.ts';
import { describeAccount } from './describe-account.ts';
import type { Grant } from './grant.ts';
import { ConnectedByAnotherUser, CrmAlreadyConnected } from './install-errors.ts';
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
  /** Everybody in the account may authorise our app, and not only who may install apps. */
  readonly anyoneAuthorizes: boolean;
};

/**
 * Ties an authorised account to a workspace: the one it was connected to before (E25), the one a link joins it to, or a
 * new one. A connected account belongs to one workspace (RR-03), and a workspace has one account of each CRM at a time.
 * Resolves to the tokens that were replaced; nobody uses them any more.
 */
export async function connectAccount(deps: ConnectDeps, input: ConnectInput): Promise<StoredTokens | null> {
  try {
    return await connectOnce(deps, input);
  } catch (error) {
    if (!isTakenMeanwhile(error)) throw error;
    return connectOnce(deps, input);
  }
}

/** The same account was connected between our look and our write, into a workspace this transaction cannot see. */
function isTakenMeanwhile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['42501', '23505'].includes(String(error.code));
}

async function connectOnce(deps: ConnectDeps, input: ConnectInput): Promise<StoredTokens | null> {
  const { grant, crm } = input;
  const { externalAccountId } = grant;
  const place = await findAccountPlace(deps.database, { ...input, externalAccountId });
  const { workspaceId } = place;
  // Alone: of two accounts that arrive at once, the second must see the first.
  const { connectionId, former } = await deps.database.aloneInWorkspace(workspaceId, async (tx) => {
    const held = await holdConnection(tx, { seal: deps.seal, workspaceId, crm, account: externalAccountId });
    const id = held?.connectionId ?? newId('con');
    const now = new Date(deps.clock.now());
    await save(tx, { ...input, ...place, seal: deps.seal, now, held, connectionId: id });
    return { connectionId: id, former: held?.tokens ?? null };
  });
  const account: CrmAccount = { workspaceId, connectionId, crm, externalAccountId };
  // The connection stands; when the CRM does not answer now, provisioning asks again.
  await describeAccount(deps.database, account, deps.readAccount).catch((error: unknown) =>
    deps.onLate(account, error),
  );
  deps.wake(workspaceId, [connectionId]);
  return former;
}

type SaveInput = ConnectInput &
  AccountPlace & {
    readonly seal: Seal;
    readonly now: Date;
    readonly held: HeldConnection | null;
    readonly connectionId: string;
  };

async function save(tx: TenantTransaction, input: SaveInput): Promise<void> {
  const { crm, title, grant, join, now, held, workspaceId, connectionId } = input;
  const { externalAccountId, userId, scopes } = grant;
  if (input.isNew)
    await createWorkspace(tx, { id: workspaceId, name: `${title} ${externalAccountId}`, currency: 'USD', now });
  refuseStranger(input);
  await refuseSecond(tx, input);
  const columns = grantColumns(input.seal, connectionId, grant.tokens);
  const ids = { workspaceId, connectionId, crm, externalAccountId };
  await saveConnection(tx, { ...ids, ...columns, scopes, authorizedBy: userId, byLink: join !== null, now });
  if (join !== null) await takeJoinLink(tx, { join, connectionId, now });
  if (userId !== null) await saveInstaller(tx, { workspaceId, connectionId, crmUserId: userId, now });
  await startPolling(tx, { workspaceId, connectionId, now, dueAt: new Date(now.getTime() + 60_000) });
  await askForMissingContacts(tx, { workspaceId, connectionId, now });
  if (held?.status === 'disconnected') await markAllDirty(tx, { workspaceId, connectionId, now });
  await tx('audit_log').insert({
    workspace_id: workspaceId,
    at: now,
    actor: `${crm}_user:${userId ?? 'unknown'}`,
    action: actionOf(input),
    subject: connectionId,
    ...(join === null ? {} : { detail: JSON.stringify({ joinLinkId: join.linkId }) }),
  });
}

function actionOf({ held, join }: SaveInput): string {
  if (join !== null) return 'connection.joined';
  return held === null ? 'connection.connected' : 'connection.reconnected';
}

/** What works is nobody's to replace: whoever authorises becomes an admin, and the service works with their rights. */
function refuseStranger({ anyoneAuthorizes, title, grant, held }: SaveInput): void {
  if (!anyoneAuthorizes || held?.status !== 'connected' || held.authorizedBy === null) return;
  if (held.authorizedBy === grant.userId) return;
  throw new ConnectedByAnotherUser(
    `The ${title} account ${grant.externalAccountId} is connected by another user of it. That connection stays as it is.`,
  );
}

async function refuseSecond(tx: TenantTransaction, { crm, title, grant, workspaceId }: SaveInput): Promise<void> {
  const live = await liveConnections(tx, workspaceId);
  const other = live.find((item) => item.crm === crm && item.externalAccountId !== grant.externalAccountId);
  if (!other) return;
  throw new CrmAlreadyConnected(`The workspace is connected to another ${title} account, ${other.externalAccountId}.`, {
    connectionId: other.connectionId,
  });
}
