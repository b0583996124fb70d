import type { BenchStage } from './stage.ts';

type Parts = Pick<BenchStage, 'look' | 'connectionId'>;

export type PollState = {
  /** Changes before this have been found, of every kind of record. ms since the epoch. */
  readonly caughtUpTo: number;
  /** In the middle of a window. */
  readonly walking: boolean;
};

export async function readPoll({ look, connectionId }: Parts): Promise<PollState> {
  const sql = 'select caught_up_to, window_from from poll_cursors where connection_id = $1';
  const rows = await look<{ caught_up_to: Date; window_from: Date | null }>(sql, [connectionId]);
  if (rows.length === 0) throw new Error('the service does not poll this account');
  return {
    caughtUpTo: Math.min(...rows.map((row) => row.caught_up_to.getTime())),
    walking: rows.some((row) => row.window_from !== null),
  };
}

/** Walks that have not caught up with `to` are due now. The service looks for what is due once a second. */
export async function hurryPoll({ look, connectionId }: Parts, to: number): Promise<void> {
  const behind = `${IS_FREE} and caught_up_to < $2`;
  await look(`update poll_cursors set due_at = now() where connection_id = $1 and ${behind}`, [
    connectionId,
    new Date(to),
  ]);
}

/** No walk begins any more, until `hurryPoll`. */
export async function holdPoll({ look, connectionId }: Parts): Promise<void> {
  const hold = `update poll_cursors set due_at = now() + interval '1 day' where connection_id = $1 and ${IS_FREE}`;
  const left = `select object_type from poll_cursors where connection_id = $1 and due_at < now() + interval '1 hour'`;
  do {
    await look(hold, [connectionId]);
    // A walk under way makes itself due again when it ends.
  } while ((await look(left, [connectionId])).length > 0);
}

const IS_FREE = 'window_from is null and coalesce(claimed_until <= now(), true)';
