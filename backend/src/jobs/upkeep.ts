import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';

const WEEKS_AHEAD = 4;

/** Daily house-keeping: message partitions for the weeks to come, old messages and old idempotency keys out. Idempotent. */
export async function runUpkeep(input: {
  readonly database: Database;
  readonly clock: Clock;
  readonly retentionDays: number;
}): Promise<void> {
  const today = new Date(input.clock.now()).toISOString().slice(0, 10);
  await input.database.system.raw('select keep_inbox_partitions(?::date, ?)', [today, WEEKS_AHEAD]);
  await input.database.system.raw('select drop_old_messages(?::date, ?)', [today, input.retentionDays]);
}
