import type { ConnectionReport } from '../../../shared/contracts/connections.ts';
import type { Database, TenantTransaction } from '../db/database.ts';
import { toPage, type Page, type PageInput } from '../db/page.ts';
import { sortKey } from '../db/sort-key.ts';
import { alarmsJson } from '../qualification/rule-alarms-store.ts';

type Row = {
  id: string;
  crm: ConnectionReport['crm'];
  external_account_id: string;
  status: ConnectionReport['status'];
  status_reason: string | null;
  scopes: string[];
  time_zone: string | null;
  currency: string | null;
  provisioned_at: Date | null;
  provision_error: string | null;
  last_signal_at: Date | null;
  last_entry_at: Date | null;
  last_call_at: Date | null;
  connected_at: Date;
  disconnected_at: Date | null;
  alarms: ConnectionReport['alarms'] | null;
  sort_at: string;
};

/** The workspace's CRM accounts, newest first; those that were disconnected too. Tokens are not read. */
export function listConnections(
  database: Database,
  workspaceId: string,
  page: PageInput,
): Promise<Page<ConnectionReport>> {
  return database.inWorkspace(workspaceId, async (tx) => {
    const query = select(tx, workspaceId);
    if (page.after) void query.whereRaw('(created_at, id) < (?::timestamptz, ?)', [...page.after]);
    const rows = (await query.orderByRaw('created_at desc, id desc').limit(page.limit + 1)) as Row[];
    return toPage(rows, page.limit, { item: fromRow, key: (row) => [row.sort_at, row.id] });
  });
}

export function findConnectionReport(
  database: Database,
  workspaceId: string,
  connectionId: string,
): Promise<ConnectionReport | null> {
  return database.inWorkspace(workspaceId, async (tx) => {
    const row = (await select(tx, workspaceId).where({ id: connectionId }).first()) as Row | undefined;
    return row ? fromRow(row) : null;
  });
}

function select(tx: TenantTransaction, workspaceId: string) {
  return tx('connections')
    .where({ workspace_id: workspaceId })
    .select(
      'id',
      'crm',
      'external_account_id',
      'status',
      'status_reason',
      'scopes',
      'time_zone',
      'currency',
      'provisioned_at',
      'provision_error',
      'last_signal_at',
      'last_call_at',
      'connected_at',
      'disconnected_at',
      tx.raw(`(${alarmsJson('a.connection_id = connections.id')}) as alarms`),
      tx.raw(
        `(select e.created_at from entries e where e.workspace_id = connections.workspace_id and e.connection_id = connections.id
            and length(e.connection_id) > 0
           order by e.seq desc limit 1) as last_entry_at`,
      ),
      tx.raw(`${sortKey('created_at')} as sort_at`),
    );
}

function fromRow(row: Row): ConnectionReport {
  return {
    id: row.id,
    crm: row.crm,
    externalAccountId: row.external_account_id,
    status: row.status,
    statusReason: row.status_reason,
    scopes: row.scopes,
    timeZone: row.time_zone,
    currency: row.currency,
    provisionedAt: row.provisioned_at?.toISOString() ?? null,
    provisionError: row.provision_error,
    lastSignalAt: row.last_signal_at?.toISOString() ?? null,
    lastEntryAt: row.last_entry_at?.toISOString() ?? null,
    lastCallAt: row.last_call_at?.toISOString() ?? null,
    connectedAt: row.connected_at.toISOString(),
    disconnectedAt: row.disconnected_at?.toISOString() ?? null,
    alarms: row.alarms ?? [],
  };
}
