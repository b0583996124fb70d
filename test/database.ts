import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';
import { onDatabase } from './database-url.ts';

export type TestDatabase = {
  /** The role that serves requests, bound by row-level security. */
  appUrl: string;
  /** The role that owns the schema. */
  ownerUrl: string;
  drop(): Promise<void>;
};

/** What global-setup.ts hands to the test files. */
export type TestServer = {
  adminUrl: string;
  appUrl: string;
  ownerUrl: string;
  template: string;
  /** Where processes of the service leave what they compiled, which is half of a start; gone with the run. */
  compiled: string;
};

declare module 'vitest' {
  interface ProvidedContext {
    testDatabase: TestServer;
  }
}

/** Waits for its turn on the template: PostgreSQL refuses to copy a database that another copy is reading. */
const cloneLock = 7_240_003;

/** A fresh, migrated database of one test file's own. Cloning costs about 50 ms; call it once per file and drop it after. */
export function createTestDatabase(): Promise<TestDatabase> {
  return createDatabase(testServer().template);
}

/** A database without any table, for tests about migrations themselves. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase('template0');
}

async function createDatabase(template: string): Promise<TestDatabase> {
  const { adminUrl, appUrl, ownerUrl } = testServer();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(adminUrl, async (admin) => {
    await admin.query('select pg_advisory_lock($1)', [cloneLock]);
    await admin.query(`create database ${name} template ${template} owner passalong_owner`);
  });
  return {
    appUrl: onDatabase(appUrl, name),
    ownerUrl: onDatabase(ownerUrl, name),
    drop: () => asAdmin(adminUrl, (admin) => dropQuietly(admin, name)),
  };
}

function testServer(): TestServer {
  const server = inject('testDatabase') as TestServer | undefined;
  if (!server) throw new Error('This file is in a folder of pure tests (vitest.config.ts), which get no database.');
  return server;
}

const PATIENCE_MS = 5_000;

/**
 * A pool says it has ended before the server has seen its connections go; cutting one off meanwhile would be an error
 * nobody listens for. FORCE is for a pool that a test forgot: it must not keep the database, and the next run's disk.
 */
async function dropQuietly(admin: pg.Client, name: string): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const { rowCount } = await admin.query('select 1 from pg_stat_activity where datname = $1', [name]);
    if (rowCount === 0) break;
    await sleep(20);
  }
  await admin.query(`drop database if exists ${name} with (force)`);
}

async function asAdmin(adminUrl: string, work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
