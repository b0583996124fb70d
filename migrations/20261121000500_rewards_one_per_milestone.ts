import type { Knex } from 'knex';
import { tenantTable } from '../backend/src/db/tenant-table.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table rewards (
      id text primary key,
      workspace_id text not null,
      program_id text not null,
      -- The version that decided. A column, not part of the key: a new version must not pay again.
      program_version int not null,
      referral_id text not null references referrals (id),
      reward_rule_id text not null,
      recipient_person_id text not null references people (id),
      milestone text not null constraint rewards_milestone_known check (milestone in ('qualified', 'approved')),
      state text not null constraint rewards_state_known
        check (state in ('pending', 'approved', 'issued', 'voided', 'clawback_proposed')),
      amount_minor bigint not null constraint rewards_amount_not_negative check (amount_minor >= 0),
      currency text not null,
      -- How the amount came about: percent, sale value as read, record, field.
      basis jsonb not null,
      row_version int not null default 1,
      created_at timestamptz not null,
      state_at timestamptz not null,
      constraint rewards_one_per_milestone unique (referral_id, reward_rule_id, recipient_person_id, milestone),
      constraint rewards_rule_exists foreign key (program_id, reward_rule_id) references reward_rules (program_id, id)
    );
    create index rewards_of_referral on rewards (workspace_id, referral_id);
    create index rewards_newest on rewards (workspace_id, created_at desc, id desc);
    create index rewards_in_state on rewards (workspace_id, state, created_at desc, id desc);

    create table reward_events (
      id bigint generated always as identity primary key,
      workspace_id text not null,
      reward_id text not null references rewards (id),
      at timestamptz not null,
      from_state text,
      to_state text not null,
      cause text not null,
      actor text not null,
      amount_minor bigint not null,
      currency text not null
    );
    create index reward_events_of_reward on reward_events (reward_id, id);

    -- Absolute numbers, re-counted from referrals and rewards in the transaction that changed them.
    create table advocate_metrics (
      advocate_id text primary key references advocates (id),
      workspace_id text not null,
      version bigint not null,
      metrics jsonb not null,
      updated_at timestamptz not null
    );
  `);
  await tenantTable(knex, 'rewards', ['select', 'insert', 'update']);
  await tenantTable(knex, 'reward_events', ['select', 'insert']);
  await tenantTable(knex, 'advocate_metrics', ['select', 'insert', 'update']);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table advocate_metrics, reward_events, rewards');
}
