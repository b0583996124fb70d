import type { Knex } from 'knex';
import { tenantTable } from '../backend/src/db/tenant-table.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table programs (
      id text primary key,
      workspace_id text not null references workspaces (id),
      key text not null,
      draft jsonb not null,
      -- Null while the program was never published: nothing is decided by a draft.
      published_version int,
      row_version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint programs_key_once_per_workspace unique (workspace_id, key)
    );

    create table program_versions (
      workspace_id text not null,
      program_id text not null references programs (id),
      version int not null,
      definition jsonb not null,
      published_by text not null,
      published_at timestamptz not null,
      primary key (program_id, version)
    );

    -- A reward rule keeps its id through all versions: the id is part of the key that makes a reward unique.
    create table reward_rules (
      workspace_id text not null,
      program_id text not null references programs (id),
      id text not null,
      first_version int not null,
      primary key (program_id, id)
    );
  `);
  await tenantTable(knex, 'programs', ['select', 'insert', 'update']);
  await tenantTable(knex, 'program_versions', ['select', 'insert']);
  await tenantTable(knex, 'reward_rules', ['select', 'insert']);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table reward_rules, program_versions, programs');
}
