import type { Knex } from 'knex';
import { grantTo, systemFunction, tenantTable } from '../backend/src/db/tenant-table.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table workspaces (
      id text primary key,
      workspace_id text not null generated always as (id) stored,
      name text not null,
      currency text not null default 'USD',
      created_at timestamptz not null
    );

    create table connections (
      id text primary key,
      workspace_id text not null references workspaces (id),
      crm text not null constraint connections_crm_known check (crm in ('hubspot', 'salesforce')),
      external_account_id text not null,
      status text not null constraint connections_status_known
        check (status in ('connected', 'needs_reauthorization', 'disconnected')),
      status_reason text,
      sealed_tokens text,
      token_obtained_at timestamptz,
      token_expires_at timestamptz,
      refresh_claimed_until timestamptz,
      refresh_holder text,
      scopes text[] not null default '{}',
      time_zone text,
      currency text,
      ui_domain text,
      -- Pipelines and field options as last read: labels for people, never for decisions.
      crm_schema jsonb not null default '{}',
      provisioned_at timestamptz,
      provision_due_at timestamptz,
      provision_attempts int not null default 0,
      provision_error text,
      last_signal_at timestamptz,
      last_call_at timestamptz,
      connected_at timestamptz not null,
      disconnected_at timestamptz,
      created_at timestamptz not null
    );
    -- One live connection per CRM account; a disconnected one is revived, never doubled.
    create unique index connections_one_per_account on connections (crm, external_account_id);
    create index connections_by_workspace on connections (workspace_id);

    create table roles (
      workspace_id text not null references workspaces (id),
      connection_id text not null references connections (id),
      crm_user_id text not null,
      role text not null constraint roles_known check (role in ('rep', 'revops', 'admin')),
      granted_at timestamptz not null,
      primary key (connection_id, crm_user_id)
    );

    -- Started installs. Not tenant data: the tenant is known only when HubSpot answers.
    create table oauth_attempts (
      state_hash text primary key,
      crm text not null,
      sealed_verifier text not null,
      started_at timestamptz not null,
      expires_at timestamptz not null
    );

    create table audit_log (
      id bigint generated always as identity primary key,
      workspace_id text not null,
      at timestamptz not null,
      actor text not null,
      action text not null,
      subject text,
      detail jsonb not null default '{}'
    );
    create index audit_log_newest on audit_log (workspace_id, id desc);
  `);
  await tenantTable(knex, 'workspaces', ['select', 'insert', 'update']);
  await tenantTable(knex, 'connections', ['select', 'insert', 'update']);
  await tenantTable(knex, 'roles', ['select', 'insert', 'update', 'delete']);
  await tenantTable(knex, 'audit_log', ['select', 'insert']);
  await grantTo(knex, 'oauth_attempts', ['select', 'insert', 'delete']);
  await systemFunction(
    knex,
    'find_connection(text, text)',
    `create function find_connection(p_crm text, p_account text)
       returns table (workspace_id text, connection_id text, status text)
       language sql stable security definer set search_path = public, pg_temp
     as $$ select workspace_id, id, status from connections where crm = p_crm and external_account_id = p_account $$`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop function find_connection(text, text);
    drop table audit_log, oauth_attempts, roles, connections, workspaces;
  `);
}
