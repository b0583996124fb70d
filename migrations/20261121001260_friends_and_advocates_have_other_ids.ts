import type { Knex } from 'knex';

/**
 * A record of a CRM leads to a referral or an advocate by more than our own ids: by the customer's id of an advocate, by a
 * friend's telephone number, and, as a question only, by the name of a friend who waits.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table advocates add column external_id text;
    create unique index advocates_external_id_once on advocates (workspace_id, program_id, external_id)
      where external_id is not null and merged_into is null and closed_at is null;
    -- Whatever the way of writing, the last seven digits of one number are the same.
    create index people_by_phone on people (workspace_id, right(regexp_replace(phone, '[^0-9]', '', 'g'), 7))
      where phone is not null and erased_at is null;
    create index referrals_waiting on referrals (workspace_id, program_id, created_at desc, id desc)
      where status = 'pending' and merged_into is null;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index referrals_waiting, people_by_phone, advocates_external_id_once;
    alter table advocates drop column external_id;
  `);
}
