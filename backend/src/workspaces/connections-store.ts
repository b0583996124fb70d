import type { Knex } from 'knex';
import type { CrmAccount, CrmName, FieldDescription, Pipeline } from '../crm/port.ts';
import type { Database, TenantTransaction } from '../db/database.ts';

export type ConnectionStatus = 'connected' | 'needs_reauthorization' | 'disconnected';

export type Connection = CrmAccount & {
  readonly status: ConnectionStatus;
  readonly statusReason: string | null;
  readonly currency: string | null;
  readonly timeZone: string | null;
  readonly uiDomain: string | null;
  readonly scopes: readonly string[];
  readonly crmSchema: CrmSchema;
  readonly provisionedAt: Date | null;
  readonly provisionDueAt: Date | null;
  readonly provisionAttempts: number;
  /** When it was authorised last. */
  readonly connectedAt: Date;
  /** When a grant that dies of disuse has to be used again; null where none does. */
  readonly tokenDueAt: Date | null;
};

/** Labels as last read, for sentences people read; decisions use ids only. Of fields, those that programs name. */
export type CrmSchema = {
  readonly pipelines?: readonly Pipeline[];
  readonly contactFields?: readonly FieldDescription[];
  readonly leadFields?: readonly FieldDescription[];
  readonly companyFields?: readonly FieldDescription[];
  readonly dealFields?: readonly FieldDescription[];
};

type ConnectionRow = {
  id: string;
  workspace_id: string;
  crm: CrmName;
  external_account_id: string;
  status: ConnectionStatus;
  status_reason: string | null;
  currency: string | null;
  time_zone: string | null;
  ui_domain: string | null;
  scopes: string[];
  crm_schema: CrmSchema;
  provisioned_at: Date | null;
  provision_due_at: Date | null;
  provision_attempts: number;
  connected_at: Date;
  token_due_at: Date | null;
};

function fromRow(row: ConnectionRow): Connection {
  return {
    workspaceId: row.workspace_id,
    connectionId: row.id,
    crm: row.crm,
    externalAccountId: row.external_account_id,
    status: row.status,
    statusReason: row.status_reason,
    currency: row.currency,
    timeZone: row.time_zone,
    uiDomain: row.ui_domain,
    scopes: row.scopes,
    crmSchema: row.crm_schema,
    provisionedAt: row.provisioned_at,
    provisionDueAt: row.provision_due_at,
    provisionAttempts: row.provision_attempts,
    connectedAt: row.connected_at,
    tokenDueAt: row.token_due_at,
  };
}

export async function findConnection(
  database: Database,
  input: { readonly crm: CrmName; readonly externalAccountId: string },
): Promise<{ workspaceId: string; connectionId: string; status: ConnectionStatus } | null> {
  const answer = await database.system.raw<{
    rows: { workspace_id: string; connection_id: string; status: ConnectionStatus }[];
  }>('select * from find_connection(?, ?)', [input.crm, input.externalAccountId]);
  const row = answer.rows[0];
  return row ? { workspaceId: row.workspace_id, connectionId: row.connection_id, status: row.status } : null;
}

export async function dueConnections(
  database: Database,
  nowMs: number,
): Promise<{ workspaceId: string; connectionId: string }[]> {
  const answer = await database.system.raw<{ rows: { workspace_id: string; connection_id: string }[] }>(
    'select * from due_connections(?)',
    [new Date(nowMs)],
  );
  return answer.rows.map((row) => ({ workspaceId: row.workspace_id, connectionId: row.connection_id }));
}

export async function loadConnection(tx: Knex, connectionId: string): Promise<Connection | null> {
  const row = await tx<ConnectionRow>('connections').where({ id: connectionId }).first();
  return row ? fromRow(row) : null;
}

/**
 * What the workspace's accounts call things, all of them together: a sentence must not depend on which of two CRMs was
 * heard last. Days are those of the account that was connected first.
 */
export async function schemaOfWorkspace(
  tx: TenantTransaction,
  workspaceId: string,
): Promise<{ readonly crmSchema: CrmSchema; readonly timeZone: string | null }> {
  const connections = await liveConnections(tx, workspaceId);
  const all = <Part extends keyof CrmSchema>(part: Part): NonNullable<CrmSchema[Part]>[number][] =>
    connections.flatMap(({ crmSchema }) => (crmSchema[part] ?? []) as NonNullable<CrmSchema[Part]>[number][]);
  return {
    crmSchema: {
      pipelines: all('pipelines'),
      contactFields: all('contactFields'),
      leadFields: all('leadFields'),
      companyFields: all('companyFields'),
      dealFields: all('dealFields'),
    },
    timeZone: connections[0]?.timeZone ?? null,
  };
}

/** The workspace's live connections; today at most one per CRM. */
export async function liveConnections(tx: TenantTransaction, workspaceId: string): Promise<Connection[]> {
  const rows = await tx<ConnectionRow>('connections')
    .where({ workspace_id: workspaceId })
    .whereNot({ status: 'disconnected' })
    .orderBy('created_at');
  return rows.map(fromRow);
}

/** Breaks once: the first caller gets true, so that people are told once. Work stays queued until re-authorisation. */
export async function markBroken(
  tx: TenantTransaction,
  input: {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly reason: string;
    readonly now: Date;
    /** Of the authorisation that turned out to be worth nothing: a newer one stays. (Default: whichever it is) */
    readonly connectedAt?: Date | undefined;
  },
): Promise<boolean> {
  const changed = await tx('connections')
    .where({
      id: input.connectionId,
      status: 'connected',
      ...(input.connectedAt && { connected_at: input.connectedAt }),
    })
    .update({ status: 'needs_reauthorization', status_reason: input.reason });
  if (changed === 0) return false;
  await tx('audit_log').insert({
    workspace_id: input.workspaceId,
    at: input.now,
    actor: 'system',
    action: 'connection.broken',
    subject: input.connectionId,
    detail: JSON.stringify({ reason: input.reason }),
  });
  return true;
}

/** When the CRM last answered us; admins look at it first when something seems stuck. */
export async function noteContact(tx: TenantTransaction, connectionId: string, now: Date): Promise<void> {
  await tx('connections').where({ id: connectionId }).update({ last_call_at: now });
}

export async function saveSchema(
  tx: TenantTransaction,
  input: {
    readonly connectionId: string;
    readonly crmSchema: CrmSchema;
    readonly now: Date;
    /** When the account is read again. */
    readonly dueAt: Date;
    /** When this reading was due. */
    readonly wasDueAt: Date | null;
  },
): Promise<void> {
  await tx('connections')
    .where({ id: input.connectionId })
    .update({
      crm_schema: JSON.stringify(input.crmSchema),
      provisioned_at: input.now,
      // Who publishes or disconnects while the account is read has the last word.
      provision_due_at: tx.raw(
        'case when provision_due_at is not distinct from ?::timestamptz then ?::timestamptz else provision_due_at end',
        [input.wasDueAt, input.dueAt],
      ),
      provision_attempts: 0,
      provision_error: null,
    });
}

export async function postponeProvisioning(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly dueAt: Date; readonly error: string },
): Promise<void> {
  await tx('connections')
    .where({ id: input.connectionId })
    .update({
      provision_due_at: input.dueAt,
      provision_error: input.error,
      provision_attempts: tx.raw('provision_attempts + 1'),
    });
}

/** True for one of all who come; `dueAt` is when the next try may be made, should this one fail. */
export async function claimTokenRenewal(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly wasDueAt: Date; readonly dueAt: Date },
): Promise<boolean> {
  const claimed = await tx('connections')
    .where({ id: input.connectionId, token_due_at: input.wasDueAt })
    .update({ token_due_at: input.dueAt });
  return claimed > 0;
}
