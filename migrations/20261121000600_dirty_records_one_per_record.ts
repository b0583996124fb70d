import type { Knex } from 'knex';
import { systemFunction, tenantTable } from '../backend/src/db/tenant-table.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Every inbound message as received. Partitioned by the day the CRM says it happened, so that a redelivery
    -- days later still meets its first copy, and old days can be dropped whole.
    create table inbox (
      workspace_id text not null,
      connection_id text not null,
      source_key uuid not null,
      occurred_on date not null,
      occurred_at timestamptz not null,
      received_at timestamptz not null,
      kind text not null,
      object_type text not null,
      record_id text not null,
      -- The message as received, JSON; text because nothing ever looks inside with SQL.
      raw text not null,
      constraint inbox_once_per_message primary key (connection_id, source_key, occurred_on)
    ) partition by range (occurred_on);
    create table inbox_default partition of inbox default;

    -- Where to look. A hint is a raised generation; it is answered when the record was read at that generation.
    create table dirty_records (
      connection_id text not null,
      object_type text not null,
      record_id text not null,
      workspace_id text not null,
      generation bigint not null default 1,
      -- Sticky: the one hint that is also an instruction.
      privacy_deletion boolean not null default false,
      -- The newest message, for the entry that explains the decision.
      last_kind text not null,
      last_source_key uuid,
      last_occurred_at timestamptz not null,
      due_at timestamptz not null,
      claimed_until timestamptz,
      attempts int not null default 0,
      last_error jsonb,
      dead_at timestamptz,
      primary key (connection_id, object_type, record_id)
    ) with (fillfactor = 70);
    create index dirty_records_due on dirty_records (connection_id, due_at) where dead_at is null;

    create table poll_cursors (
      connection_id text not null references connections (id),
      object_type text not null,
      workspace_id text not null,
      -- Everything the CRM changed up to here was seen.
      caught_up_to timestamptz not null,
      -- The window being walked, by record id; null between walks.
      window_from timestamptz,
      window_to timestamptz,
      after_id text,
      due_at timestamptz not null,
      claimed_until timestamptz,
      last_error jsonb,
      primary key (connection_id, object_type)
    );
  `);
  await tenantTable(knex, 'inbox', ['select', 'insert', 'delete']);
  await knex.raw('alter table inbox_default enable row level security');
  await tenantTable(knex, 'dirty_records', ['select', 'insert', 'update', 'delete']);
  await tenantTable(knex, 'poll_cursors', ['select', 'insert', 'update', 'delete']);
  await systemFunction(knex, ACCEPT_SIGNALS_SIGNATURE, ACCEPT_SIGNALS);
  await systemFunction(knex, 'keep_inbox_partitions(date, int)', KEEP_INBOX_PARTITIONS);
}

const ACCEPT_SIGNALS_SIGNATURE =
  'accept_signals(text, timestamptz, int, text, text, text, text, text, text, text, text, text, text, text)';

/*
 * One round trip for a whole batch of deliveries: tenant locks, inbox rows, dirty marks, all or nothing.
 * The account ids come from a verified signature; accounts nobody connected are counted and dropped. A mark names the
 * message it comes from, so that a redelivered message marks nothing. A column comes as one text, its values apart by the
 * record separator (U+001E), which neither JSON nor an id holds unescaped: the cheapest form on both sides. The shared tenant lock (exclusive while a decision commits) and the order of the marks keep intake
 * and decisions from dead-locking on dirty rows.
 */
const ACCEPT_SIGNALS = `
create function accept_signals(
  p_crm text, p_now timestamptz, p_window_ms int,
  p_accounts text, p_keys text, p_kinds text, p_times text, p_types text, p_ids text, p_raws text,
  p_mark_keys text, p_mark_types text, p_mark_ids text, p_mark_erases text
) returns table (accepted int, known int, connections json)
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  sep constant text := chr(30);
begin
  perform pg_advisory_xact_lock_shared(7, hashtext(t.workspace_id))
    from (select distinct c.workspace_id from connections c
           where c.crm = p_crm and c.external_account_id = any (string_to_array(p_accounts, sep)) and c.status <> 'disconnected'
           order by 1) t;
  return query
  with sent as materialized (
    select c.workspace_id, c.id as connection_id, s.source_key, s.kind, s.occurred_at, s.object_type, s.record_id, s.raw
      from unnest(string_to_array(p_accounts, sep), string_to_array(p_keys, sep)::uuid[], string_to_array(p_kinds, sep),
                  string_to_array(p_times, sep)::timestamptz[], string_to_array(p_types, sep), string_to_array(p_ids, sep),
                  string_to_array(p_raws, sep))
             as s (account, source_key, kind, occurred_at, object_type, record_id, raw)
      join connections c on c.crm = p_crm and c.external_account_id = s.account and c.status <> 'disconnected'
  ), fresh as (
    insert into inbox (workspace_id, connection_id, source_key, occurred_on, occurred_at, received_at, kind,
                       object_type, record_id, raw)
    select s.workspace_id, s.connection_id, s.source_key, (s.occurred_at at time zone 'UTC')::date, s.occurred_at, p_now,
           s.kind, s.object_type, s.record_id, s.raw
      from sent s
    on conflict do nothing
    returning inbox.workspace_id, inbox.connection_id, inbox.source_key, inbox.kind, inbox.occurred_at
  ), marked as (
    insert into dirty_records (connection_id, object_type, record_id, workspace_id, privacy_deletion, last_kind,
                               last_source_key, last_occurred_at, due_at)
    select distinct on (f.connection_id, m.object_type, m.record_id)
           f.connection_id, m.object_type, m.record_id, f.workspace_id, m.erase, f.kind, f.source_key, f.occurred_at,
           p_now + p_window_ms * interval '1 millisecond'
      from unnest(string_to_array(p_mark_keys, sep)::uuid[], string_to_array(p_mark_types, sep),
                  string_to_array(p_mark_ids, sep), string_to_array(p_mark_erases, sep)::boolean[])
             as m (source_key, object_type, record_id, erase)
      join fresh f on f.source_key = m.source_key
     order by f.connection_id, m.object_type, m.record_id, m.erase desc, f.occurred_at desc
    on conflict (connection_id, object_type, record_id) do update
       set generation = dirty_records.generation + 1,
           privacy_deletion = dirty_records.privacy_deletion or excluded.privacy_deletion,
           last_kind = excluded.last_kind,
           last_source_key = excluded.last_source_key,
           last_occurred_at = excluded.last_occurred_at,
           due_at = case when dirty_records.dead_at is null then least(dirty_records.due_at, excluded.due_at)
                         else excluded.due_at end,
           attempts = case when dirty_records.dead_at is null then dirty_records.attempts else 0 end,
           dead_at = null
  ), news as (
    select distinct f.workspace_id, f.connection_id from fresh f
  ), seen as (
    update connections c set last_signal_at = p_now
      from news n
     where c.id = n.connection_id and (c.last_signal_at is null or c.last_signal_at < p_now - interval '5 seconds')
  )
  select (select count(*) from fresh)::int,
         (select count(*) from sent)::int,
         (select coalesce(json_agg(json_build_object('workspaceId', n.workspace_id, 'connectionId', n.connection_id)), '[]')
            from news n);
end $$`;

/** Weekly partitions from one week back to the given number of weeks ahead; idempotent, run at start and daily. */
const KEEP_INBOX_PARTITIONS = `
create function keep_inbox_partitions(p_today date, p_weeks_ahead int) returns void
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  monday date := date_trunc('week', p_today)::date - 7;
  name text;
begin
  perform pg_advisory_xact_lock(8, 1);
  while monday <= p_today + p_weeks_ahead * 7 loop
    name := 'inbox_' || to_char(monday, 'YYYYMMDD');
    if to_regclass(name) is null
       and not exists (select 1 from inbox_default where occurred_on >= monday and occurred_on < monday + 7) then
      execute format('create table %I partition of inbox for values from (%L) to (%L)', name, monday, monday + 7);
      execute format('alter table %I enable row level security', name);
    end if;
    monday := monday + 7;
  end loop;
end $$`;

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop function ${ACCEPT_SIGNALS_SIGNATURE};
    drop function keep_inbox_partitions(date, int);
    drop table poll_cursors, dirty_records, inbox;
  `);
}
