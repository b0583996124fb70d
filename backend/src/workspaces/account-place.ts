import type { CrmName } from '../crm/port.ts';
import type { StoredTokens } from '../crm/token-vault.ts';
import type { Database, TenantTransaction } from '../db/database.ts';
import { newId } from '../ids.ts';
import { findConnection, type ConnectionStatus } from './connections-store.ts';
import { AccountConnectedElsewhere } from './install-errors.ts';
import type { JoinTarget } from './join-links-store.ts';
import { SealBroken, type Seal } from './seal.ts';
import { openTokens } from './token-vault.ts';

export type AccountPlaceInput = {
  readonly crm: CrmName;
  readonly title: string;
  readonly externalAccountId: string;
  /** Null: nobody's link brings the account. */
  readonly join: JoinTarget | null;
};

export type AccountPlace = { readonly workspaceId: string; readonly isNew: boolean };

/**
 * The workspace an account goes to. While it is connected that is where it is (RR-03). Afterwards it goes where a link
 * leads, or back to the workspace that was its own (E25), or to a new one: whoever came by a link is not led back to
 * strangers by coming without one.
 */
export async function findAccountPlace(database: Database, input: AccountPlaceInput): Promise<AccountPlace> {
  const { crm, title, externalAccountId, join } = input;
  const known = await findConnection(database, { crm, externalAccountId });
  if (join === null) return { workspaceId: known?.workspaceId ?? newId('ws'), isNew: known === null };
  const isLive = known !== null && known.status !== 'disconnected';
  if (isLive && known.workspaceId !== join.workspaceId)
    throw new AccountConnectedElsewhere(`The ${title} account ${externalAccountId} belongs to another workspace.`);
  return { workspaceId: join.workspaceId, isNew: false };
}

/** What a workspace holds of an account: connected, broken, or from before. */
export type HeldConnection = {
  readonly connectionId: string;
  readonly status: ConnectionStatus;
  readonly authorizedBy: string | null;
  readonly connectedAt: Date;
  /** Null where there are none, or none that still open. */
  readonly tokens: StoredTokens | null;
};

type Row = {
  id: string;
  workspace_id: string;
  crm: CrmName;
  external_account_id: string;
  status: ConnectionStatus;
  authorized_by: string | null;
  connected_at: Date;
  sealed_tokens: string | null;
  token_obtained_at: Date | null;
  token_expires_at: Date | null;
};

/** With the row locked: until the transaction ends nobody renews, breaks or ends it. */
export async function holdConnection(
  tx: TenantTransaction,
  where: { readonly seal: Seal; readonly workspaceId: string; readonly crm: CrmName; readonly account: string },
): Promise<HeldConnection | null> {
  const row = await tx<Row>('connections')
    .where({ workspace_id: where.workspaceId, crm: where.crm, external_account_id: where.account })
    .forUpdate()
    .first();
  if (!row) return null;
  return {
    connectionId: row.id,
    status: row.status,
    authorizedBy: row.authorized_by,
    connectedAt: row.connected_at,
    tokens: openOrNull(where.seal, row),
  };
}

/** Tokens whose key is gone are no reason not to connect again. */
function openOrNull(seal: Seal, row: Row): StoredTokens | null {
  try {
    return openTokens(seal, row);
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}
