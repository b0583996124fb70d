import type { Knex } from 'knex';

/**
 * What the cards in the CRM read and write: a referral is under review at most once at a time, a contact knows its
 * company, and a card's lists come by index however many referrals an advocate has. That index holds merged referrals
 * too: a partial one looks so small to the planner on a young table that it would walk it to find a friend.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create unique index entries_one_open_review on entries (workspace_id, referral_id)
      where reason_code = 'review_requested' and state = 'review';
    alter table crm_records add column company_id text;
    create index crm_records_of_company on crm_records (connection_id, company_id) where company_id is not null;
    create index referrals_newest_of_advocate on referrals (workspace_id, advocate_id, referred_at desc, id desc);
    create index rewards_of_recipient on rewards (workspace_id, recipient_person_id, state, state_at desc, id desc);

    -- What waits for approval is counted with the rest, so that no card has to add up ten thousand rewards.
    update advocate_metrics m
       set metrics = m.metrics || jsonb_build_object('pendingTotals', coalesce((
             select jsonb_object_agg(s.currency, s.total)
               from (select w.currency, sum(w.amount_minor)::text as total
                       from referrals r join rewards w on w.referral_id = r.id
                      where r.advocate_id = m.advocate_id and w.state = 'pending' group by 1) s), '{}'));
    -- A field of ours came in ("Referral numbers as of"): accounts connected before it need it made.
    update connections set provision_due_at = now() where status = 'connected';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index rewards_of_recipient;
    drop index referrals_newest_of_advocate;
    alter table crm_records drop column company_id;
    drop index entries_one_open_review;
  `);
}
