import type { Knex } from 'knex';

/** What a contact held when it was last looked at, in a few characters: the poll of a CRM that tells of no change compares. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table crm_records add column read_digest text');
  // Rows that are made once and changed some times an hour: with room on their page a change touches no index.
  await knex.raw('alter table write_backs set (fillfactor = 50)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table write_backs reset (fillfactor)');
  await knex.raw('alter table crm_records drop column read_digest');
}
