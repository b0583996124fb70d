import type { FieldValues, WriteOutcome } from '../crm/port.ts';
import { changedValues, type CrmValues } from '../metrics/crm-values.ts';
import { writeWithoutMissing, type WrittenWithout } from './write-without-missing.ts';
import { ENROLMENT_CALLS_AT_ONCE, inTurns } from './in-turns.ts';
import { claimWritesUntil, type ConnectionWork } from './connection-work.ts';
import { describeFailure, isConnectionFailure } from './failure.ts';
import { anotherValue } from './foreign-values.ts';
import { fromWrittenFields, toCrmFields, WRITTEN_OBJECTS, type WrittenObject } from './own-fields.ts';
import { nextRetryAt } from './retry-schedule.ts';
import {
  claimWrites,
  readWriteBacklog,
  recordWrites,
  releaseWrites,
  type DueWrite,
  type WriteResult,
} from './write-back-store.ts';

/** A write that waited this long goes out even while changes keep coming. */
const MAX_WAIT_MS = 5_000;
/** Batches taken up at once; bounds memory and the time a claim is held. */
const MAX_BATCHES = 10;

export type FlushMode = {
  /** More changes are being decided: writes wait for them, so that each record is written once with its last values. */
  readonly wait: boolean;
  /** More records follow: only full batches leave now. */
  readonly fullBatches: boolean;
};

/**
 * Writes what changed, a full batch per call. No write is held back for longer than five seconds.
 * @returns how many records were taken up.
 */
export async function flushWriteBacks(work: ConnectionWork, mode: FlushMode): Promise<number> {
  const { workspaceId, connectionId } = work.connection;
  const nowMs = work.clock.now();
  const { batchSize, hasReferralRecords } = work.port;
  const writes = await work.database.inWorkspace(workspaceId, async (tx) => {
    const now = new Date(nowMs);
    const limit = batchSize * MAX_BATCHES * (hasReferralRecords ? WRITTEN_OBJECTS.length : 1);
    const claimedUntil = claimWritesUntil(nowMs, work.port);
    const claimed: DueWrite[] = [];
    let room = MAX_BATCHES;
    // By kind: a call writes records of one, and a claim across them would leave each a part batch.
    for (const { objectType, due, oldestWaitingSince } of await readWriteBacklog(tx, { connectionId, now, limit })) {
      const patient = nowMs - (oldestWaitingSince?.getTime() ?? nowMs) < MAX_WAIT_MS;
      if (mode.wait && patient) continue;
      const full = Math.floor(due / batchSize) * batchSize;
      const taken = Math.min(mode.fullBatches && patient ? full : due, room * batchSize);
      if (taken === 0) continue;
      const claim = { connectionId, objectType, limit: taken, now, claimedUntil };
      claimed.push(...(await claimWrites(tx, claim)));
      room -= Math.ceil(taken / batchSize);
    }
    return claimed;
  });
  if (writes.length === 0) return 0;
  await writeClaimed(work, writes, mode.fullBatches ? ENROLMENT_CALLS_AT_ONCE : 1);
  return writes.length;
}

type PlannedWrite = { readonly due: DueWrite; readonly changed: ReturnType<typeof changedValues> };

async function writeClaimed(work: ConnectionWork, writes: readonly DueWrite[], atOnce: number): Promise<void> {
  const planned = writes.map((due): PlannedWrite => ({ due, changed: changedValues(due.desired, due.written ?? {}) }));
  const needless = planned.filter((plan) => Object.keys(plan.changed).length === 0);
  const needed = planned.filter((plan) => Object.keys(plan.changed).length > 0);
  work.counters.writtenBack('unchanged', needless.length);
  await save(
    work,
    needless.map(({ due }) => done(due, due.written ?? {}, null)),
  );
  const kinds = [...Map.groupBy(needed, ({ due }) => due.objectType).values()];
  const batches = kinds.flatMap((plans) => batchesOf(plans, work.port.batchSize));
  const left = await inTurns(batches, {
    atOnce,
    run: async (batch) => {
      const results = await writeBatch(work, batch);
      const written = results.filter((result) => result.written !== null).length;
      work.counters.writtenBack('written', written);
      work.counters.writtenBack('refused', results.length - written);
      await save(work, results);
    },
  });
  if (left === null) return;
  const recordIds = left.items.flat().map(({ due }) => due.recordId);
  const { workspaceId, connectionId } = work.connection;
  await work.database.inWorkspace(workspaceId, (tx) => releaseWrites(tx, { connectionId, recordIds }));
  throw left.error;
}

function batchesOf<T>(items: readonly T[], size: number): (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

async function writeBatch(work: ConnectionWork, batch: readonly PlannedWrite[]): Promise<WriteResult[]> {
  try {
    const items = new Map(
      batch.map(({ due, changed }) => [due.recordId, { values: toCrmFields(work.port.crm, changed, due.objectType) }]),
    );
    const objectType = batch[0]?.due.objectType ?? 'contact';
    const outcomes = await writeWithoutMissing(items, (open) => send(work, objectType, open));
    return resultsOf(work, batch, outcomes);
  } catch (error) {
    if (isConnectionFailure(error)) throw error;
    work.logger.warn({ err: error, connectionId: work.connection.connectionId }, 'write-back failed');
    const now = new Date(work.clock.now());
    return batch.map(({ due }): WriteResult => {
      const retryAt = nextRetryAt(now, due.attempts + 1);
      return {
        objectType: due.objectType,
        recordId: due.recordId,
        desiredVersion: due.desiredVersion,
        written: null,
        modifiedAt: null,
        retryAt,
        dead: retryAt === null,
        error: describeFailure(error),
      };
    });
  }
}

/** Records of one kind. */
function send(
  { port, connection }: ConnectionWork,
  objectType: WrittenObject,
  items: ReadonlyMap<string, { readonly values: FieldValues }>,
): Promise<readonly WriteOutcome[]> {
  if (objectType === 'referral') {
    const writes = [...items].map(([referralId, { values }]) => ({ referralId, values }));
    return port.upsertReferralRecords(connection, writes);
  }
  return port.updateRecords(connection, {
    objectType,
    writes: [...items].map(([id, { values }]) => ({ id, values })),
  });
}

function resultsOf(
  work: ConnectionWork,
  batch: readonly PlannedWrite[],
  outcomes: ReadonlyMap<string, WrittenWithout>,
): WriteResult[] {
  const now = new Date(work.clock.now());
  return batch.map(({ due, changed }) => {
    const { outcome, left = [] } = outcomes.get(due.recordId) ?? {};
    if (outcome?.ok)
      return written(work, { due, changed: withoutFields(work, { due, changed }, left) }, { outcome, left });
    const refusal = outcome?.refusal ?? {
      code: 'record_rejected',
      message: 'The CRM did not answer for this record.',
      fields: [],
    };
    const gone = refusal.code === 'record_gone';
    const retryAt = refusal.code === 'record_locked' ? nextRetryAt(now, due.attempts + 1) : null;
    return {
      objectType: due.objectType,
      recordId: due.recordId,
      desiredVersion: due.desiredVersion,
      written: null,
      modifiedAt: null,
      retryAt,
      // A record that is gone needs no person: if it comes back, it is read and compared again.
      dead: retryAt === null && !gone,
      gone,
      error: refusal,
    };
  });
}

/** "200" does not mean stored: the CRM may have coerced a value (E34). What it answered is what counts as written. */
function written(
  work: ConnectionWork,
  plan: PlannedWrite,
  { outcome, left }: { readonly outcome: WriteOutcome & { ok: true }; readonly left: readonly string[] },
): WriteResult {
  const own = { crm: work.port.crm, objectType: plan.due.objectType };
  const answered = fromWrittenFields(own, outcome.values, plan.changed);
  // Where people find our own record of a referral; nothing we say, so nothing that is compared.
  const found = own.objectType === 'referral' ? { referralRecordId: outcome.recordId } : {};
  const held = { ...plan.changed, ...answered, ...found };
  const wanted = plan.due.desired;
  const coerced = Object.keys(changedValues(pick(wanted, Object.keys(plan.changed)), held));
  const error = left.length > 0 ? unwritable(left) : coerced.length > 0 ? anotherValue(coerced) : null;
  return { ...done(plan.due, held, error), modifiedAt: outcome.modifiedAt };
}

/** Somebody deleted a field, or made it read-only: the others were written, and this one is shown until it is mended (E23). */
function unwritable(fields: readonly string[]) {
  return { code: 'field_unwritable', message: 'The CRM has no such field to write any more.', fields };
}

function withoutFields(
  work: ConnectionWork,
  { due, changed: values }: PlannedWrite,
  left: readonly string[],
): CrmValues {
  if (left.length === 0) return values;
  const entries = Object.entries(values) as [keyof CrmValues, string | null][];
  return Object.fromEntries(
    entries.filter(([key, value]) =>
      Object.keys(toCrmFields(work.port.crm, { [key]: value }, due.objectType)).every((name) => !left.includes(name)),
    ),
  );
}

function pick<T extends object>(values: T, keys: readonly string[]): T {
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.includes(key))) as T;
}

function done(due: DueWrite, held: WriteResult['written'], error: unknown): WriteResult {
  return {
    objectType: due.objectType,
    recordId: due.recordId,
    desiredVersion: due.desiredVersion,
    written: held,
    modifiedAt: null,
    retryAt: null,
    dead: error !== null,
    error,
  };
}

async function save(work: ConnectionWork, results: readonly WriteResult[]): Promise<void> {
  const { workspaceId, connectionId } = work.connection;
  if (results.length === 0) return;
  for (const result of results) if (result.dead) work.counters.deadLettered('write');
  await work.database.inWorkspace(workspaceId, (tx) =>
    recordWrites(tx, { connectionId, now: new Date(work.clock.now()), results }),
  );
}
