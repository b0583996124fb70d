import type { Knex } from 'knex';
import { systemFunction, tenantTable } from '../backend/src/db/tenant-table.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table api_keys (
      id text primary key,
      workspace_id text not null references workspaces (id),
      -- SHA-256 of the key; the key itself is shown once and never stored.
      key_hash text not null unique,
      label text not null,
      created_at timestamptz not null,
      revoked_at timestamptz
    );

    create table idempotency_keys (
      workspace_id text not null,
      key text not null,
      request_hash text not null,
      -- Null while the first request is still being answered.
      response_status int,
      response_body jsonb,
      created_at timestamptz not null,
      primary key (workspace_id, key)
    );
    create index idempotency_keys_oldest on idempotency_keys (created_at);
  `);
  await tenantTable(knex, 'api_keys', ['select', 'insert', 'update']);
  await tenantTable(knex, 'idempotency_keys', ['select', 'insert', 'update', 'delete']);
  await systemFunction(
    knex,
    'find_api_key(text)',
    `create function find_api_key(p_hash text) returns table (workspace_id text, api_key_id text)
       language sql stable security definer set search_path = public, pg_temp
     as $$ select workspace_id, id from api_keys where key_hash = p_hash and revoked_at is null $$`,
  );
  await systemFunction(knex, 'drop_old_messages(date, int)', DROP_OLD_MESSAGES);
}

/** Whole weeks of raw messages past their retention, stragglers of the default partition, and spent idempotency keys. */
const DROP_OLD_MESSAGES = `
create function drop_old_messages(p_today date, p_retention_days int) returns void
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  partition record;
begin
  perform pg_advisory_xact_lock(8, 1);
  for partition in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'inbox'::regclass and c.relname ~ '^inbox_[0-9]{8}$'
       and to_date(right(c.relname, 8), 'YYYYMMDD') + 7 <= p_today - p_retention_days
  loop
    execute format('drop table %I', partition.relname);
  end loop;
  delete from inbox_default where occurred_on < p_today - p_retention_days;
  delete from idempotency_keys where created_at < p_today - 2;
end $$`;

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    'drop function find_api_key(text); drop function drop_old_messages(date, int); drop table idempotency_keys, api_keys',
  );
}
