import type { Knex } from 'knex';

/**
 * Every filter of the list of entries has an index in the order of the list, so that a page of a rare kind costs the same
 * among a million entries as among ten. The messages around a decision are found by when they came: a block range index
 * costs the intake next to nothing.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index entries_open;
    create index entries_in_state on entries (workspace_id, state, seq desc);
    create index entries_with_reason on entries (workspace_id, reason_code, seq desc);
    -- The condition is spelled by whoever wants this index: nothing that asks for one record may be led to walk it.
    create index entries_of_connection on entries (workspace_id, connection_id, seq desc) where length(connection_id) > 0;
    create index entries_to_notify on entries (workspace_id, seq desc) where notify;
    create index entries_by_time on entries (workspace_id, created_at, seq);
    create index inbox_received on inbox using brin (received_at) with (pages_per_range = 16, autosummarize = on);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index inbox_received, entries_by_time, entries_to_notify, entries_of_connection, entries_with_reason, entries_in_state;
    create index entries_open on entries (workspace_id, state, seq desc) where state in ('failed', 'review');
  `);
}
