import type { Knex } from 'knex';
import { systemFunction, tenantTable } from '../backend/src/db/tenant-table.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table enrolments (
      id text primary key,
      workspace_id text not null references workspaces (id),
      program_id text not null references programs (id),
      connection_id text not null references connections (id),
      source text not null constraint enrolments_source_known check (source in ('all', 'list')),
      list_id text constraint enrolments_list_named check ((source = 'list') = (list_id is not null)),
      list_name text,
      list_kind text,
      ongoing boolean not null,
      -- 'watching': everybody is enrolled, and joins and leaves are looked for at due_at.
      state text not null constraint enrolments_state_known
        check (state in ('running', 'paused', 'watching', 'done', 'cancelled', 'failed')),
      -- Which walk through the source this is; its cursor, null at its beginning; whether the walk has reached the end.
      pass int not null default 1,
      cursor text,
      walked boolean not null default false,
      pass_started_at timestamptz not null,
      -- With 'all': only contacts created since are looked at by this pass; null in the first.
      created_from timestamptz,
      total int,
      seen int not null default 0,
      enrolled int not null default 0,
      already int not null default 0,
      skipped int not null default 0,
      departed int not null default 0,
      -- The last moments of progress, oldest first, from which the rate is told.
      marks jsonb not null default '[]',
      due_at timestamptz,
      claimed_until timestamptz,
      attempts int not null default 0,
      last_error jsonb,
      actor text not null,
      created_at timestamptz not null,
      finished_at timestamptz
    );
    -- One live enrolment per program and source: starting it again goes on with it.
    create unique index enrolments_one_live_per_source
      on enrolments (program_id, connection_id, source, coalesce(list_id, ''))
      where state in ('running', 'paused', 'watching');
    create index enrolments_due on enrolments (connection_id, due_at) where due_at is not null;
    create index enrolments_newest on enrolments (workspace_id, created_at desc, id desc);

    -- Who is on the list of an enrolment, as last walked; also the queue of those to enrol.
    create table enrolment_members (
      enrolment_id text not null references enrolments (id),
      record_id text not null,
      workspace_id text not null,
      seen_pass int not null,
      enrolled_at timestamptz,
      left_at timestamptz,
      primary key (enrolment_id, record_id)
    ) with (fillfactor = 80);
    create index enrolment_members_waiting on enrolment_members (enrolment_id, record_id)
      where enrolled_at is null and left_at is null;
    create index enrolment_members_by_pass on enrolment_members (enrolment_id, seen_pass) where left_at is null;

    -- Set when a list they came from says so: the link says that it rests, and no new referral counts.
    alter table advocates add column paused_at timestamptz, add column consent jsonb;
    -- What the customer's own maps and forms say about a person, by key.
    alter table people add column details jsonb not null default '{}';
    -- Answers of the form, and the words of consent as they were shown.
    alter table referrals add column answers jsonb not null default '{}', add column consent jsonb;
    -- Not decided yet because something must be looked at first: 'capture' (the CRM was not asked yet whether the friend
    -- was there before) or 'review' (a person must say).
    alter table referrals add column held_for text constraint referrals_held_for_known
      check (held_for in ('capture', 'review'));

    -- Public by design: it may only sign people up, from the origins the program names.
    alter table programs add column form_key text;
    update programs set form_key = 'pf_' || replace(gen_random_uuid()::text, '-', '');
    alter table programs alter column form_key set not null;
    alter table programs add constraint programs_form_key_unique unique (form_key);

    -- Every look-up by person names the account and the kind too: one index that holds all three is right with and without
    -- statistics.
    drop index crm_records_of_person;
    create index crm_records_of_person on crm_records (person_id, connection_id, object_type) where person_id is not null;

    -- The CRM's own time of our last write, so that the poll knows our echo when it meets it.
    alter table write_backs add column written_modified_at timestamptz;

    -- Visits of links, counted per day; bots are not among them.
    create table link_visits (
      workspace_id text not null,
      advocate_id text not null references advocates (id),
      day date not null,
      visits int not null,
      primary key (advocate_id, day)
    );
  `);
  await completeDefinitions(knex);
  await tenantTable(knex, 'enrolments', ['select', 'insert', 'update']);
  await tenantTable(knex, 'enrolment_members', ['select', 'insert', 'update']);
  await tenantTable(knex, 'link_visits', ['select', 'insert', 'update']);
  await knex.raw('drop function find_link(text); drop function due_connections(timestamptz)');
  await systemFunction(knex, 'find_link(text)', FIND_LINK);
  await systemFunction(knex, 'find_public_program(text)', FIND_PUBLIC_PROGRAM);
  await systemFunction(knex, 'due_connections(timestamptz)', DUE_CONNECTIONS);
  await systemFunction(knex, 'count_visits(text, text, text, text)', COUNT_VISITS);
}

/** Programs saved before these settings existed get what a new program starts with. */
async function completeDefinitions(knex: Knex): Promise<void> {
  const defaults = JSON.stringify(SETTINGS_OF_THIS_VERSION);
  await knex.raw(`update programs set draft = ?::jsonb || draft`, [defaults]);
  await knex.raw(`update program_versions set definition = ?::jsonb || definition`, [defaults]);
}

/** Written out, not imported: a migration must go on meaning what it meant. */
const SETTINGS_OF_THIS_VERSION = {
  enrolment: {
    enabled: true,
    mapIn: [
      { field: 'firstname', to: 'firstName', default: null },
      { field: 'lastname', to: 'lastName', default: null },
      { field: 'email', to: 'email', default: null },
      { field: 'phone', to: 'phone', default: null },
    ],
    mapOut: [],
    ownFields: false,
    onLeave: 'keep',
    createContacts: true,
    contactValues: [],
  },
  capture: {
    enabled: true,
    map: [
      { field: 'email', from: 'friend.email', value: null, onExisting: 'inherit' },
      { field: 'firstname', from: 'friend.firstName', value: null, onExisting: 'inherit' },
      { field: 'lastname', from: 'friend.lastName', value: null, onExisting: 'inherit' },
      { field: 'phone', from: 'friend.phone', value: null, onExisting: 'inherit' },
    ],
    duplicates: { policy: 'link', graceMinutes: 60 },
    deal: { policy: 'await', pipelineId: null, stageId: null, name: '{friend}, referred by {advocate}' },
    owner: { policy: 'crm', ownerId: null },
  },
  page: {
    brandName: null,
    color: '#1f5fbf',
    logoUrl: null,
    signUp: {
      title: 'You have been invited',
      intro: 'Leave your details and we will be in touch.',
      button: 'Sign up',
      thanks: 'Thank you. We have your details and will be in touch soon.',
    },
    join: {
      title: 'Refer people you know',
      intro: 'Get your own link, share it, and see what comes of it.',
      button: 'Get my link',
      thanks: 'Share this link with people you think we can help.',
    },
    joinOpen: true,
    questions: [],
    consentText: null,
    privacyUrl: null,
    attributionDays: 90,
    allowedOrigins: [],
  },
};

/** Whose code this is and what its program's pages need; a paused advocate's link is found, and says so. */
const FIND_LINK = `
create function find_link(p_code text)
  returns table (workspace_id text, program_id text, advocate_id text, paused boolean, definition jsonb)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select a.workspace_id, a.program_id, live.id, live.paused_at is not null, v.definition
    from advocates a
    join advocates live on live.id = coalesce(a.merged_into, a.id) and live.closed_at is null
    join programs p on p.id = a.program_id
    join program_versions v on v.program_id = p.id and v.version = p.published_version
   where a.code = p_code and a.closed_at is null
$$`;

/** A published program by its id or its form key: the pages and forms of strangers begin here. */
const FIND_PUBLIC_PROGRAM = `
create function find_public_program(p_id_or_key text)
  returns table (workspace_id text, program_id text, definition jsonb)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select p.workspace_id, p.id, v.definition
    from programs p join program_versions v on v.program_id = p.id and v.version = p.published_version
   where p.id = p_id_or_key or p.form_key = p_id_or_key
$$`;

/** One round trip for the visits of a moment, of whatever workspaces. Columns as texts with U+001E between values. */
const COUNT_VISITS = `
create function count_visits(p_workspaces text, p_advocates text, p_days text, p_counts text) returns void
  language sql security definer set search_path = public, pg_temp
as $$
  insert into link_visits as l (workspace_id, advocate_id, day, visits)
  select v.workspace_id, v.advocate_id, v.day, v.visits
    from unnest(string_to_array(p_workspaces, chr(30)), string_to_array(p_advocates, chr(30)),
                string_to_array(p_days, chr(30))::date[], string_to_array(p_counts, chr(30))::int[])
           as v (workspace_id, advocate_id, day, visits)
    join advocates a on a.id = v.advocate_id and a.workspace_id = v.workspace_id
   order by v.advocate_id, v.day
  on conflict (advocate_id, day) do update set visits = l.visits + excluded.visits
$$`;

const DUE_CONNECTIONS = `
create function due_connections(p_now timestamptz) returns table (workspace_id text, connection_id text)
language sql stable security definer set search_path = public, pg_temp
as $$
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
                    and coalesce(e.claimed_until <= p_now, true)))
$$`;

const DUE_CONNECTIONS_BEFORE = DUE_CONNECTIONS.replace(
  /\s+or exists \(select 1 from enrolments[\s\S]*?true\)\)\)/,
  ')',
);

const FIND_LINK_BEFORE = `
create function find_link(p_code text)
  returns table (workspace_id text, program_id text, advocate_id text, landing_url text)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select a.workspace_id, a.program_id, live.id, v.definition ->> 'landingUrl'
    from advocates a
    join advocates live on live.id = coalesce(a.merged_into, a.id) and live.closed_at is null
    join programs p on p.id = a.program_id
    join program_versions v on v.program_id = p.id and v.version = p.published_version
   where a.code = p_code and a.closed_at is null
$$`;

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop function count_visits(text, text, text, text);
    drop function find_public_program(text);
    drop function due_connections(timestamptz);
    drop function find_link(text);
    drop table link_visits, enrolment_members, enrolments;
    drop index crm_records_of_person;
    create index crm_records_of_person on crm_records (person_id) where person_id is not null;
    alter table write_backs drop column written_modified_at;
    alter table programs drop column form_key;
    alter table referrals drop column answers, drop column consent, drop column held_for;
    alter table people drop column details;
    alter table advocates drop column paused_at, drop column consent;
  `);
  await systemFunction(knex, 'find_link(text)', FIND_LINK_BEFORE);
  await systemFunction(knex, 'due_connections(timestamptz)', DUE_CONNECTIONS_BEFORE);
}
