import { spentShare } from '../sync/budget-store.ts';
import { claimUntil, type ConnectionWork } from '../sync/connection-work.ts';
import { describeFailure, isConnectionFailure } from '../sync/failure.ts';
import { nextRetryAt } from '../sync/retry-schedule.ts';
import {
  claimDirtyRecords,
  failDirtyRecords,
  readBacklog,
  releaseDirtyRecords,
  type DirtyRecord,
} from './dirty-store.ts';
import { takeable } from './batch-forming.ts';
import type { EntryState } from './entries-store.ts';
import { contactFieldNames } from './match-contacts.ts';
import { readClaimed } from './read-claimed.ts';
import type { Reading } from './reading.ts';
import { recordReadings } from './record-readings.ts';

/** Records per decision transaction: keeps it, and the lock on the workspace, short. */
const DECIDE_AT_ONCE = 500;
/** Each may bring along everybody who is there. */
const COMPANIES_AT_ONCE = 20;

export type DrainResult = {
  readonly records: number;
  readonly decisions: readonly EntryState[];
  /** Hints are due that wait for company. */
  readonly waiting: boolean;
};

/**
 * Takes up due hints, reads the records in full batches and decides. Nothing is held while the CRM is asked: claim,
 * call, record.
 * @param inBurst a batch was just taken: a remainder then waits a moment, so that a burst costs the fewest calls.
 */
export async function drainDirtyRecords(work: ConnectionWork, inBurst: boolean): Promise<DrainResult> {
  const { connection, database } = work;
  const nowMs = work.clock.now();
  const { claimed, waiting } = await database.inWorkspace(connection.workspaceId, async (tx) => {
    const backlog = await readBacklog(tx, connection.connectionId, new Date(nowMs));
    const spent =
      backlog.length === 0
        ? 0
        : await spentShare(tx, { ...work, connectionId: connection.connectionId, now: new Date(nowMs) });
    const taken: DirtyRecord[] = [];
    for (const kind of backlog) {
      const limit = takeable(kind, { nowMs, inBurst, spent, batchSize: work.port.batchSize });
      if (limit === 0) continue;
      taken.push(
        ...(await claimDirtyRecords(tx, {
          connectionId: connection.connectionId,
          objectType: kind.objectType,
          limit,
          now: new Date(nowMs),
          claimedUntil: claimUntil(nowMs),
        })),
      );
    }
    return { claimed: taken, waiting: backlog.length > 0 };
  });
  if (claimed.length === 0) return { records: 0, decisions: [], waiting };
  return { records: claimed.length, decisions: await readAndDecide(work, claimed), waiting };
}

/**
 * A failure of the CRM gives the records back untouched. Any other failure lies in one of the records: the batch is
 * halved until that one stands alone, and only it is tried again later or set aside.
 */
async function readAndDecide(work: ConnectionWork, claimed: readonly DirtyRecord[]): Promise<EntryState[]> {
  const { connectionId, workspaceId } = work.connection;
  try {
    return await decideClaimed(work, claimed);
  } catch (error) {
    const [only, second] = claimed;
    if (isConnectionFailure(error)) {
      await work.database.inWorkspace(workspaceId, (tx) => releaseDirtyRecords(tx, { connectionId, records: claimed }));
      throw error;
    }
    if (only && !second) {
      await setAside(work, only, error);
      return [];
    }
    const half = Math.ceil(claimed.length / 2);
    return [
      ...(await readAndDecide(work, claimed.slice(0, half))),
      ...(await readAndDecide(work, claimed.slice(half))),
    ];
  }
}

async function decideClaimed(work: ConnectionWork, claimed: readonly DirtyRecord[]): Promise<EntryState[]> {
  const { connection, port } = work;
  const decisions: EntryState[] = [];
  for (const readings of inTransactions(await readClaimed(work, claimed))) {
    const decided = await recordReadings(work.database, {
      account: connection,
      readings,
      now: new Date(work.clock.now()),
      publicUrl: work.publicUrl,
      workspaceCurrency: work.workspaceCurrency,
      fields: contactFieldNames(port),
    });
    decisions.push(...decided);
  }
  return decisions;
}

function inTransactions(readings: readonly Reading[]): (readonly Reading[])[] {
  const isCompany = ({ record }: Reading): boolean => record?.objectType === 'company';
  const isDeal = ({ dirty }: Reading): boolean => dirty.objectType === 'deal';
  const rest = readings.filter((reading) => !isCompany(reading));
  return [
    // Who people are is known before their deals are looked at: a merge moves deals from one contact to another.
    ...slices([...rest.filter((reading) => !isDeal(reading)), ...rest.filter(isDeal)], DECIDE_AT_ONCE),
    ...slices(readings.filter(isCompany), COMPANIES_AT_ONCE),
  ];
}

function slices<T>(items: readonly T[], size: number): (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

async function setAside(work: ConnectionWork, record: DirtyRecord, error: unknown): Promise<void> {
  const { connectionId, workspaceId } = work.connection;
  const now = new Date(work.clock.now());
  const failure = { record, dueAt: nextRetryAt(now, record.attempts + 1), error: describeFailure(error) };
  work.logger.warn(
    { err: error, connectionId, objectType: record.objectType, recordId: record.recordId },
    'record set aside',
  );
  if (failure.dueAt === null) work.counters.deadLettered('dirty');
  await work.database.inWorkspace(workspaceId, (tx) => failDirtyRecords(tx, { connectionId, now, failed: [failure] }));
}
