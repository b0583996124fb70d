import type { Knex } from 'knex';
import { systemFunction, tenantTable } from '../backend/src/db/tenant-table.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- The absolute values one CRM record should hold. Coalesced: however often they change, only the newest is written.
    create table write_backs (
      connection_id text not null,
      object_type text not null,
      record_id text not null,
      workspace_id text not null,
      desired jsonb not null,
      desired_version bigint not null default 1,
      -- What the CRM holds as far as we know: from our own writes and from re-reads. Null when unknown.
      written jsonb,
      written_version bigint not null default 0,
      -- Null when the record holds what it should.
      due_at timestamptz,
      waiting_since timestamptz,
      claimed_until timestamptz,
      attempts int not null default 0,
      last_error jsonb,
      dead_at timestamptz,
      primary key (connection_id, object_type, record_id)
    ) with (fillfactor = 70);
    create index write_backs_due on write_backs (connection_id, due_at) where due_at is not null and dead_at is null;

    -- Everything else that leaves: today, people who must exist as contacts.
    create table outbox (
      id text primary key,
      workspace_id text not null,
      connection_id text not null,
      kind text not null,
      -- The business key: asking twice is asking once.
      key text not null,
      payload jsonb not null,
      due_at timestamptz,
      claimed_until timestamptz,
      attempts int not null default 0,
      last_error jsonb,
      done_at timestamptz,
      dead_at timestamptz,
      created_at timestamptz not null,
      constraint outbox_once_per_key unique (connection_id, kind, key)
    );
    create index outbox_due on outbox (connection_id, due_at) where due_at is not null and dead_at is null;

    -- The calls of the last window, shared by every process, and the time before which the CRM wants none.
    create table budgets (
      connection_id text not null,
      kind text not null,
      workspace_id text not null,
      calls timestamptz[] not null default '{}',
      paused_until timestamptz,
      failures int not null default 0,
      primary key (connection_id, kind)
    ) with (fillfactor = 50);
  `);
  // What was set aside for a person, newest first; nearly always empty.
  for (const table of ['dirty_records', 'write_backs', 'outbox']) {
    await knex.raw(`create index ${table}_dead on ${table} (workspace_id, dead_at desc) where dead_at is not null`);
  }
  await tenantTable(knex, 'write_backs', ['select', 'insert', 'update', 'delete']);
  await tenantTable(knex, 'outbox', ['select', 'insert', 'update', 'delete']);
  await tenantTable(knex, 'budgets', ['select', 'insert', 'update']);
  await systemFunction(knex, 'due_connections(timestamptz)', DUE_CONNECTIONS);
}

const DUE_CONNECTIONS = `
create function due_connections(p_now timestamptz) returns table (workspace_id text, connection_id text)
language sql stable security definer set search_path = public, pg_temp
as $$
  select c.workspace_id, c.id
    from connections c
    left join budgets b on b.connection_id = c.id and b.kind = 'default'
   where c.status = 'connected' and coalesce(b.paused_until <= p_now, true)
     and (c.provision_due_at <= p_now
       or exists (select 1 from dirty_records d where d.connection_id = c.id and d.due_at <= p_now
                    and d.dead_at is null and coalesce(d.claimed_until <= p_now, true))
       or exists (select 1 from write_backs w where w.connection_id = c.id and w.due_at <= p_now
                    and w.dead_at is null and coalesce(w.claimed_until <= p_now, true))
       or exists (select 1 from outbox o where o.connection_id = c.id and o.due_at <= p_now
                    and o.dead_at is null and coalesce(o.claimed_until <= p_now, true))
       or exists (select 1 from poll_cursors p where p.connection_id = c.id and p.due_at <= p_now
                    and coalesce(p.claimed_until <= p_now, true)))
$$`;

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    'drop function due_connections(timestamptz); drop index dirty_records_dead; drop table budgets, outbox, write_backs',
  );
}
