import { CrmRightMissing } from '../../crm/errors.ts';
import type { ConnectionWork } from '../connection-work.ts';
import { describeFailure, isConnectionFailure } from '../failure.ts';
import { noteMissingRight, postponeOutbox } from '../missing-right-store.ts';
import { recordOutbox, releaseOutbox } from '../outbox-store.ts';
import { nextRetryAt } from '../retry-schedule.ts';

type Claimed = { readonly outboxId: string; readonly attempts: number };

export type Steps<Item extends Claimed> = {
  /** For the log. */
  readonly what: string;
  /** Plans, calls and records. Taken again after a failure it does nothing twice. */
  readonly take: (work: ConnectionWork, items: readonly Item[]) => Promise<void>;
};

/**
 * A failure of the CRM gives the items back untouched; where only a right to them is missing they wait, and the rest of the
 * connection's work goes on. Any other failure lies in one of them: the batch is halved until
 * that one stands alone, and only it is tried again later or set aside.
 */
export async function takeInHalves<Item extends Claimed>(
  work: ConnectionWork,
  items: readonly Item[],
  steps: Steps<Item>,
): Promise<void> {
  try {
    await steps.take(work, items);
  } catch (error) {
    if (error instanceof CrmRightMissing) return postpone(work, items, { error, what: steps.what });
    if (isConnectionFailure(error)) {
      await release(work, items);
      throw error;
    }
    const [only, second] = items;
    if (only && !second) {
      await setAside(work, only, { error, what: steps.what });
      return;
    }
    const half = Math.ceil(items.length / 2);
    const rest = items.slice(half);
    try {
      await takeInHalves(work, items.slice(0, half), steps);
    } catch (failure) {
      await release(work, rest);
      throw failure;
    }
    await takeInHalves(work, rest, steps);
  }
}

async function release(work: ConnectionWork, items: readonly Claimed[]): Promise<void> {
  const ids = items.map(({ outboxId }) => outboxId);
  await work.database.inWorkspace(work.connection.workspaceId, (tx) => releaseOutbox(tx, ids));
}

async function postpone(
  work: ConnectionWork,
  items: readonly Claimed[],
  { error, what }: { readonly error: CrmRightMissing; readonly what: string },
): Promise<void> {
  const { workspaceId, connectionId } = work.connection;
  work.logger.warn({ err: error, connectionId }, `${what} waits for a permission`);
  const outboxIds = items.map(({ outboxId }) => outboxId);
  const waiting = { outboxIds, now: new Date(work.clock.now()), error: describeFailure(error) };
  await work.database.inWorkspace(workspaceId, async (tx) => {
    await postponeOutbox(tx, waiting);
    await noteMissingRight(tx, { connectionId, error });
  });
}

async function setAside(
  work: ConnectionWork,
  item: Claimed,
  { error, what }: { readonly error: unknown; readonly what: string },
): Promise<void> {
  const { workspaceId, connectionId } = work.connection;
  work.logger.warn({ err: error, connectionId }, `${what} failed`);
  const now = new Date(work.clock.now());
  const retryAt = nextRetryAt(now, item.attempts + 1);
  if (retryAt === null) work.counters.deadLettered('outbox');
  const result = { outboxId: item.outboxId, retryAt, dead: retryAt === null, error: describeFailure(error) };
  await work.database.inWorkspace(workspaceId, (tx) => recordOutbox(tx, { now, results: [result] }));
}
