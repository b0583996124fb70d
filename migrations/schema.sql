-- The schema as the migrations leave it. Written by `npm run schema`, checked by test/db/schema-text.test.ts.
-- It is for reading and for reviewing changes: the migrations make the schema, not this file.

grant usage on schema public to public;
create sequence public.audit_log_id_seq as bigint increment 1;
create sequence public.entries_seq_seq as bigint increment 1;
create sequence public.referral_events_id_seq as bigint increment 1;
create sequence public.reward_events_id_seq as bigint increment 1;
create sequence public.snapshots_id_seq as bigint increment 1;

create function public.accept_signals(p_crm text, p_now timestamp with time zone, p_window_ms integer, p_accounts text, p_keys text, p_kinds text, p_times text, p_types text, p_ids text, p_raws text, p_mark_keys text, p_mark_types text, p_mark_ids text, p_mark_erases text) returns TABLE(accepted integer, known integer, connections json) language plpgsql security definer set search_path=public, pg_temp as $$
declare
  sep constant text := chr(30);
begin
  perform pg_advisory_xact_lock_shared(7, hashtext(t.workspace_id))
    from (select distinct c.workspace_id from connections c
           where c.crm = p_crm and c.external_account_id = any (string_to_array(p_accounts, sep)) and c.status <> 'disconnected'
           order by 1) t;
  return query
  with sent as materialized (
    select c.workspace_id, c.id as connection_id, s.source_key, s.kind, s.occurred_at, s.object_type, s.record_id, s.raw
      from unnest(string_to_array(p_accounts, sep), string_to_array(p_keys, sep)::uuid[], string_to_array(p_kinds, sep),
                  string_to_array(p_times, sep)::timestamptz[], string_to_array(p_types, sep), string_to_array(p_ids, sep),
                  string_to_array(p_raws, sep))
             as s (account, source_key, kind, occurred_at, object_type, record_id, raw)
      join connections c on c.crm = p_crm and c.external_account_id = s.account and c.status <> 'disconnected'
  ), fresh as (
    insert into inbox (workspace_id, connection_id, source_key, occurred_on, occurred_at, received_at, kind,
                       object_type, record_id, raw)
    select s.workspace_id, s.connection_id, s.source_key, (s.occurred_at at time zone 'UTC')::date, s.occurred_at, p_now,
           s.kind, s.object_type, s.record_id, s.raw
      from sent s
    on conflict do nothing
    returning inbox.workspace_id, inbox.connection_id, inbox.source_key, inbox.kind, inbox.occurred_at
  ), marked as (
    insert into dirty_records (connection_id, object_type, record_id, workspace_id, privacy_deletion, last_kind,
                               last_source_key, last_occurred_at, due_at)
    select distinct on (f.connection_id, m.object_type, m.record_id)
           f.connection_id, m.object_type, m.record_id, f.workspace_id, m.erase, f.kind, f.source_key, f.occurred_at,
           p_now + p_window_ms * interval '1 millisecond'
      from unnest(string_to_array(p_mark_keys, sep)::uuid[], string_to_array(p_mark_types, sep),
                  string_to_array(p_mark_ids, sep), string_to_array(p_mark_erases, sep)::boolean[])
             as m (source_key, object_type, record_id, erase)
      join fresh f on f.source_key = m.source_key
     order by f.connection_id, m.object_type, m.record_id, m.erase desc, f.occurred_at desc
    on conflict (connection_id, object_type, record_id) do update
       set generation = dirty_records.generation + 1,
           privacy_deletion = dirty_records.privacy_deletion or excluded.privacy_deletion,
           last_kind = excluded.last_kind,
           last_source_key = excluded.last_source_key,
           last_occurred_at = excluded.last_occurred_at,
           due_at = case when dirty_records.dead_at is null then least(dirty_records.due_at, excluded.due_at)
                         else excluded.due_at end,
           attempts = case when dirty_records.dead_at is null then dirty_records.attempts else 0 end,
           dead_at = null
  ), news as (
    select distinct f.workspace_id, f.connection_id from fresh f
  ), seen as (
    update connections c set last_signal_at = p_now
      from news n
     where c.id = n.connection_id and (c.last_signal_at is null or c.last_signal_at < p_now - interval '5 seconds')
  )
  select (select count(*) from fresh)::int,
         (select count(*) from sent)::int,
         (select coalesce(json_agg(json_build_object('workspaceId', n.workspace_id, 'connectionId', n.connection_id)), '[]')
            from news n);
end $$;
grant execute on function public.accept_signals(p_crm text, p_now timestamp with time zone, p_window_ms integer, p_accounts text, p_keys text, p_kinds text, p_times text, p_types text, p_ids text, p_raws text, p_mark_keys text, p_mark_types text, p_mark_ids text, p_mark_erases text) to passalong_app;

create function public.count_visits(p_workspaces text, p_advocates text, p_days text, p_counts text) returns void language sql security definer set search_path=public, pg_temp as $$
  insert into link_visits as l (workspace_id, advocate_id, day, visits)
  select v.workspace_id, v.advocate_id, v.day, v.visits
    from unnest(string_to_array(p_workspaces, chr(30)), string_to_array(p_advocates, chr(30)),
                string_to_array(p_days, chr(30))::date[], string_to_array(p_counts, chr(30))::int[])
           as v (workspace_id, advocate_id, day, visits)
    join advocates a on a.id = v.advocate_id and a.workspace_id = v.workspace_id
   order by v.advocate_id, v.day
  on conflict (advocate_id, day) do update set visits = l.visits + excluded.visits
$$;
grant execute on function public.count_visits(p_workspaces text, p_advocates text, p_days text, p_counts text) to passalong_app;

create function public.drop_old_messages(p_today date, p_retention_days integer) returns void language plpgsql security definer set search_path=public, pg_temp as $$
declare
  partition record;
begin
  perform pg_advisory_xact_lock(8, 1);
  for partition in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'inbox'::regclass and c.relname ~ '^inbox_[0-9]{8}$'
       and to_date(right(c.relname, 8), 'YYYYMMDD') + 7 <= p_today - p_retention_days
  loop
    execute format('drop table %I', partition.relname);
  end loop;
  delete from inbox_default where occurred_on < p_today - p_retention_days;
  delete from idempotency_keys where created_at < p_today - 2;
end $$;
grant execute on function public.drop_old_messages(p_today date, p_retention_days integer) to passalong_app;

create function public.due_connections(p_now timestamp with time zone) returns TABLE(workspace_id text, connection_id text) language sql stable security definer set search_path=public, pg_temp as $$
      select c.workspace_id, c.id
        from connections c
        left join budgets b on b.connection_id = c.id and b.kind = 'default'
       where c.status = 'connected' and coalesce(b.paused_until <= p_now, true)
         and (c.token_due_at <= p_now or c.provision_due_at <= p_now
          or exists (select 1 from dirty_records d where d.connection_id = c.id and d.due_at <= p_now
                       and d.dead_at is null and coalesce(d.claimed_until <= p_now, true))
          or exists (select 1 from write_backs w where w.connection_id = c.id and w.due_at <= p_now
                       and w.dead_at is null and coalesce(w.claimed_until <= p_now, true))
          or exists (select 1 from outbox o where o.connection_id = c.id and o.due_at <= p_now
                       and o.dead_at is null and coalesce(o.claimed_until <= p_now, true))
          or exists (select 1 from poll_cursors p where p.connection_id = c.id and p.due_at <= p_now
                       and coalesce(p.claimed_until <= p_now, true))
          or exists (select 1 from enrolments e where e.connection_id = c.id and e.due_at <= p_now
                       and coalesce(e.claimed_until <= p_now, true))
          or exists (select 1 from re_evaluations v where v.connection_id = c.id and v.due_at <= p_now
                       and coalesce(v.claimed_until <= p_now, true)))
    $$;
grant execute on function public.due_connections(p_now timestamp with time zone) to passalong_app;

create function public.due_reviews(p_now timestamp with time zone, p_limit integer) returns TABLE(workspace_id text, entry_id text) language sql stable security definer set search_path=public, pg_temp as $$
      select e.workspace_id, e.id from entries e
       where e.state = 'review' and e.review_due_at <= p_now
       order by e.review_due_at limit p_limit
    $$;
grant execute on function public.due_reviews(p_now timestamp with time zone, p_limit integer) to passalong_app;

create function public.find_api_key(p_hash text) returns TABLE(workspace_id text, api_key_id text) language sql stable security definer set search_path=public, pg_temp as $$ select workspace_id, id from api_keys where key_hash = p_hash and revoked_at is null $$;
grant execute on function public.find_api_key(p_hash text) to passalong_app;

create function public.find_connection(p_crm text, p_account text) returns TABLE(workspace_id text, connection_id text, status text) language sql stable security definer set search_path=public, pg_temp as $$
    select workspace_id, id, status from connections
     where crm = p_crm and external_account_id = p_account and (status <> 'disconnected' or not by_link)
     order by (status <> 'disconnected') desc, connected_at desc, id
     limit 1
  $$;
grant execute on function public.find_connection(p_crm text, p_account text) to passalong_app;

create function public.find_link(p_code text) returns TABLE(workspace_id text, program_id text, advocate_id text, paused boolean, definition jsonb) language sql stable security definer set search_path=public, pg_temp as $$
  select a.workspace_id, a.program_id, live.id, live.paused_at is not null, v.definition
    from advocates a
    join advocates live on live.id = coalesce(a.merged_into, a.id) and live.closed_at is null
    join programs p on p.id = a.program_id
    join program_versions v on v.program_id = p.id and v.version = p.published_version
   where a.code = p_code and a.closed_at is null
$$;
grant execute on function public.find_link(p_code text) to passalong_app;

create function public.find_public_program(p_id_or_key text) returns TABLE(workspace_id text, program_id text, definition jsonb) language sql stable security definer set search_path=public, pg_temp as $$
  select p.workspace_id, p.id, v.definition
    from programs p join program_versions v on v.program_id = p.id and v.version = p.published_version
   where p.id = p_id_or_key or p.form_key = p_id_or_key
$$;
grant execute on function public.find_public_program(p_id_or_key text) to passalong_app;

create function public.find_record_page(p_of text, p_id text) returns TABLE(ui_domain text, record_id text) language sql stable security definer set search_path=public, pg_temp as $$
  (select c.ui_domain, w.written ->> 'referralRecordId'
     from referrals r
     join people p on p.id = r.person_id and p.erased_at is null
     join connections c on c.workspace_id = r.workspace_id and c.crm = 'salesforce'
      and c.status <> 'disconnected' and c.ui_domain is not null
     join write_backs w on w.connection_id = c.id and w.object_type = 'referral' and w.record_id = r.id
      and w.workspace_id = r.workspace_id and w.written ->> 'referralRecordId' is not null
    where p_of = 'referrals' and r.id = p_id
    order by c.connected_at, c.id
    limit 1)
  union all
  (select c.ui_domain, k.record_id
     from advocates a
     join advocates live on live.id = coalesce(a.merged_into, a.id)
     join people p on p.id = live.person_id and p.erased_at is null
     join connections c on c.workspace_id = live.workspace_id and c.crm = 'salesforce'
      and c.status <> 'disconnected' and c.ui_domain is not null
     join crm_records k on k.person_id = p.id and k.connection_id = c.id and k.object_type = 'contact'
      and k.workspace_id = live.workspace_id and k.deleted_at is null and k.merged_into is null
    where p_of = 'advocates' and a.id = p_id
    order by k.first_seen_at, k.record_id
    limit 1)
$$;
grant execute on function public.find_record_page(p_of text, p_id text) to passalong_app;

create function public.keep_inbox_partitions(p_today date, p_weeks_ahead integer) returns void language plpgsql security definer set search_path=public, pg_temp as $$
declare
  monday date := date_trunc('week', p_today)::date - 7;
  name text;
begin
  perform pg_advisory_xact_lock(8, 1);
  while monday <= p_today + p_weeks_ahead * 7 loop
    name := 'inbox_' || to_char(monday, 'YYYYMMDD');
    if to_regclass(name) is null
       and not exists (select 1 from inbox_default where occurred_on >= monday and occurred_on < monday + 7) then
      execute format('create table %I partition of inbox for values from (%L) to (%L)', name, monday, monday + 7);
      execute format('alter table %I enable row level security', name);
    end if;
    monday := monday + 7;
  end loop;
end $$;
grant execute on function public.keep_inbox_partitions(p_today date, p_weeks_ahead integer) to passalong_app;

create table public.advocate_metrics (
  advocate_id text not null,
  workspace_id text not null,
  version bigint not null,
  metrics jsonb not null,
  updated_at timestamp with time zone not null,
  constraint advocate_metrics_pkey PRIMARY KEY (advocate_id),
  constraint advocate_metrics_advocate_id_fkey FOREIGN KEY (advocate_id) REFERENCES public.advocates(id)
);
alter table public.advocate_metrics enable row level security;
create policy advocate_metrics_of_workspace on public.advocate_metrics as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select, update on public.advocate_metrics to passalong_app;

create table public.advocates (
  id text not null,
  workspace_id text not null,
  program_id text not null,
  person_id text not null,
  code text not null,
  merged_into text,
  closed_at timestamp with time zone,
  created_at timestamp with time zone not null,
  paused_at timestamp with time zone,
  consent jsonb,
  external_id text,
  constraint advocates_pkey PRIMARY KEY (id),
  constraint advocates_code_unique_everywhere UNIQUE (code),
  constraint advocates_one_per_person_and_program UNIQUE (program_id, person_id),
  constraint advocates_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES public.advocates(id),
  constraint advocates_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.people(id),
  constraint advocates_program_id_fkey FOREIGN KEY (program_id) REFERENCES public.programs(id),
  constraint advocates_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id)
);
CREATE INDEX advocates_newest ON public.advocates USING btree (workspace_id, created_at DESC, id DESC);
CREATE INDEX advocates_of_person ON public.advocates USING btree (workspace_id, person_id);
CREATE UNIQUE INDEX advocates_external_id_once ON public.advocates USING btree (workspace_id, program_id, external_id) WHERE ((external_id IS NOT NULL) AND (merged_into IS NULL) AND (closed_at IS NULL));
alter table public.advocates enable row level security;
create policy advocates_of_workspace on public.advocates as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select, update on public.advocates to passalong_app;

create table public.api_keys (
  id text not null,
  workspace_id text not null,
  key_hash text not null,
  label text not null,
  created_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_key_hash_key UNIQUE (key_hash),
  constraint api_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id)
);
alter table public.api_keys enable row level security;
create policy api_keys_of_workspace on public.api_keys as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select, update on public.api_keys to passalong_app;

create table public.audit_log (
  id bigint not null generated always as identity,
  workspace_id text not null,
  at timestamp with time zone not null,
  actor text not null,
  action text not null,
  subject text,
  detail jsonb not null default '{}'::jsonb,
  constraint audit_log_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_log_newest ON public.audit_log USING btree (workspace_id, id DESC);
alter table public.audit_log enable row level security;
create policy audit_log_of_workspace on public.audit_log as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select on public.audit_log to passalong_app;

create table public.budgets (
  connection_id text not null,
  kind text not null,
  workspace_id text not null,
  calls timestamp with time zone[] not null default '{}'::timestamp with time zone[],
  paused_until timestamp with time zone,
  failures integer not null default 0,
  constraint budgets_pkey PRIMARY KEY (connection_id, kind)
);
alter table public.budgets enable row level security;
create policy budgets_of_workspace on public.budgets as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select, update on public.budgets to passalong_app;

create table public.connections (
  id text not null,
  workspace_id text not null,
  crm text not null,
  external_account_id text not null,
  status text not null,
  status_reason text,
  sealed_tokens text,
  token_obtained_at timestamp with time zone,
  token_expires_at timestamp with time zone,
  refresh_claimed_until timestamp with time zone,
  refresh_holder text,
  scopes text[] not null default '{}'::text[],
  time_zone text,
  currency text,
  ui_domain text,
  crm_schema jsonb not null default '{}'::jsonb,
  provisioned_at timestamp with time zone,
  provision_due_at timestamp with time zone,
  provision_attempts integer not null default 0,
  provision_error text,
  last_signal_at timestamp with time zone,
  last_call_at timestamp with time zone,
  connected_at timestamp with time zone not null,
  disconnected_at timestamp with time zone,
  created_at timestamp with time zone not null,
  refresh_not_before timestamp with time zone,
  token_due_at timestamp with time zone,
  by_link boolean not null default false,
  authorized_by text,
  constraint connections_pkey PRIMARY KEY (id),
  constraint connections_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id),
  constraint connections_crm_known CHECK ((crm = ANY (ARRAY['hubspot'::text, 'salesforce'::text]))),
  constraint connections_status_known CHECK ((status = ANY (ARRAY['connected'::text, 'needs_reauthorization'::text, 'disconnected'::text])))
);
CREATE INDEX connections_by_workspace ON public.connections USING btree (workspace_id);
CREATE UNIQUE INDEX connections_one_live_per_account ON public.connections USING btree (crm, external_account_id) WHERE (status <> 'disconnected'::text);
CREATE UNIQUE INDEX connections_one_per_workspace_and_account ON public.connections USING btree (crm, external_account_id, workspace_id);
alter table public.connections enable row level security;
create policy connections_of_workspace on public.connections as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select, update on public.connections to passalong_app;

create table public.crm_records (
  connection_id text not null,
  object_type text not null,
  record_id text not null,
  workspace_id text not null,
  person_id text,
  merged_into text,
  deleted_at timestamp with time zone,
  first_seen_at timestamp with time zone not null,
  company_id text,
  read_digest text,
  constraint crm_records_pkey PRIMARY KEY (connection_id, object_type, record_id),
  constraint crm_records_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES public.connections(id),
  constraint crm_records_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.people(id)
);
CREATE INDEX crm_records_merged ON public.crm_records USING btree (connection_id, merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX crm_records_of_company ON public.crm_records USING btree (connection_id, company_id) WHERE (company_id IS NOT NULL);
CREATE INDEX crm_records_of_person ON public.crm_records USING btree (person_id, connection_id, object_type) WHERE (person_id IS NOT NULL);
alter table public.crm_records enable row level security;
create policy crm_records_of_workspace on public.crm_records as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select, update on public.crm_records to passalong_app;

create table public.dirty_records (
  connection_id text not null,
  object_type text not null,
  record_id text not null,
  workspace_id text not null,
  generation bigint not null default 1,
  privacy_deletion boolean not null default false,
  last_kind text not null,
  last_source_key uuid,
  last_occurred_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  claimed_until timestamp with time zone,
  attempts integer not null default 0,
  last_error jsonb,
  dead_at timestamp with time zone,
  constraint dirty_records_pkey PRIMARY KEY (connection_id, object_type, record_id)
);
CREATE INDEX dirty_records_dead ON public.dirty_records USING btree (workspace_id, dead_at DESC) WHERE (dead_at IS NOT NULL);
CREATE INDEX dirty_records_due ON public.dirty_records USING btree (connection_id, due_at) WHERE (dead_at IS NULL);
alter table public.dirty_records enable row level security;
create policy dirty_records_of_workspace on public.dirty_records as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant delete, insert, select, update on public.dirty_records to passalong_app;

create table public.enrolment_members (
  enrolment_id text not null,
  record_id text not null,
  workspace_id text not null,
  seen_pass integer not null,
  enrolled_at timestamp with time zone,
  left_at timestamp with time zone,
  constraint enrolment_members_pkey PRIMARY KEY (enrolment_id, record_id),
  constraint enrolment_members_enrolment_id_fkey FOREIGN KEY (enrolment_id) REFERENCES public.enrolments(id)
);
CREATE INDEX enrolment_members_by_pass ON public.enrolment_members USING btree (enrolment_id, seen_pass) WHERE (left_at IS NULL);
CREATE INDEX enrolment_members_waiting ON public.enrolment_members USING btree (enrolment_id, record_id) WHERE ((enrolled_at IS NULL) AND (left_at IS NULL));
alter table public.enrolment_members enable row level security;
create policy enrolment_members_of_workspace on public.enrolment_members as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select, update on public.enrolment_members to passalong_app;

create table public.enrolments (
  id text not null,
  workspace_id text not null,
  program_id text not null,
  connection_id text not null,
  source text not null,
  list_id text,
  list_name text,
  list_kind text,
  ongoing boolean not null,
  state text not null,
  pass integer not null default 1,
  cursor text,
  walked boolean not null default false,
  pass_started_at timestamp with time zone not null,
  created_from timestamp with time zone,
  total integer,
  seen integer not null default 0,
  enrolled integer not null default 0,
  already integer not null default 0,
  skipped integer not null default 0,
  departed integer not null default 0,
  marks jsonb not null default '[]'::jsonb,
  due_at timestamp with time zone,
  claimed_until timestamp with time zone,
  attempts integer not null default 0,
  last_error jsonb,
  actor text not null,
  created_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  constraint enrolments_pkey PRIMARY KEY (id),
  constraint enrolments_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES public.connections(id),
  constraint enrolments_program_id_fkey FOREIGN KEY (program_id) REFERENCES public.programs(id),
  constraint enrolments_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id),
  constraint enrolments_list_named CHECK (((source = 'list'::text) = (list_id IS NOT NULL))),
  constraint enrolments_source_known CHECK ((source = ANY (ARRAY['all'::text, 'list'::text]))),
  constraint enrolments_state_known CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'watching'::text, 'done'::text, 'cancelled'::text, 'failed'::text])))
);
CREATE INDEX enrolments_due ON public.enrolments USING btree (connection_id, due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX enrolments_newest ON public.enrolments USING btree (workspace_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX enrolments_one_live_per_source ON public.enrolments USING btree (program_id, connection_id, source, COALESCE(list_id, ''::text)) WHERE (state = ANY (ARRAY['running'::text, 'paused'::text, 'watching'::text]));
alter table public.enrolments enable row level security;
create policy enrolments_of_workspace on public.enrolments as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select, update on public.enrolments to passalong_app;

create table public.entries (
  id text not null,
  workspace_id text not null,
  seq bigint not null generated always as identity,
  state text not null,
  reason_code text not null,
  reason text not null,
  trigger jsonb not null,
  program_id text,
  program_version integer,
  referral_id text,
  connection_id text,
  object_type text,
  record_id text,
  input jsonb,
  trace jsonb,
  edits jsonb not null default '[]'::jsonb,
  attempts integer not null default 1,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  review_key text,
  review_due_at timestamp with time zone,
  notify boolean not null default false,
  replay boolean not null default false,
  constraint entries_pkey PRIMARY KEY (id),
  constraint entries_state_known CHECK ((state = ANY (ARRAY['processed'::text, 'ignored'::text, 'failed'::text, 'review'::text])))
);
CREATE INDEX entries_by_time ON public.entries USING btree (workspace_id, created_at, seq);
CREATE INDEX entries_in_state ON public.entries USING btree (workspace_id, state, seq DESC);
CREATE INDEX entries_newest ON public.entries USING btree (workspace_id, seq DESC);
CREATE INDEX entries_of_connection ON public.entries USING btree (workspace_id, connection_id, seq DESC) WHERE (length(connection_id) > 0);
CREATE INDEX entries_of_program ON public.entries USING btree (workspace_id, program_id, seq DESC) WHERE (program_id IS NOT NULL);
CREATE INDEX entries_of_record ON public.entries USING btree (workspace_id, connection_id, object_type, record_id, seq DESC) WHERE (record_id IS NOT NULL);
CREATE INDEX entries_of_referral ON public.entries USING btree (workspace_id, referral_id, seq DESC) WHERE (referral_id IS NOT NULL);
CREATE INDEX entries_review_due ON public.entries USING btree (review_due_at) WHERE ((state = 'review'::text) AND (review_due_at IS NOT NULL));
CREATE INDEX entries_to_notify ON public.entries USING btree (workspace_id, seq DESC) WHERE notify;
CREATE INDEX entries_with_reason ON public.entries USING btree (workspace_id, reason_code, seq DESC);
CREATE UNIQUE INDEX entries_one_open_question ON public.entries USING btree (workspace_id, referral_id, review_key) WHERE ((state = 'review'::text) AND (review_key IS NOT NULL) AND (referral_id IS NOT NULL));
CREATE UNIQUE INDEX entries_one_open_question_of_record ON public.entries USING btree (workspace_id, connection_id, object_type, record_id, review_key) WHERE ((state = 'review'::text) AND (review_key IS NOT NULL) AND (referral_id IS NULL));
CREATE UNIQUE INDEX entries_one_open_review ON public.entries USING btree (workspace_id, referral_id) WHERE ((reason_code = 'review_requested'::text) AND (state = 'review'::text));
alter table public.entries enable row level security;
create policy entries_of_workspace on public.entries as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select, update on public.entries to passalong_app;

create table public.idempotency_keys (
  workspace_id text not null,
  key text not null,
  request_hash text not null,
  response_status integer,
  response_body jsonb,
  created_at timestamp with time zone not null,
  constraint idempotency_keys_pkey PRIMARY KEY (workspace_id, key)
);
CREATE INDEX idempotency_keys_oldest ON public.idempotency_keys USING btree (created_at);
alter table public.idempotency_keys enable row level security;
create policy idempotency_keys_of_workspace on public.idempotency_keys as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant delete, insert, select, update on public.idempotency_keys to passalong_app;

create table public.inbound_events (
  workspace_id text not null,
  type text not null,
  event_id text not null,
  request_hash text not null,
  entry_id text not null,
  received_at timestamp with time zone not null,
  constraint inbound_events_pkey PRIMARY KEY (workspace_id, type, event_id),
  constraint inbound_events_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id)
);
alter table public.inbound_events enable row level security;
create policy inbound_events_of_workspace on public.inbound_events as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select on public.inbound_events to passalong_app;

create table public.inbox (
  workspace_id text not null,
  connection_id text not null,
  source_key uuid not null,
  occurred_on date not null,
  occurred_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  kind text not null,
  object_type text not null,
  record_id text not null,
  raw text not null,
  constraint inbox_once_per_message PRIMARY KEY (connection_id, source_key, occurred_on)
) partition by RANGE (occurred_on);
CREATE INDEX inbox_received ON ONLY public.inbox USING brin (received_at) WITH (pages_per_range='16', autosummarize='on');
alter table public.inbox enable row level security;
create policy inbox_of_workspace on public.inbox as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant delete, insert, select on public.inbox to passalong_app;

create table public.join_links (
  id text not null,
  workspace_id text not null,
  crm text not null,
  created_by text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  connection_id text,
  constraint join_links_pkey PRIMARY KEY (id),
  constraint join_links_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES public.connections(id),
  constraint join_links_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id),
  constraint join_links_crm_known CHECK ((crm = ANY (ARRAY['hubspot'::text, 'salesforce'::text])))
);
CREATE INDEX join_links_by_workspace ON public.join_links USING btree (workspace_id, created_at DESC);
alter table public.join_links enable row level security;
create policy join_links_of_workspace on public.join_links as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select, update on public.join_links to passalong_app;

create table public.link_visits (
  workspace_id text not null,
  advocate_id text not null,
  day date not null,
  visits integer not null,
  constraint link_visits_pkey PRIMARY KEY (advocate_id, day),
  constraint link_visits_advocate_id_fkey FOREIGN KEY (advocate_id) REFERENCES public.advocates(id)
);
alter table public.link_visits enable row level security;
create policy link_visits_of_workspace on public.link_visits as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select, update on public.link_visits to passalong_app;

create table public.oauth_attempts (
  state_hash text not null,
  crm text not null,
  sealed_verifier text not null,
  started_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  login_url text,
  join_link_id text,
  join_workspace text,
  constraint oauth_attempts_pkey PRIMARY KEY (state_hash)
);
grant delete, insert, select on public.oauth_attempts to passalong_app;

create table public.outbox (
  id text not null,
  workspace_id text not null,
  connection_id text not null,
  kind text not null,
  key text not null,
  payload jsonb not null,
  due_at timestamp with time zone,
  claimed_until timestamp with time zone,
  attempts integer not null default 0,
  last_error jsonb,
  done_at timestamp with time zone,
  dead_at timestamp with time zone,
  created_at timestamp with time zone not null,
  constraint outbox_pkey PRIMARY KEY (id),
  constraint outbox_once_per_key UNIQUE (connection_id, kind, key)
);
CREATE INDEX outbox_dead ON public.outbox USING btree (workspace_id, dead_at DESC) WHERE (dead_at IS NOT NULL);
CREATE INDEX outbox_due ON public.outbox USING btree (connection_id, due_at) WHERE ((due_at IS NOT NULL) AND (dead_at IS NULL));
alter table public.outbox enable row level security;
create policy outbox_of_workspace on public.outbox as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant delete, insert, select, update on public.outbox to passalong_app;

create table public.people (
  id text not null,
  workspace_id text not null,
  email text,
  first_name text,
  last_name text,
  phone text,
  merged_into text,
  erased_at timestamp with time zone,
  created_at timestamp with time zone not null,
  details jsonb not null default '{}'::jsonb,
  constraint people_pkey PRIMARY KEY (id),
  constraint people_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES public.people(id),
  constraint people_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id)
);
CREATE INDEX people_by_phone ON public.people USING btree (workspace_id, "right"(regexp_replace(phone, '[^0-9]'::text, ''::text, 'g'::text), 7)) WHERE ((phone IS NOT NULL) AND (erased_at IS NULL));
alter table public.people enable row level security;
create policy people_of_workspace on public.people as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select, update on public.people to passalong_app;

create table public.person_emails (
  workspace_id text not null,
  email text not null,
  person_id text not null,
  constraint person_emails_pkey PRIMARY KEY (workspace_id, email),
  constraint person_emails_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.people(id)
);
CREATE INDEX person_emails_of_person ON public.person_emails USING btree (person_id);
alter table public.person_emails enable row level security;
create policy person_emails_of_workspace on public.person_emails as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant delete, insert, select, update on public.person_emails to passalong_app;

create table public.poll_cursors (
  connection_id text not null,
  object_type text not null,
  workspace_id text not null,
  caught_up_to timestamp with time zone not null,
  window_from timestamp with time zone,
  window_to timestamp with time zone,
  after_id text,
  due_at timestamp with time zone not null,
  claimed_until timestamp with time zone,
  last_error jsonb,
  constraint poll_cursors_pkey PRIMARY KEY (connection_id, object_type),
  constraint poll_cursors_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES public.connections(id)
);
alter table public.poll_cursors enable row level security;
create policy poll_cursors_of_workspace on public.poll_cursors as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant delete, insert, select, update on public.poll_cursors to passalong_app;

create table public.program_versions (
  workspace_id text not null,
  program_id text not null,
  version integer not null,
  definition jsonb not null,
  published_by text not null,
  published_at timestamp with time zone not null,
  constraint program_versions_pkey PRIMARY KEY (program_id, version),
  constraint program_versions_program_id_fkey FOREIGN KEY (program_id) REFERENCES public.programs(id)
);
alter table public.program_versions enable row level security;
create policy program_versions_of_workspace on public.program_versions as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select on public.program_versions to passalong_app;

create table public.programs (
  id text not null,
  workspace_id text not null,
  key text not null,
  draft jsonb not null,
  published_version integer,
  row_version integer not null default 1,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  form_key text not null,
  constraint programs_pkey PRIMARY KEY (id),
  constraint programs_form_key_unique UNIQUE (form_key),
  constraint programs_key_once_per_workspace UNIQUE (workspace_id, key),
  constraint programs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id)
);
alter table public.programs enable row level security;
create policy programs_of_workspace on public.programs as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select, update on public.programs to passalong_app;

create table public.re_evaluations (
  id text not null,
  workspace_id text not null,
  program_id text not null,
  connection_id text,
  version integer not null,
  state text not null,
  after_id text,
  counts jsonb not null default '{}'::jsonb,
  sample jsonb not null default '[]'::jsonb,
  requested_by text not null,
  applied_by text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  due_at timestamp with time zone,
  claimed_until timestamp with time zone,
  finished_at timestamp with time zone,
  last_error jsonb,
  constraint re_evaluations_pkey PRIMARY KEY (id),
  constraint re_evaluations_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES public.connections(id),
  constraint re_evaluations_program_id_fkey FOREIGN KEY (program_id) REFERENCES public.programs(id),
  constraint re_evaluations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id),
  constraint re_evaluations_state_known CHECK ((state = ANY (ARRAY['reading'::text, 'previewing'::text, 'previewed'::text, 'applying'::text, 'done'::text, 'cancelled'::text])))
);
CREATE INDEX re_evaluations_due ON public.re_evaluations USING btree (connection_id, due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX re_evaluations_newest ON public.re_evaluations USING btree (workspace_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX re_evaluations_one_live ON public.re_evaluations USING btree (program_id) WHERE (state = ANY (ARRAY['reading'::text, 'previewing'::text, 'previewed'::text, 'applying'::text]));
alter table public.re_evaluations enable row level security;
create policy re_evaluations_of_workspace on public.re_evaluations as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select, update on public.re_evaluations to passalong_app;

create table public.record_links (
  connection_id text not null,
  deal_id text not null,
  contact_id text not null,
  workspace_id text not null,
  constraint record_links_pkey PRIMARY KEY (connection_id, deal_id, contact_id)
);
CREATE INDEX record_links_of_contact ON public.record_links USING btree (connection_id, contact_id);
alter table public.record_links enable row level security;
create policy record_links_of_workspace on public.record_links as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant delete, insert, select on public.record_links to passalong_app;

create table public.referral_events (
  id bigint not null generated always as identity,
  workspace_id text not null,
  referral_id text not null,
  at timestamp with time zone not null,
  from_status text,
  to_status text not null,
  cause text not null,
  actor text not null,
  reason text not null,
  program_version integer,
  entry_id text,
  constraint referral_events_pkey PRIMARY KEY (id),
  constraint referral_events_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES public.referrals(id)
);
CREATE INDEX referral_events_of_referral ON public.referral_events USING btree (referral_id, id);
alter table public.referral_events enable row level security;
create policy referral_events_of_workspace on public.referral_events as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select on public.referral_events to passalong_app;

create table public.referrals (
  id text not null,
  workspace_id text not null,
  program_id text not null,
  advocate_id text not null,
  person_id text not null,
  status text not null,
  status_reason text not null,
  status_at timestamp with time zone not null,
  program_version integer,
  row_version integer not null default 1,
  source text not null,
  merged_into text,
  decided_at timestamp with time zone,
  referred_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  answers jsonb not null default '{}'::jsonb,
  consent jsonb,
  held_for text,
  rules_version integer not null default 1,
  rules_since timestamp with time zone,
  decided_by text not null default 'rules'::text,
  external_id text,
  details jsonb not null default '{}'::jsonb,
  person_floor text,
  deciding jsonb,
  constraint referrals_pkey PRIMARY KEY (id),
  constraint referrals_one_per_friend_and_program UNIQUE (program_id, person_id),
  constraint referrals_advocate_id_fkey FOREIGN KEY (advocate_id) REFERENCES public.advocates(id),
  constraint referrals_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES public.referrals(id),
  constraint referrals_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.people(id),
  constraint referrals_program_id_fkey FOREIGN KEY (program_id) REFERENCES public.programs(id),
  constraint referrals_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id),
  constraint referrals_decided_by_known CHECK ((decided_by = ANY (ARRAY['rules'::text, 'person'::text]))),
  constraint referrals_held_for_known CHECK ((held_for = ANY (ARRAY['capture'::text, 'review'::text]))),
  constraint referrals_person_floor_known CHECK ((person_floor = ANY (ARRAY['qualified'::text, 'approved'::text]))),
  constraint referrals_status_known CHECK ((status = ANY (ARRAY['pending'::text, 'qualified'::text, 'approved'::text, 'denied'::text])))
);
CREATE INDEX referrals_merged ON public.referrals USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX referrals_newest ON public.referrals USING btree (workspace_id, created_at DESC, id DESC);
CREATE INDEX referrals_newest_of_advocate ON public.referrals USING btree (workspace_id, advocate_id, referred_at DESC, id DESC);
CREATE INDEX referrals_of_advocate ON public.referrals USING btree (workspace_id, advocate_id, status, referred_at);
CREATE INDEX referrals_of_person ON public.referrals USING btree (workspace_id, person_id);
CREATE INDEX referrals_of_version ON public.referrals USING btree (program_id, rules_version);
CREATE INDEX referrals_waiting ON public.referrals USING btree (workspace_id, program_id, created_at DESC, id DESC) WHERE ((status = 'pending'::text) AND (merged_into IS NULL));
CREATE UNIQUE INDEX referrals_external_id_once ON public.referrals USING btree (workspace_id, program_id, external_id) WHERE ((external_id IS NOT NULL) AND (merged_into IS NULL));
alter table public.referrals enable row level security;
create policy referrals_of_workspace on public.referrals as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select, update on public.referrals to passalong_app;

create table public.review_answers (
  workspace_id text not null,
  referral_id text not null,
  review_key text not null,
  answer text not null,
  actor text not null,
  note text,
  entry_id text not null,
  answered_at timestamp with time zone not null,
  constraint review_answers_pkey PRIMARY KEY (referral_id, review_key),
  constraint review_answers_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES public.referrals(id),
  constraint review_answers_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id),
  constraint review_answers_known CHECK ((answer = ANY (ARRAY['counts'::text, 'does_not_count'::text])))
);
CREATE INDEX review_answers_newest ON public.review_answers USING btree (workspace_id, answered_at DESC);
alter table public.review_answers enable row level security;
create policy review_answers_of_workspace on public.review_answers as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant delete, insert, select, update on public.review_answers to passalong_app;

create table public.reward_events (
  id bigint not null generated always as identity,
  workspace_id text not null,
  reward_id text not null,
  at timestamp with time zone not null,
  from_state text,
  to_state text not null,
  cause text not null,
  actor text not null,
  amount_minor bigint not null,
  currency text not null,
  constraint reward_events_pkey PRIMARY KEY (id),
  constraint reward_events_reward_id_fkey FOREIGN KEY (reward_id) REFERENCES public.rewards(id)
);
CREATE INDEX reward_events_of_reward ON public.reward_events USING btree (reward_id, id);
alter table public.reward_events enable row level security;
create policy reward_events_of_workspace on public.reward_events as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select on public.reward_events to passalong_app;

create table public.reward_rule_versions (
  workspace_id text not null,
  program_id text not null,
  reward_rule_id text not null,
  version integer not null,
  constraint reward_rule_versions_pkey PRIMARY KEY (program_id, reward_rule_id, version),
  constraint reward_rule_versions_program_id_reward_rule_id_fkey FOREIGN KEY (program_id, reward_rule_id) REFERENCES public.reward_rules(program_id, id),
  constraint reward_rule_versions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id)
);
alter table public.reward_rule_versions enable row level security;
create policy reward_rule_versions_of_workspace on public.reward_rule_versions as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select on public.reward_rule_versions to passalong_app;

create table public.reward_rules (
  workspace_id text not null,
  program_id text not null,
  id text not null,
  first_version integer not null,
  constraint reward_rules_pkey PRIMARY KEY (program_id, id),
  constraint reward_rules_program_id_fkey FOREIGN KEY (program_id) REFERENCES public.programs(id)
);
alter table public.reward_rules enable row level security;
create policy reward_rules_of_workspace on public.reward_rules as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select on public.reward_rules to passalong_app;

create table public.rewards (
  id text not null,
  workspace_id text not null,
  program_id text not null,
  program_version integer not null,
  referral_id text not null,
  reward_rule_id text not null,
  recipient_person_id text not null,
  milestone text not null,
  state text not null,
  amount_minor bigint not null,
  currency text not null,
  basis jsonb not null,
  row_version integer not null default 1,
  created_at timestamp with time zone not null,
  state_at timestamp with time zone not null,
  approved_by text,
  void_cause text,
  constraint rewards_pkey PRIMARY KEY (id),
  constraint rewards_one_per_milestone UNIQUE (referral_id, reward_rule_id, recipient_person_id, milestone),
  constraint rewards_recipient_person_id_fkey FOREIGN KEY (recipient_person_id) REFERENCES public.people(id),
  constraint rewards_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES public.referrals(id),
  constraint rewards_rule_exists FOREIGN KEY (program_id, reward_rule_id) REFERENCES public.reward_rules(program_id, id),
  constraint rewards_amount_not_negative CHECK ((amount_minor >= 0)),
  constraint rewards_milestone_known CHECK ((milestone = ANY (ARRAY['qualified'::text, 'approved'::text]))),
  constraint rewards_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'approved'::text, 'issued'::text, 'voided'::text, 'clawback_proposed'::text])))
);
CREATE INDEX rewards_in_state ON public.rewards USING btree (workspace_id, state, created_at DESC, id DESC);
CREATE INDEX rewards_newest ON public.rewards USING btree (workspace_id, created_at DESC, id DESC);
CREATE INDEX rewards_of_recipient ON public.rewards USING btree (workspace_id, recipient_person_id, state, state_at DESC, id DESC);
CREATE INDEX rewards_of_referral ON public.rewards USING btree (workspace_id, referral_id);
alter table public.rewards enable row level security;
create policy rewards_of_workspace on public.rewards as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select, update on public.rewards to passalong_app;

create table public.roles (
  workspace_id text not null,
  connection_id text not null,
  crm_user_id text not null,
  role text not null,
  granted_at timestamp with time zone not null,
  constraint roles_pkey PRIMARY KEY (connection_id, crm_user_id),
  constraint roles_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES public.connections(id),
  constraint roles_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id),
  constraint roles_known CHECK ((role = ANY (ARRAY['rep'::text, 'revops'::text, 'admin'::text])))
);
alter table public.roles enable row level security;
create policy roles_of_workspace on public.roles as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant delete, insert, select, update on public.roles to passalong_app;

create table public.rule_alarms (
  workspace_id text not null,
  connection_id text not null,
  program_id text not null,
  version integer not null,
  path text not null,
  code text not null,
  message text not null,
  remedy text not null,
  first_seen_at timestamp with time zone not null,
  constraint rule_alarms_pkey PRIMARY KEY (program_id, version, connection_id, path, code),
  constraint rule_alarms_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES public.connections(id),
  constraint rule_alarms_program_id_fkey FOREIGN KEY (program_id) REFERENCES public.programs(id),
  constraint rule_alarms_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id)
);
CREATE INDEX rule_alarms_of_program ON public.rule_alarms USING btree (workspace_id, program_id);
alter table public.rule_alarms enable row level security;
create policy rule_alarms_of_workspace on public.rule_alarms as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant delete, insert, select on public.rule_alarms to passalong_app;

create table public.snapshots (
  id bigint not null generated always as identity,
  workspace_id text not null,
  connection_id text not null,
  object_type text not null,
  record_id text not null,
  modified_at timestamp with time zone not null,
  read_at timestamp with time zone not null,
  "values" jsonb not null,
  contact_ids text[] not null default '{}'::text[],
  record_created_at timestamp with time zone,
  company_id text,
  contact_roles jsonb not null default '{}'::jsonb,
  constraint snapshots_pkey PRIMARY KEY (id)
);
CREATE INDEX snapshots_latest ON public.snapshots USING btree (connection_id, object_type, record_id, modified_at DESC, id DESC);
alter table public.snapshots enable row level security;
create policy snapshots_of_workspace on public.snapshots as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant delete, insert, select on public.snapshots to passalong_app;

create table public.workspaces (
  id text not null,
  workspace_id text not null generated always as (id) stored,
  name text not null,
  currency text not null default 'USD'::text,
  created_at timestamp with time zone not null,
  constraint workspaces_pkey PRIMARY KEY (id)
);
alter table public.workspaces enable row level security;
create policy workspaces_of_workspace on public.workspaces as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant insert, select, update on public.workspaces to passalong_app;

create table public.write_backs (
  connection_id text not null,
  object_type text not null,
  record_id text not null,
  workspace_id text not null,
  desired jsonb not null,
  desired_version bigint not null default 1,
  written jsonb,
  written_version bigint not null default 0,
  due_at timestamp with time zone,
  waiting_since timestamp with time zone,
  claimed_until timestamp with time zone,
  attempts integer not null default 0,
  last_error jsonb,
  dead_at timestamp with time zone,
  written_modified_at timestamp with time zone,
  corrected jsonb,
  constraint write_backs_pkey PRIMARY KEY (connection_id, object_type, record_id)
);
CREATE INDEX write_backs_dead ON public.write_backs USING btree (workspace_id, dead_at DESC) WHERE (dead_at IS NOT NULL);
CREATE INDEX write_backs_due ON public.write_backs USING btree (connection_id, due_at) WHERE ((due_at IS NOT NULL) AND (dead_at IS NULL));
alter table public.write_backs enable row level security;
create policy write_backs_of_workspace on public.write_backs as permissive for all to public
  using ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)))
  with check ((workspace_id = ( SELECT current_setting('passalong.workspace'::text, true) AS current_setting)));
grant delete, insert, select, update on public.write_backs to passalong_app;
