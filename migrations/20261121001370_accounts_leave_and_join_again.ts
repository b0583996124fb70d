import type { Knex } from 'knex';
import { systemFunction } from '../backend/src/db/tenant-table.ts';

/** An account that came by a link belongs to that workspace while it is connected, and to nobody's afterwards. */
const FIND_CONNECTION = `
  create function find_connection(p_crm text, p_account text)
    returns table (workspace_id text, connection_id text, status text)
    language sql stable security definer set search_path = public, pg_temp
  as $$
    select workspace_id, id, status from connections
     where crm = p_crm and external_account_id = p_account and (status <> 'disconnected' or not by_link)
     order by (status <> 'disconnected') desc, connected_at desc, id
     limit 1
  $$`;

const FIND_CONNECTION_BEFORE = `
  create function find_connection(p_crm text, p_account text)
    returns table (workspace_id text, connection_id text, status text)
    language sql stable security definer set search_path = public, pg_temp
  as $$ select workspace_id, id, status from connections where crm = p_crm and external_account_id = p_account $$`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table connections
      -- It was brought into a workspace that was there before.
      add column by_link boolean not null default false,
      -- Who authorised the present grant; null where that was not written down.
      add column authorized_by text;
    update connections c set by_link = true
     where exists (select 1 from join_links l where l.connection_id = c.id)
       and (select a.action from audit_log a where a.workspace_id = c.workspace_id and a.subject = c.id
             order by a.id limit 1) = 'connection.joined';
    -- Whoever was the only one to connect it; of several nobody knows whose grant the present one is.
    update connections c set authorized_by = r.crm_user_id
      from (select connection_id, min(crm_user_id) as crm_user_id from roles group by 1 having count(*) = 1) r
     where r.connection_id = c.id;
    -- An account belongs to one workspace while it is connected, and has one row in each it ever belonged to.
    drop index connections_one_per_account;
    create unique index connections_one_live_per_account on connections (crm, external_account_id)
      where status <> 'disconnected';
    create unique index connections_one_per_workspace_and_account
      on connections (crm, external_account_id, workspace_id);
    drop function find_connection(text, text);
  `);
  await systemFunction(knex, 'find_connection(text, text)', FIND_CONNECTION);
}

/** Fails, and changes nothing, once an account has belonged to two workspaces: the former shape has no place for that. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop function find_connection(text, text);
    drop index connections_one_per_workspace_and_account, connections_one_live_per_account;
    create unique index connections_one_per_account on connections (crm, external_account_id);
    alter table connections drop column by_link, drop column authorized_by;
  `);
  await systemFunction(knex, 'find_connection(text, text)', FIND_CONNECTION_BEFORE);
}
