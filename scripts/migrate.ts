import { migrate, roleOf } from '../backend/src/db/migrate.ts';
import { MigrationError } from '../backend/src/db/migration-error.ts';
import { openDatabase } from '../backend/src/db/open-database.ts';
import { migrateJobs } from '../backend/src/jobs/job-schema.ts';
import { PassalongError } from '../backend/src/errors/passalong-error.ts';

/** `npm run migrate`: brings the schema of DATABASE_URL, or of the embedded database, up to date. */
async function run(): Promise<void> {
  const { DATABASE_URL, DATABASE_OWNER_URL, DATA_DIR } = process.env;
  const database = await openDatabase({
    databaseUrl: DATABASE_URL,
    databaseOwnerUrl: DATABASE_OWNER_URL,
    dataDir: DATA_DIR,
    leaveRunning: true,
  });
  try {
    const { ownerUrl, appUrl } = database;
    if (!ownerUrl) {
      throw new MigrationError({
        code: 'migration_owner_missing',
        message: 'DATABASE_URL is set, but nothing says who owns the schema.',
        remedy: 'Set DATABASE_OWNER_URL to a connection string of the role that owns it.',
      });
    }
    const applied = await migrate({ ownerUrl, appUrl });
    await migrateJobs({ ownerUrl, appRole: roleOf(appUrl) });
    for (const name of applied) console.log(`applied ${name}`);
    console.log(applied.length === 0 ? 'The schema is up to date.' : `${applied.length} migrations applied.`);
  } finally {
    await database.close();
  }
}

await run().catch((error: unknown) => {
  console.error(error instanceof PassalongError ? `${error.message}\n${error.details.remedy}` : error);
  process.exitCode = 1;
});
