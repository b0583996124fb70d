import { CrmListGone, CrmRateLimited } from '../../crm/errors.ts';
import {
  claimEnrolment,
  endPass,
  failEnrolment,
  pauseClaimed,
  releaseEnrolment,
  type ClaimedEnrolment,
} from '../../enrolment/enrolments-store.ts';
import { programsOfCrm } from '../../qualification/definition-of-crm.ts';
import { publishedPrograms } from '../../qualification/published-programs.ts';
import { claimUntil, type ConnectionWork } from '../connection-work.ts';
import { describeFailure, isConnectionFailure } from '../failure.ts';
import { nextRetryAt } from '../retry-schedule.ts';
import { EnrolmentSwitchedOff, Overtaken, type StepResult } from './step.ts';
import { stepThroughAll } from './step-all.ts';
import { stepThroughList } from './step-list.ts';

/** A contact made a moment before a pass began may not have been in the CRM's index yet: the next pass looks back this far. */
const OVERLAP_MS = 120_000;

export type EnrolmentRound = {
  readonly worked: boolean;
  /** An enrolment goes on: writes may wait until their batches are full. */
  readonly underWay: boolean;
  /** When there is room for its next call, where that is the only thing it waits for. */
  readonly dueAtMs: number | null;
};

const IDLE: EnrolmentRound = { worked: false, underWay: false, dueAtMs: null };

/**
 * Takes one enrolment of the connection one step on. Each step reads, then records people, codes, write-backs and its
 * own cursor in one transaction: killed anywhere, the next step begins where the last one ended, and nobody gets two links.
 */
export async function runEnrolments(work: ConnectionWork): Promise<EnrolmentRound> {
  const { database, connection, clock } = work;
  const nowMs = clock.now();
  const claimed = await database.inWorkspace(connection.workspaceId, (tx) =>
    claimEnrolment(tx, {
      connectionId: connection.connectionId,
      now: new Date(nowMs),
      claimedUntil: claimUntil(nowMs),
    }),
  );
  if (!claimed) return IDLE;
  try {
    const result = await step(work, claimed);
    if (!result.ended) return { worked: true, underWay: true, dueAtMs: null };
    await finishPass(work, claimed);
    return { worked: true, underWay: false, dueAtMs: null };
  } catch (error) {
    return settle(work, claimed, error);
  }
}

async function step(work: ConnectionWork, claimed: ClaimedEnrolment): Promise<StepResult> {
  const published = await work.database.inWorkspace(work.connection.workspaceId, (tx) =>
    publishedPrograms(tx, work.connection.workspaceId),
  );
  const programs = programsOfCrm(published, work.port.crm);
  const program = programs.find(({ id }) => id === claimed.programId);
  if (!program) throw new Error('an enrolment belongs to a published program');
  if (!program.definition.enrolment.enabled) throw new EnrolmentSwitchedOff();
  // The last page was recorded, and then a kill came before the pass could end.
  if (claimed.source === 'all' && claimed.walked) return { ended: true, worked: false };
  const input = { work, claimed, program, programs };
  return claimed.source === 'all' ? stepThroughAll(input) : stepThroughList(input);
}

async function finishPass(work: ConnectionWork, claimed: ClaimedEnrolment): Promise<void> {
  const now = new Date(work.clock.now());
  await work.database.inWorkspace(work.connection.workspaceId, (tx) =>
    endPass(tx, claimed, {
      now,
      nextCheckAt: new Date(now.getTime() + work.enrolmentCheckMs),
      createdFrom: claimed.source === 'all' ? new Date(claimed.passStartedAt.getTime() - OVERLAP_MS) : null,
    }),
  );
}

async function settle(work: ConnectionWork, claimed: ClaimedEnrolment, error: unknown): Promise<EnrolmentRound> {
  const { database, connection, clock, logger } = work;
  const inWorkspace = <T>(run: Parameters<typeof database.inWorkspace<T>>[1]): Promise<T> =>
    database.inWorkspace(connection.workspaceId, run);
  const { id } = claimed;
  if (error instanceof Overtaken) {
    await inWorkspace((tx) => releaseEnrolment(tx, { id, dueAt: null }));
    return { worked: true, underWay: true, dueAtMs: null };
  }
  if (error instanceof CrmRateLimited) {
    // Its own limit, not the account's: the rest of the work goes on meanwhile.
    await inWorkspace((tx) => releaseEnrolment(tx, { id, dueAt: new Date(error.retryAtMs) }));
    return { worked: false, underWay: true, dueAtMs: error.retryAtMs };
  }
  const now = new Date(clock.now());
  if (error instanceof EnrolmentSwitchedOff) {
    const why = {
      code: 'enrolment_off',
      message: 'Enrolment was switched off in the program; resume it when it is on again.',
    };
    await inWorkspace((tx) => pauseClaimed(tx, { id, error: why }));
    return { worked: true, underWay: false, dueAtMs: null };
  }
  if (error instanceof CrmListGone) {
    await inWorkspace((tx) => failEnrolment(tx, { id, now, error: describeFailure(error) }));
    return { worked: true, underWay: false, dueAtMs: null };
  }
  if (isConnectionFailure(error)) {
    await inWorkspace((tx) => releaseEnrolment(tx, { id, dueAt: null }));
    throw error;
  }
  logger.warn({ err: error, enrolmentId: id }, 'enrolment step failed');
  const retryAt = nextRetryAt(now, claimed.attempts + 1);
  await inWorkspace((tx) =>
    retryAt === null
      ? failEnrolment(tx, { id, now, error: describeFailure(error) })
      : releaseEnrolment(tx, { id, dueAt: retryAt, error: describeFailure(error) }),
  );
  return { worked: false, underWay: false, dueAtMs: null };
}
