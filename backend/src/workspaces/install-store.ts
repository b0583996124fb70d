import type { CrmName } from '../crm/port.ts';
import type { Database, TenantTransaction } from '../db/database.ts';
import type { JoinTarget } from './join-links-store.ts';

export type OAuthAttempt = {
  readonly sealedVerifier: string;
  readonly loginUrl: string | null;
  readonly join: JoinTarget | null;
};

export async function saveAttempt(
  database: Database,
  input: OAuthAttempt & {
    readonly stateHash: string;
    readonly crm: CrmName;
    readonly now: Date;
    readonly expiresAt: Date;
  },
): Promise<void> {
  await database.system('oauth_attempts').where('expires_at', '<', input.now).delete();
  await database.system('oauth_attempts').insert({
    state_hash: input.stateHash,
    crm: input.crm,
    sealed_verifier: input.sealedVerifier,
    login_url: input.loginUrl,
    join_link_id: input.join?.linkId ?? null,
    join_workspace: input.join?.workspaceId ?? null,
    started_at: input.now,
    expires_at: input.expiresAt,
  });
}

type AttemptRow = {
  state_hash: string;
  crm: CrmName;
  expires_at: Date;
  sealed_verifier: string;
  login_url: string | null;
  join_link_id: string | null;
  join_workspace: string | null;
};

/** Takes the attempt out, so that a state works once. */
export async function takeAttempt(
  database: Database,
  { stateHash, crm, now }: { readonly stateHash: string; readonly crm: CrmName; readonly now: Date },
): Promise<OAuthAttempt | null> {
  const rows = await database
    .system<AttemptRow>('oauth_attempts')
    .where({ state_hash: stateHash, crm })
    .andWhere('expires_at', '>', now)
    .delete(['sealed_verifier', 'login_url', 'join_link_id', 'join_workspace']);
  const row = rows[0];
  if (!row) return null;
  const { join_link_id: linkId, join_workspace: workspaceId } = row;
  const join = linkId !== null && workspaceId !== null ? { linkId, workspaceId } : null;
  return { sealedVerifier: row.sealed_verifier, loginUrl: row.login_url, join };
}

export type GrantedConnection = {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly crm: CrmName;
  readonly externalAccountId: string;
  readonly sealedTokens: string;
  readonly obtainedAt: Date;
  readonly expiresAt: Date;
  /** When tokens that die of disuse are renewed at the latest. (Default: theirs do not) */
  readonly tokenDueAt?: Date | null;
  readonly scopes: readonly string[];
  /** The CRM's id of who authorised this. (Default: whoever did before) */
  readonly authorizedBy?: string | null;
  /** A new one comes by a link. What the account once was in this workspace it stays. (Default: false) */
  readonly byLink?: boolean;
  readonly now: Date;
};

/** A new connection, or the same account connected again: it keeps its id, its records and everything that waited. */
export async function saveConnection(tx: TenantTransaction, input: GrantedConnection): Promise<void> {
  await tx.raw(
    `insert into connections as c (id, workspace_id, crm, external_account_id, status, sealed_tokens, token_obtained_at,
                                   token_expires_at, token_due_at, scopes, authorized_by, by_link, provision_due_at,
                                   connected_at, created_at)
     values (?, ?, ?, ?, 'connected', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (id) do update
        set status = 'connected', status_reason = null, sealed_tokens = excluded.sealed_tokens,
            token_obtained_at = excluded.token_obtained_at, token_expires_at = excluded.token_expires_at,
            token_due_at = excluded.token_due_at, refresh_holder = null, refresh_claimed_until = null,
            refresh_not_before = null, scopes = excluded.scopes,
            authorized_by = coalesce(excluded.authorized_by, c.authorized_by),
            provision_due_at = excluded.provision_due_at, connected_at = excluded.connected_at, disconnected_at = null`,
    [
      input.connectionId,
      input.workspaceId,
      input.crm,
      input.externalAccountId,
      input.sealedTokens,
      input.obtainedAt,
      input.expiresAt,
      input.tokenDueAt ?? null,
      [...input.scopes],
      input.authorizedBy ?? null,
      input.byLink ?? false,
      input.now,
      input.now,
      input.now,
    ],
  );
  // The failures are forgotten, a wait the CRM asked for is not.
  await tx('budgets').where({ connection_id: input.connectionId }).update({ failures: 0 });
}

/**
 * After a time apart nobody knows what changed: every record that concerns somebody is read again, which also compares
 * what the CRM holds with what it should hold.
 */
export async function markAllDirty(
  tx: TenantTransaction,
  input: { readonly workspaceId: string; readonly connectionId: string; readonly now: Date },
): Promise<void> {
  await tx.raw(
    `insert into dirty_records (connection_id, object_type, record_id, workspace_id, last_kind, last_occurred_at, due_at)
     select connection_id, object_type, record_id, workspace_id, 'reconnected', ?::timestamptz, ?::timestamptz
       from crm_records where connection_id = ? and merged_into is null
      order by 1, 2, 3
     on conflict (connection_id, object_type, record_id) do nothing`,
    [input.now, input.now, input.connectionId],
  );
}

/** What the account had a say in looks different without it: the others' contacts of everybody referred are looked at again. */
export async function markFriendsOfOthers(
  tx: TenantTransaction,
  input: { readonly workspaceId: string; readonly connectionId: string; readonly now: Date },
): Promise<void> {
  await tx.raw(
    `insert into dirty_records (connection_id, object_type, record_id, workspace_id, last_kind, last_occurred_at, due_at)
     select r.connection_id, r.object_type, r.record_id, r.workspace_id, 'account_left', ?::timestamptz, ?::timestamptz
       from (select id from connections where workspace_id = ? and id <> ? and status <> 'disconnected' offset 0) c
       cross join lateral (
         select * from crm_records
          where connection_id = c.id and object_type = 'contact' and merged_into is null and deleted_at is null offset 0) r
      where exists (select 1 from referrals f where f.person_id = r.person_id and f.merged_into is null)
      order by 1, 2, 3
     on conflict (connection_id, object_type, record_id) do nothing`,
    [input.now, input.now, input.workspaceId, input.connectionId],
  );
}

export async function saveInstaller(
  tx: TenantTransaction,
  input: {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly crmUserId: string;
    readonly now: Date;
  },
): Promise<void> {
  await tx('roles')
    .insert({
      workspace_id: input.workspaceId,
      connection_id: input.connectionId,
      crm_user_id: input.crmUserId,
      role: 'admin',
      granted_at: input.now,
    })
    .onConflict(['connection_id', 'crm_user_id'])
    .merge({ role: 'admin', granted_at: input.now });
}
