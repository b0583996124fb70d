import type { Knex } from 'knex';
import { systemFunction, tenantTable } from '../backend/src/db/tenant-table.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table advocates (
      id text primary key,
      workspace_id text not null references workspaces (id),
      program_id text not null references programs (id),
      person_id text not null references people (id),
      code text not null constraint advocates_code_unique_everywhere unique,
      -- Set when two advocates turned out to be one person: the code goes on working for the survivor.
      merged_into text references advocates (id),
      closed_at timestamptz,
      created_at timestamptz not null,
      constraint advocates_one_per_person_and_program unique (program_id, person_id)
    );
    create index advocates_of_person on advocates (workspace_id, person_id);
    create index advocates_newest on advocates (workspace_id, created_at desc, id desc);

    create table referrals (
      id text primary key,
      workspace_id text not null references workspaces (id),
      program_id text not null references programs (id),
      advocate_id text not null references advocates (id),
      person_id text not null references people (id),
      status text not null constraint referrals_status_known
        check (status in ('pending', 'qualified', 'approved', 'denied')),
      -- One plain sentence, the same that is written into the CRM.
      status_reason text not null,
      status_at timestamptz not null,
      program_version int,
      row_version int not null default 1,
      source text not null,
      merged_into text references referrals (id),
      -- Null until the first decision: a new referral of somebody whose contact has not changed must be decided all the same.
      decided_at timestamptz,
      referred_at timestamptz not null,
      created_at timestamptz not null,
      constraint referrals_one_per_friend_and_program unique (program_id, person_id)
    );
    -- The workspace leads, because row-level security adds it to every query: a planner without statistics then has no
    -- reason to prefer an index that knows the workspace only.
    create index referrals_of_advocate on referrals (workspace_id, advocate_id, status, referred_at);
    create index referrals_of_person on referrals (workspace_id, person_id);
    create index referrals_newest on referrals (workspace_id, created_at desc, id desc);

    create table referral_events (
      id bigint generated always as identity primary key,
      workspace_id text not null,
      referral_id text not null references referrals (id),
      at timestamptz not null,
      from_status text,
      to_status text not null,
      cause text not null,
      actor text not null,
      reason text not null,
      program_version int,
      entry_id text
    );
    create index referral_events_of_referral on referral_events (referral_id, id);

    -- One decision about a record or a request that touched somebody; kept for ever.
    create table entries (
      id text primary key,
      workspace_id text not null,
      -- Monotonic, so that pages never skip or repeat.
      seq bigint generated always as identity,
      state text not null constraint entries_state_known check (state in ('processed', 'ignored', 'failed', 'review')),
      reason_code text not null,
      reason text not null,
      trigger jsonb not null,
      program_id text,
      program_version int,
      referral_id text,
      connection_id text,
      object_type text,
      record_id text,
      -- The request or values as received: what a person edits before a retry.
      input jsonb,
      trace jsonb,
      edits jsonb not null default '[]',
      attempts int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null
    );
    create index entries_newest on entries (workspace_id, seq desc);
    create index entries_open on entries (workspace_id, state, seq desc) where state in ('failed', 'review');
    create index entries_of_referral on entries (workspace_id, referral_id, seq desc) where referral_id is not null;
  `);
  await tenantTable(knex, 'advocates', ['select', 'insert', 'update']);
  await tenantTable(knex, 'referrals', ['select', 'insert', 'update']);
  await tenantTable(knex, 'referral_events', ['select', 'insert']);
  await tenantTable(knex, 'entries', ['select', 'insert', 'update']);
  await systemFunction(
    knex,
    'find_link(text)',
    `create function find_link(p_code text)
       returns table (workspace_id text, program_id text, advocate_id text, landing_url text)
       language sql stable security definer set search_path = public, pg_temp
     as $$
       select a.workspace_id, a.program_id, live.id, v.definition ->> 'landingUrl'
         from advocates a
         join advocates live on live.id = coalesce(a.merged_into, a.id) and live.closed_at is null
         join programs p on p.id = a.program_id
         join program_versions v on v.program_id = p.id and v.version = p.published_version
        where a.code = p_code and a.closed_at is null
     $$`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop function find_link(text); drop table entries, referral_events, referrals, advocates');
}
