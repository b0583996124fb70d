import type { Knex } from 'knex';
import { systemFunction } from '../backend/src/db/tenant-table.ts';

const KEPT = [
  ['programs', 'draft'],
  ['program_versions', 'definition'],
] as const;

/** What friends' records said of their advocates until now. */
const REFERRER = { referrer: ['name', 'email', 'externalId', 'phone', 'code'] };

/** Where in a Salesforce org our record of a referral is, or the record of an advocate: links on friends' records lead there. */
const FIND_RECORD_PAGE = `
create function find_record_page(p_of text, p_id text) returns table (ui_domain text, record_id text)
language sql stable security definer set search_path = public, pg_temp
as $$
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
$$`;

export async function up(knex: Knex): Promise<void> {
  for (const [table, column] of KEPT) {
    await knex.raw(
      `update ${table} set ${column} = jsonb_set(${column}, '{capture}', ?::jsonb || (${column} -> 'capture'))
        where ${column} -> 'capture' is not null`,
      [JSON.stringify(REFERRER)],
    );
  }
  await systemFunction(knex, 'find_record_page(text, text)', FIND_RECORD_PAGE);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop function find_record_page(text, text)');
  for (const [table, column] of KEPT) {
    await knex.raw(`update ${table} set ${column} = ${column} #- '{capture,referrer}'`);
  }
}
