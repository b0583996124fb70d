import type { Knex } from 'knex';
import { systemFunction, tenantTable } from '../backend/src/db/tenant-table.ts';

const SETTINGS_UNTIL_NOW = JSON.stringify({
  decisions: {
    alreadyMet: 'qualify',
    severalContacts: 'review',
    primaryRole: null,
    reviewDenied: false,
    overrideDenied: false,
    notifyReview: false,
    reviewTimeout: { policy: 'stay', afterDays: 30 },
    fieldUpdates: [],
  },
  matching: {
    target: [],
    additional: [],
    member: [],
    email: true,
    names: { enabled: false, threshold: 0.9, margin: 0.1 },
    contacts: 'record',
    maxContacts: 50,
    directMatches: 'process',
    fuzzyMatches: 'process',
    unmatched: 'ignore',
  },
  integrity: {
    selfReferral: 'allow',
    sameCompany: 'allow',
    ownDeal: 'allow',
    existingCustomer: 'allow',
    openDeal: 'allow',
  },
});

const RE_EVALUATIONS_DUE = `
          or exists (select 1 from re_evaluations v where v.connection_id = c.id and v.due_at <= p_now
                       and coalesce(v.claimed_until <= p_now, true))`;

function dueConnections(more: string): string {
  return `
    create function due_connections(p_now timestamptz)
      returns table (workspace_id text, connection_id text) language sql stable security definer
      set search_path = public, pg_temp as $$
      select c.workspace_id, c.id
        from connections c
        left join budgets b on b.connection_id = c.id and b.kind = 'default'
       where c.status = 'connected' and coalesce(b.paused_until <= p_now, true)
         and (c.provision_due_at <= p_now
          or exists (select 1 from dirty_records d where d.connection_id = c.id and d.due_at <= p_now
                       and d.dead_at is null and coalesce(d.claimed_until <= p_now, true))
          or exists (select 1 from write_backs w where w.connection_id = c.id and w.due_at <= p_now
                       and w.dead_at is null and coalesce(w.claimed_until <= p_now, true))
          or exists (select 1 from outbox o where o.connection_id = c.id and o.due_at <= p_now
                       and o.dead_at is null and coalesce(o.claimed_until <= p_now, true))
          or exists (select 1 from poll_cursors p where p.connection_id = c.id and p.due_at <= p_now
                       and coalesce(p.claimed_until <= p_now, true))
          or exists (select 1 from enrolments e where e.connection_id = c.id and e.due_at <= p_now
                       and coalesce(e.claimed_until <= p_now, true))${more})
    $$`;
}

/**
 * Careful decisions: a referral keeps the version of the rules it was referred under until somebody asks for another; a
 * person's answer to an open question is kept and read by every later decision; one question is open at most once.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table referrals
      add column rules_version int not null default 1,
      -- What was so before this counts as "already": the moment of the re-evaluation; null, of the referral.
      add column rules_since timestamptz,
      add column decided_by text not null default 'rules',
      add column external_id text,
      add column details jsonb not null default '{}',
      -- What a person gave it, if anything: rules raise it from there and never take it below.
      add column person_floor text constraint referrals_person_floor_known check (person_floor in ('qualified', 'approved')),
      -- The rule and the record that gave the status it has; null where no rule did.
      add column deciding jsonb,
      add constraint referrals_decided_by_known check (decided_by in ('rules', 'person'));
    update referrals r
       set rules_version = coalesce(r.program_version, p.published_version, 1)
      from programs p where p.id = r.program_id;
    -- Which versions still decide something is asked before every batch of reads: one probe per version.
    create index referrals_of_version on referrals (program_id, rules_version);
    create unique index referrals_external_id_once on referrals (workspace_id, program_id, external_id)
      where external_id is not null and merged_into is null;

    alter table rewards
      -- Who approved it, 'system' for an automatic one: what a person approved is not changed by a later decision.
      add column approved_by text,
      add column void_cause text;
    update rewards w set approved_by = (select actor from reward_events e where e.reward_id = w.id and e.to_state = 'approved' order by e.id desc limit 1)
     where state in ('approved', 'issued', 'clawback_proposed');
    update rewards w set void_cause = (select cause from reward_events e where e.reward_id = w.id and e.to_state = 'voided' order by e.id desc limit 1)
     where state = 'voided';

    alter table snapshots
      -- When the CRM says the record was made: what stood there before a referral is told from it.
      add column record_created_at timestamptz,
      add column company_id text,
      -- Of a deal: the role ids of its contacts, by contact, where the CRM gives any.
      add column contact_roles jsonb not null default '{}';

    alter table entries
      add column review_key text,
      add column review_due_at timestamptz,
      add column notify boolean not null default false,
      add column replay boolean not null default false;
    -- What was asked without a key cannot be answered: decided again, it is asked with one.
    update entries set state = 'processed', reason_code = 'review_overtaken', updated_at = now()
     where state = 'review' and reason_code = 'several_referred_contacts';
    create unique index entries_one_open_question on entries (workspace_id, referral_id, review_key)
      where state = 'review' and review_key is not null and referral_id is not null;
    create unique index entries_one_open_question_of_record on entries (workspace_id, connection_id, object_type, record_id, review_key)
      where state = 'review' and review_key is not null and referral_id is null;
    create index entries_review_due on entries (review_due_at) where state = 'review' and review_due_at is not null;
    create index entries_of_record on entries (workspace_id, connection_id, object_type, record_id, seq desc)
      where record_id is not null;
    create index entries_of_program on entries (workspace_id, program_id, seq desc) where program_id is not null;

    -- What accounts offer is read again from now on, and with more detail: the first time at once.
    update connections set provision_due_at = now() where status = 'connected' and provision_due_at is null;

    -- Two rules that one version offered may both pay; one that was not there then may not pay for what was rewarded.
    create table reward_rule_versions (
      workspace_id text not null references workspaces (id),
      program_id text not null,
      reward_rule_id text not null,
      version int not null,
      primary key (program_id, reward_rule_id, version),
      foreign key (program_id, reward_rule_id) references reward_rules (program_id, id)
    );
    insert into reward_rule_versions (workspace_id, program_id, reward_rule_id, version)
    select w.workspace_id, w.program_id, w.id, v.version
      from reward_rules w join program_versions v on v.program_id = w.program_id
     where v.definition -> 'rewardRules' @> jsonb_build_array(jsonb_build_object('id', w.id));

    create table review_answers (
      workspace_id text not null references workspaces (id),
      referral_id text not null references referrals (id),
      review_key text not null,
      answer text not null,
      actor text not null,
      note text,
      entry_id text not null,
      answered_at timestamptz not null,
      primary key (referral_id, review_key),
      constraint review_answers_known check (answer in ('counts', 'does_not_count'))
    );
    create index review_answers_newest on review_answers (workspace_id, answered_at desc);

    create table re_evaluations (
      id text primary key,
      workspace_id text not null references workspaces (id),
      program_id text not null references programs (id),
      connection_id text references connections (id),
      -- The version it would move referrals to: another one published meanwhile makes a new preview necessary.
      version int not null,
      state text not null,
      after_id text,
      counts jsonb not null default '{}',
      sample jsonb not null default '[]',
      requested_by text not null,
      applied_by text,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      due_at timestamptz,
      claimed_until timestamptz,
      finished_at timestamptz,
      last_error jsonb,
      constraint re_evaluations_state_known check (state in ('reading', 'previewing', 'previewed', 'applying', 'done', 'cancelled'))
    );
    create unique index re_evaluations_one_live on re_evaluations (program_id)
      where state in ('reading', 'previewing', 'previewed', 'applying');
    create index re_evaluations_due on re_evaluations (connection_id, due_at) where due_at is not null;
    create index re_evaluations_newest on re_evaluations (workspace_id, created_at desc, id desc);

    create table rule_alarms (
      workspace_id text not null references workspaces (id),
      connection_id text not null references connections (id),
      program_id text not null references programs (id),
      version int not null,
      path text not null,
      code text not null,
      message text not null,
      remedy text not null,
      first_seen_at timestamptz not null,
      primary key (program_id, version, connection_id, path, code)
    );
    create index rule_alarms_of_program on rule_alarms (workspace_id, program_id);
  `);
  await tenantTable(knex, 'reward_rule_versions', ['select', 'insert']);
  await tenantTable(knex, 'review_answers', ['select', 'insert', 'update', 'delete']);
  await tenantTable(knex, 're_evaluations', ['select', 'insert', 'update']);
  await tenantTable(knex, 'rule_alarms', ['select', 'insert', 'delete']);
  // What programs meant until now: everything was decided at once, and only shared deals were asked about.
  for (const [table, column] of [
    ['programs', 'draft'],
    ['program_versions', 'definition'],
  ]) {
    await knex.raw(
      `update ${table} set ${column} = ?::jsonb || ${column} || jsonb_build_object('rules',
         (select coalesce(jsonb_agg('{"priority": 100}'::jsonb || r order by n), '[]') from jsonb_array_elements(${column} -> 'rules') with ordinality as e(r, n)))`,
      [SETTINGS_UNTIL_NOW],
    );
  }
  await systemFunction(
    knex,
    'due_reviews(timestamptz, int)',
    `
    create function due_reviews(p_now timestamptz, p_limit int)
      returns table (workspace_id text, entry_id text) language sql stable security definer
      set search_path = public, pg_temp as $$
      select e.workspace_id, e.id from entries e
       where e.state = 'review' and e.review_due_at <= p_now
       order by e.review_due_at limit p_limit
    $$`,
  );
  await knex.raw('drop function due_connections(timestamptz)');
  await systemFunction(knex, 'due_connections(timestamptz)', dueConnections(RE_EVALUATIONS_DUE));
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop function due_connections(timestamptz)');
  await systemFunction(knex, 'due_connections(timestamptz)', dueConnections(''));
  await knex.raw(`
    drop function due_reviews(timestamptz, int);
    drop table reward_rule_versions;
    drop table rule_alarms;
    drop table re_evaluations;
    drop table review_answers;
    drop index entries_of_program, entries_of_record, entries_review_due, entries_one_open_question, entries_one_open_question_of_record;
    alter table entries drop column review_key, drop column review_due_at, drop column notify, drop column replay;
    alter table snapshots drop column record_created_at, drop column company_id, drop column contact_roles;
    drop index referrals_external_id_once, referrals_of_version;
    alter table referrals drop column rules_version, drop column rules_since, drop column decided_by, drop column external_id,
      drop column details, drop column deciding, drop column person_floor;
    alter table rewards drop column approved_by, drop column void_cause;
  `);
}
