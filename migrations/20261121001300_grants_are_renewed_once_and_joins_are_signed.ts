import type { Knex } from 'knex';
import { systemFunction, tenantTable } from '../backend/src/db/tenant-table.ts';

const UNUSED_GRANTS_DUE = 'c.token_due_at <= p_now or ';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table connections
      -- Nobody asks for new tokens before this: the CRM wants patience.
      add column refresh_not_before timestamptz,
      -- A grant that dies of disuse is used again at the latest now; null where none does.
      add column token_due_at timestamptz;

    -- Where this browser was sent to sign in, and by which link it joins a workspace.
    alter table oauth_attempts
      add column login_url text,
      add column join_link_id text,
      add column join_workspace text;

    -- Each joins one account to its workspace, once. Only the signature is kept by whoever holds the link.
    create table join_links (
      id text primary key,
      workspace_id text not null references workspaces (id),
      crm text not null constraint join_links_crm_known check (crm in ('hubspot', 'salesforce')),
      created_by text not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      used_at timestamptz,
      connection_id text references connections (id)
    );
    create index join_links_by_workspace on join_links (workspace_id, created_at desc);
  `);
  await tenantTable(knex, 'join_links', ['select', 'insert', 'update']);
  await knex.raw('drop function due_connections(timestamptz)');
  await systemFunction(knex, 'due_connections(timestamptz)', dueConnections(UNUSED_GRANTS_DUE));
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop function due_connections(timestamptz)');
  await systemFunction(knex, 'due_connections(timestamptz)', dueConnections(''));
  await knex.raw(`
    drop table join_links;
    alter table oauth_attempts drop column login_url, drop column join_link_id, drop column join_workspace;
    alter table connections drop column refresh_not_before, drop column token_due_at;
  `);
}

function dueConnections(more: string): string {
  return `
    create function due_connections(p_now timestamptz)
      returns table (workspace_id text, connection_id text) language sql stable security definer
      set search_path = public, pg_temp as $$
      select c.workspace_id, c.id
        from connections c
        left join budgets b on b.connection_id = c.id and b.kind = 'default'
       where c.status = 'connected' and coalesce(b.paused_until <= p_now, true)
         and (${more}c.provision_due_at <= p_now
          or exists (select 1 from dirty_records d where d.connection_id = c.id and d.due_at <= p_now
                       and d.dead_at is null and coalesce(d.claimed_until <= p_now, true))
          or exists (select 1 from write_backs w where w.connection_id = c.id and w.due_at <= p_now
                       and w.dead_at is null and coalesce(w.claimed_until <= p_now, true))
          or exists (select 1 from outbox o where o.connection_id = c.id and o.due_at <= p_now
                       and o.dead_at is null and coalesce(o.claimed_until <= p_now, true))
          or exists (select 1 from poll_cursors p where p.connection_id = c.id and p.due_at <= p_now
                       and coalesce(p.claimed_until <= p_now, true))
          or exists (select 1 from enrolments e where e.connection_id = c.id and e.due_at <= p_now
                       and coalesce(e.claimed_until <= p_now, true))
          or exists (select 1 from re_evaluations v where v.connection_id = c.id and v.due_at <= p_now
                       and coalesce(v.claimed_until <= p_now, true)))
    $$`;
}
