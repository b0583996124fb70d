import type { Knex } from 'knex';
import { tenantTable } from '../backend/src/db/tenant-table.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Events of other platforms by their own id: the same event is noted once, however often it is sent.
    create table inbound_events (
      workspace_id text not null references workspaces (id),
      type text not null,
      event_id text not null,
      -- Of the event as it was read: other content under the same id is refused.
      request_hash text not null,
      entry_id text not null,
      received_at timestamptz not null,
      primary key (workspace_id, type, event_id)
    );
  `);
  await tenantTable(knex, 'inbound_events', ['select', 'insert']);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table inbound_events');
}
