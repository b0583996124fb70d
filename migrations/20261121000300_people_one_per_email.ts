import type { Knex } from 'knex';
import { tenantTable } from '../backend/src/db/tenant-table.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table people (
      id text primary key,
      workspace_id text not null references workspaces (id),
      -- As the person wrote it, for display; matching uses person_emails.
      email text,
      first_name text,
      last_name text,
      phone text,
      merged_into text references people (id),
      erased_at timestamptz,
      created_at timestamptz not null
    );

    create table person_emails (
      workspace_id text not null,
      email text not null,
      person_id text not null references people (id),
      primary key (workspace_id, email)
    );
    create index person_emails_of_person on person_emails (person_id);

    -- One person may stand in both CRMs and under several ids; merges, conversions and restores move rows here and nowhere else.
    create table crm_records (
      connection_id text not null references connections (id),
      object_type text not null,
      record_id text not null,
      workspace_id text not null,
      person_id text references people (id),
      merged_into text,
      deleted_at timestamptz,
      first_seen_at timestamptz not null,
      primary key (connection_id, object_type, record_id)
    );
    create index crm_records_of_person on crm_records (person_id) where person_id is not null;

    create table record_links (
      connection_id text not null,
      deal_id text not null,
      contact_id text not null,
      workspace_id text not null,
      primary key (connection_id, deal_id, contact_id)
    );
    create index record_links_of_contact on record_links (connection_id, contact_id);

    -- Append-only: what a record looked like when it was read, ordered by the CRM's own time of change.
    create table snapshots (
      id bigint generated always as identity primary key,
      workspace_id text not null,
      connection_id text not null,
      object_type text not null,
      record_id text not null,
      modified_at timestamptz not null,
      read_at timestamptz not null,
      "values" jsonb not null,
      contact_ids text[] not null default '{}'
    );
    create index snapshots_latest on snapshots (connection_id, object_type, record_id, modified_at desc, id desc);
  `);
  await tenantTable(knex, 'people', ['select', 'insert', 'update']);
  await tenantTable(knex, 'person_emails', ['select', 'insert', 'update', 'delete']);
  await tenantTable(knex, 'crm_records', ['select', 'insert', 'update']);
  await tenantTable(knex, 'record_links', ['select', 'insert', 'delete']);
  // Delete serves privacy deletion only: personal values of an erased person go.
  await tenantTable(knex, 'snapshots', ['select', 'insert', 'delete']);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table snapshots, record_links, crm_records, person_emails, people');
}
