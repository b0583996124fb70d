import type { Knex } from 'knex';

/** Values that others put into our fields after we had written them, and that we wrote over once already, by field. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table write_backs add column corrected jsonb');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table write_backs drop column corrected');
}
