import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../backend/src/db/embedded-postgres.ts';
import { migrate } from '../backend/src/db/migrate.ts';
import { onDatabase } from './database-url.ts';
import { guardServer } from './server-guard.ts';

/** A test database may be lost in a power cut; in return tests do not wait for the disk. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
};

const template = 'passalong_template';

/** One server for the whole run, with a migrated database that every integration test file copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'passalong-test-'));
  // When root runs the tests, the server runs as another user, who must pass through.
  chmodSync(dataDir, 0o711);
  const release = guardServer(dataDir);
  try {
    const server = await startEmbeddedPostgres({ dataDir, settings });
    const appUrl = onDatabase(server.appUrl, template);
    const ownerUrl = onDatabase(server.ownerUrl, template);
    await createTemplate(server.adminUrl);
    await migrate({ ownerUrl, appUrl });
    const compiled = join(dataDir, 'compiled');
    project.provide('testDatabase', { adminUrl: server.adminUrl, appUrl, ownerUrl, template, compiled });
    return async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
      await release();
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function createTemplate(adminUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`create database ${template} owner passalong_owner`);
  await admin.end();
}
