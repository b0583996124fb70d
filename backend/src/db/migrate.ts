import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import knex from 'knex';
import type { Knex } from 'knex';
import pg from 'pg';
import { projectDir } from './data-dir.ts';
import { MigrationError } from './migration-error.ts';

export type MigrateInput = {
  /** The role that owns the schema. */
  ownerUrl: string;
  /** Only the role's name is taken from it: migrations grant it what it may do. */
  appUrl: string;
  directory?: string;
  /** How long to wait for another process that is migrating the same database. */
  patienceMs?: number;
};

/** Any fixed number: it only has to be the same for every process that migrates. */
const migrationLock = 7_240_002;
const pauseMs = 200;

/**
 * Brings the schema up to date and returns the names of the migrations this call applied; when another process did the
 * work meanwhile, the list is empty and that is success too.
 *
 * Each migration grants the application role what it needs, by the name in `current_setting('passalong.app_role')`,
 * which every connection used here has set.
 */
export async function migrate(input: MigrateInput): Promise<string[]> {
  const appRole = roleOf(input.appUrl);
  const client = new pg.Client({ connectionString: input.ownerUrl, application_name: 'passalong migrate' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await requireBoundRole(client, appRole);
    await takeLock(client, input.patienceMs ?? 600_000);
    return await applyMigrations(input, appRole);
  } finally {
    await client.end();
  }
}

export function roleOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}

/**
 * Polls instead of waiting inside PostgreSQL: a statement that waits holds a snapshot, which CREATE INDEX CONCURRENTLY
 * in the other process would wait for in turn. The lock ends with the connection, so a killed migrator frees it.
 */
async function takeLock(client: pg.Client, patienceMs: number): Promise<void> {
  const begun = Date.now();
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
      migrationLock,
    ]);
    if (rows[0]?.taken) return;
    if (Date.now() - begun > patienceMs) {
      throw new MigrationError({
        code: 'migration_busy',
        message: 'Another process has been migrating this database for too long.',
        remedy: 'See what it is doing (application name "passalong migrate" in pg_stat_activity), then start again.',
      });
    }
    await sleep(pauseMs);
  }
}

async function applyMigrations(input: MigrateInput, appRole: string): Promise<string[]> {
  const connection = knex({
    client: 'pg',
    connection: input.ownerUrl,
    pool: { min: 0, max: 2, afterCreate: setAppRole(appRole) },
    migrations: { directory: input.directory ?? join(projectDir, 'migrations'), loadExtensions: ['.ts'] },
  });
  try {
    // Knex marks its own lock in a row, which a killed process leaves behind; ours is held, so nobody is at work.
    await connection.migrate.forceFreeMigrationsLock();
    const [, applied] = (await connection.migrate.latest()) as [number, string[]];
    return applied;
  } catch (cause) {
    throw explain(cause);
  } finally {
    await connection.destroy();
  }
}

type Done = (error: Error | null, connection: pg.Client) => void;

function setAppRole(appRole: string): NonNullable<Knex.PoolConfig['afterCreate']> {
  return (connection: pg.Client, done: Done) => {
    connection
      .query(`select set_config('passalong.app_role', $1, false)`, [appRole])
      .then(() => done(null, connection))
      .catch((error: Error) => done(error, connection));
  };
}

/** Row-level security is the second lock between tenants; a role it does not bind would leave only the first. */
async function requireBoundRole(client: pg.Client, appRole: string): Promise<void> {
  const { rows } = await client.query<{ free: boolean; owner: boolean }>(
    `select rolsuper or rolbypassrls as free, rolname = current_user as owner from pg_roles where rolname = $1`,
    [appRole],
  );
  const role = rows[0];
  if (!role) {
    throw new MigrationError({
      code: 'migration_role_missing',
      message: `The application role ${appRole} of DATABASE_URL does not exist on this server.`,
      remedy: `Create it: CREATE ROLE ${appRole} LOGIN PASSWORD '…'.`,
    });
  }
  if (!role.free && !role.owner) return;
  throw new MigrationError({
    code: 'migration_role_unbound',
    message: `Row-level security does not bind ${appRole}: it ${role.owner ? 'owns the tables' : 'may bypass it'}.`,
    remedy: 'Let DATABASE_URL name a plain role, and DATABASE_OWNER_URL the one that owns the schema.',
  });
}

function explain(cause: unknown): unknown {
  if (!(cause instanceof Error) || !cause.message.includes('migration directory is corrupt')) return cause;
  return new MigrationError({
    code: 'migration_newer_database',
    message: `The database was migrated by a newer version of Passalong. ${cause.message}`,
    remedy: 'Start that version or a later one; going back needs a backup from before.',
    cause,
  });
}
