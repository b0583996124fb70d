import type { Knex } from 'knex';

/** Which records, or referrals, became this one: a deal as last read may still name them, and ours must say how they ended. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index crm_records_merged on crm_records (connection_id, merged_into) where merged_into is not null;
    create index referrals_merged on referrals (merged_into) where merged_into is not null;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index crm_records_merged, referrals_merged');
}
