import { PgBoss } from 'pg-boss';

export const JOB_SCHEMA = 'pgboss';
/**
 * At most one job per connection waits (`short`). Not `stately`, which would also let only one run: pg-boss keeps a list
 * of running keys in a cache that is up to a minute old, and passes over the jobs of a connection for that long.
 */
export const CONNECTION_QUEUE = 'connection';
/** Once a day: partitions, old messages, old idempotency keys. */
export const UPKEEP_QUEUE = 'upkeep';

/**
 * Creates and migrates the queue's own schema, as the owner; the application role only works in it. Run with the other
 * migrations, while no worker of an older version is at it.
 */
export async function migrateJobs(input: { readonly ownerUrl: string; readonly appRole: string }): Promise<void> {
  const boss = new PgBoss({
    connectionString: input.ownerUrl,
    schema: JOB_SCHEMA,
    max: 2,
    supervise: false,
    schedule: false,
    application_name: 'passalong migrate',
  });
  boss.on('error', () => undefined);
  await boss.start();
  try {
    // An upper bound on waiting rows: a wake-up is only a hint, and the sweep sends it again.
    const common = { retryLimit: 0, deleteAfterSeconds: 60, retentionSeconds: 3_600 };
    await boss.createQueue(CONNECTION_QUEUE, {
      ...common,
      policy: 'short',
      expireInSeconds: 300,
      heartbeatSeconds: 10,
      notify: true,
    });
    await boss.createQueue(UPKEEP_QUEUE, { ...common, policy: 'singleton', expireInSeconds: 600 });
    const role = `"${input.appRole.replaceAll('"', '""')}"`;
    await boss.getDb().executeSql(`
      grant usage on schema ${JOB_SCHEMA} to ${role};
      grant select, insert, update, delete on all tables in schema ${JOB_SCHEMA} to ${role};
      grant usage on all sequences in schema ${JOB_SCHEMA} to ${role};
      grant execute on all functions in schema ${JOB_SCHEMA} to ${role}`);
  } finally {
    await boss.stop({ graceful: false, close: true });
  }
}
