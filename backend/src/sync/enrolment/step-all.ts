import { recordStep, type ClaimedEnrolment, type StepCounts } from '../../enrolment/enrolments-store.ts';
import { addMark } from '../../enrolment/progress.ts';
import { enrolRecords, fieldsOfEnrolment } from './enrol-records.ts';
import { Overtaken, type StepInput, type StepResult } from './step.ts';

/** One page of all contacts, read with everything that is needed, so that a contact costs no call of its own. */
export async function stepThroughAll({ work, claimed, program, programs }: StepInput): Promise<StepResult> {
  const { database, port, connection, clock } = work;
  const page = await port.readAllContacts(connection, {
    fields: fieldsOfEnrolment(work, program, programs),
    afterId: claimed.cursor,
    createdFrom: claimed.createdFrom,
  });
  const now = new Date(clock.now());
  await database.aloneInWorkspace(connection.workspaceId, async (tx) => {
    const enrolled = await enrolRecords(tx, { work, program, programs, records: page.records, now });
    const counts = claimed.pass === 1 ? enrolled : onlyNew(enrolled);
    const seen = claimed.seen + (counts.seen ?? 0);
    const recorded = await recordStep(tx, claimed, {
      counts,
      // At the end the cursor stays where it is, so that a step done twice is found out by `walked`.
      ...(page.nextAfterId === null ? { walked: true } : { cursor: page.nextAfterId }),
      total: claimed.pass === 1 ? totalOf(claimed, page.total) : seen,
      marks: addMark(claimed.marks, { atMs: now.getTime(), seen }),
      now,
    });
    if (!recorded) throw new Overtaken();
  });
  return { ended: page.nextAfterId === null, worked: page.records.length > 0 };
}

/** A later pass looks back into the one before: whoever it meets again was counted there. */
function onlyNew({ enrolled = 0 }: StepCounts): StepCounts {
  return { seen: enrolled, enrolled };
}

/** The first page says how many there are. */
function totalOf(claimed: ClaimedEnrolment, onPage: number): number | null {
  if (claimed.cursor !== null) return null;
  return claimed.seen + onPage;
}
