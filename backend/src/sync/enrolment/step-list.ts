import type { CrmRecord } from '../../crm/port.ts';
import { recordStep } from '../../enrolment/enrolments-store.ts';
import {
  markDeparted,
  markEnrolled,
  noteMembers,
  pauseDeparted,
  waitingMembers,
} from '../../enrolment/members-store.ts';
import { addMark } from '../../enrolment/progress.ts';
import { ENROLMENT_CALLS_AT_ONCE, inTurns } from '../in-turns.ts';
import { enrolRecords, fieldsOfEnrolment } from './enrol-records.ts';
import { Overtaken, type StepInput, type StepResult } from './step.ts';

/** Batches taken up at once: bounds memory and the time a claim is held. */
const BATCHES_AT_ONCE = 2 * ENROLMENT_CALLS_AT_ONCE;
const DEPARTED_AT_ONCE = 500;

/**
 * Walks the list's members and enrols them. The two go side by side through a queue in the database, because a page of
 * members and a batch of reads differ in size: every call is full, and a kill loses neither.
 */
export async function stepThroughList(input: StepInput): Promise<StepResult> {
  const { work, claimed } = input;
  const limit = work.port.batchSize * BATCHES_AT_ONCE;
  const waiting = await work.database.inWorkspace(work.connection.workspaceId, (tx) =>
    waitingMembers(tx, { enrolmentId: claimed.id, limit }),
  );
  if (!claimed.walked && waiting.length < limit) return walkOn(input);
  if (waiting.length > 0) return enrolWaiting(input, waiting);
  return seeOff(input);
}

async function walkOn({ work, claimed }: StepInput): Promise<StepResult> {
  const { database, port, connection, clock } = work;
  const page = await port.readListMembers(connection, { listId: claimed.listId ?? '', cursor: claimed.cursor });
  await database.inWorkspace(connection.workspaceId, async (tx) => {
    await noteMembers(tx, {
      workspaceId: connection.workspaceId,
      enrolmentId: claimed.id,
      pass: claimed.pass,
      recordIds: page.recordIds,
    });
    const recorded = await recordStep(tx, claimed, {
      counts: {},
      ...(page.nextCursor === null ? { walked: true } : { cursor: page.nextCursor }),
      total: page.total,
      now: new Date(clock.now()),
    });
    if (!recorded) throw new Overtaken();
  });
  return { ended: false, worked: true };
}

async function enrolWaiting(input: StepInput, recordIds: readonly string[]): Promise<StepResult> {
  const { work, claimed, program, programs } = input;
  const { database, connection, clock } = work;
  const fields = fieldsOfEnrolment(work, program, programs);
  let { seen, marks } = claimed;
  // The reads run ahead of the transactions, a few at once; what was read before one failed is still recorded.
  const { batches, error } = await readBatches(work, { recordIds, fields });
  for (const [index, { ids, found }] of batches.entries()) {
    const records = [
      ...new Map([...found.values()].map((record): [string, CrmRecord] => [record.id, record])).values(),
    ];
    const now = new Date(clock.now());
    seen += ids.length;
    marks = addMark(marks, { atMs: now.getTime(), seen });
    await database.aloneInWorkspace(connection.workspaceId, async (tx) => {
      const counts = await enrolRecords(tx, { work, program, programs, records, now });
      const marked = await markEnrolled(tx, { enrolmentId: claimed.id, recordIds: ids, now });
      const gone = ids.length - records.length;
      const recorded = await recordStep(tx, claimed, {
        counts: { ...counts, seen: ids.length, skipped: (counts.skipped ?? 0) + gone },
        marks,
        holds: index < batches.length - 1,
        now,
      });
      if (!recorded || marked < ids.length) throw new Overtaken();
    });
  }
  if (error !== null) throw error.cause;
  return { ended: false, worked: true };
}

type ReadBatch = { readonly ids: readonly string[]; readonly found: ReadonlyMap<string, CrmRecord> };

async function readBatches(
  { port, connection }: StepInput['work'],
  { recordIds, fields }: { readonly recordIds: readonly string[]; readonly fields: readonly string[] },
): Promise<{ readonly batches: readonly ReadBatch[]; readonly error: { readonly cause: unknown } | null }> {
  const batches: ReadBatch[] = [];
  const asked = Array.from({ length: Math.ceil(recordIds.length / port.batchSize) }, (_, index) =>
    recordIds.slice(index * port.batchSize, (index + 1) * port.batchSize),
  );
  const left = await inTurns(asked, {
    atOnce: ENROLMENT_CALLS_AT_ONCE,
    run: async (ids) => {
      batches.push({ ids, found: await port.readRecords(connection, { objectType: 'contact', ids, fields }) });
    },
  });
  return { batches, error: left === null ? null : { cause: left.error } };
}

/** Who is not on the list any more: shown as departed, and their link rests if the program says so (E21). */
async function seeOff({ work, claimed, program }: StepInput): Promise<StepResult> {
  const { database, connection, clock } = work;
  const now = new Date(clock.now());
  const departed = await database.aloneInWorkspace(connection.workspaceId, async (tx) => {
    const recordIds = await markDeparted(tx, {
      enrolmentId: claimed.id,
      pass: claimed.pass,
      limit: DEPARTED_AT_ONCE,
      now,
    });
    if (recordIds.length === 0) return 0;
    if (program.definition.enrolment.onLeave === 'pause') {
      await pauseDeparted(tx, {
        programId: program.id,
        connectionId: connection.connectionId,
        enrolmentId: claimed.id,
        recordIds,
        now,
      });
    }
    if (!(await recordStep(tx, claimed, { counts: { departed: recordIds.length }, now }))) throw new Overtaken();
    return recordIds.length;
  });
  return { ended: departed < DEPARTED_AT_ONCE, worked: departed > 0 };
}
