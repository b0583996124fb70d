import type { Knex } from 'knex';

export type Grant = 'select' | 'insert' | 'update' | 'delete';

/**
 * Puts a table under row-level security and gives the application role only the verbs it needs (an append-only table gets
 * no update and no delete, so that history cannot be rewritten even by a bug). `passalong.app_role` is set by the migrator.
 */
export async function tenantTable(knex: Knex, table: string, grants: readonly Grant[]): Promise<void> {
  await knex.raw(`
    alter table ${table} enable row level security;
    create policy ${table}_of_workspace on ${table}
      using (workspace_id = (select current_setting('passalong.workspace', true)))
      with check (workspace_id = (select current_setting('passalong.workspace', true)));
  `);
  await grantTo(knex, table, grants);
}

export async function grantTo(knex: Knex, table: string, grants: readonly Grant[]): Promise<void> {
  await knex.raw(`
    do $$ begin
      execute format('grant ${grants.join(', ')} on ${table} to %I', current_setting('passalong.app_role'));
    end $$;
  `);
}

/** A function that runs with the owner's rights: the few look-ups that happen before a tenant is known. */
export async function systemFunction(knex: Knex, signature: string, definition: string): Promise<void> {
  await knex.raw(definition);
  await knex.raw(`
    revoke all on function ${signature} from public;
    do $$ begin
      execute format('grant execute on function ${signature} to %I', current_setting('passalong.app_role'));
    end $$;
  `);
}
