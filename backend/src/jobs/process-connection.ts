import type { Clock } from '../clock.ts';
import {
  CrmAuthorizationRevoked,
  CrmRateLimited,
  CrmRightMissing,
  CrmScopeMissing,
  CrmUnavailable,
} from '../crm/errors.ts';
import type { CrmName, CrmPort, TokenSource } from '../crm/port.ts';
import type { Database } from '../db/database.ts';
import { PassalongError } from '../errors/passalong-error.ts';
import { pollChanges } from '../ingest/poll-changes.ts';
import { drainDirtyRecords } from '../ingest/read-dirty-records.ts';
import { pushesNothing } from '../ingest/unpushed-fields.ts';
import type { Logger } from '../observability/logger.ts';
import { forgetFailures, pauseAfterFailure, pauseCalls, type CallLimit } from '../sync/budget-store.ts';
import { capturePeople } from '../sync/capture/capture-people.ts';
import { ensureDeals } from '../sync/capture/ensure-deals.ts';
import type { ConnectionWork, WorkCounters } from '../sync/connection-work.ts';
import { runEnrolments, type EnrolmentRound } from '../sync/enrolment/run-enrolments.ts';
import { runReEvaluations, type ReEvaluationRound } from '../re-evaluation/run-re-evaluations.ts';
import { forgetMissingRight, noteMissingRight } from '../sync/missing-right-store.ts';
import { flushWriteBacks } from '../sync/write-back.ts';
import { loadConnection, markBroken, noteContact } from '../workspaces/connections-store.ts';
import { provisionConnection } from '../workspaces/provision.ts';
import { renewUnusedGrant } from '../workspaces/renew-unused-grant.ts';
import { workspaceCurrency } from '../workspaces/workspaces-store.ts';
import { MissingRights } from './missing-rights.ts';

export type ProcessDeps = {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly publicUrl: string;
  readonly ports: Partial<Readonly<Record<CrmName, CrmPort>>>;
  /** Where grants die of disuse. */
  readonly tokens?: Partial<Readonly<Record<CrmName, Pick<TokenSource, 'accessToken'>>>>;
  readonly callLimits: Partial<Readonly<Record<CrmName, CallLimit>>>;
  readonly counters: WorkCounters;
  readonly enrolmentCheckMs: number;
};

export type ConnectionRef = { readonly workspaceId: string; readonly connectionId: string };

/** Rounds in one job; what is left then is picked up by the next, so that no connection keeps a worker for itself. */
const MAX_ROUNDS = 50;
/** Until then something that is missing in the CRM has been given, or nobody is at it. */
const LONGEST_WAIT_FOR_RIGHTS_MS = 900_000;
/** Hints that wait for company are looked at again after this. */
const LOOK_AGAIN_MS = 50;

/**
 * Everything one connection has due: people to create, changes to look for, hints to answer, values to write. Safe to run
 * twice at once and to kill anywhere: every step claims its items, calls, and records in one transaction.
 * @returns when to come back sooner than the sweep would, ms since the epoch; null when there is no hurry.
 */
export async function processConnection(deps: ProcessDeps, ref: ConnectionRef): Promise<number | null> {
  let connectedAt: Date | undefined;
  try {
    let inBurst = false;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      // Read anew each round: a disconnect stops the work at the next call, not at the end of the job.
      const work = await openWork(deps, ref);
      if (!work) return null;
      connectedAt = work.connection.connectedAt;
      const result = await runRound(deps, work, inBurst);
      if (!result.didWork) {
        await deps.database.inWorkspace(ref.workspaceId, async (tx) => {
          await forgetFailures(tx, ref.connectionId);
          await forgetMissingRight(tx, ref);
          if (round > 0) await noteContact(tx, ref.connectionId, new Date(deps.clock.now()));
        });
        return result.waiting ? deps.clock.now() + LOOK_AGAIN_MS : result.dueAtMs;
      }
      inBurst ||= result.fullBatch;
    }
    return deps.clock.now();
  } catch (error) {
    return settleFailure(deps, { ...ref, connectedAt }, error);
  }
}

async function openWork(deps: ProcessDeps, ref: ConnectionRef): Promise<ConnectionWork | null> {
  return deps.database.inWorkspace(ref.workspaceId, async (tx) => {
    const connection = await loadConnection(tx, ref.connectionId);
    const port = connection && deps.ports[connection.crm];
    const callLimit = connection && deps.callLimits[connection.crm];
    if (!port || !callLimit || connection.status !== 'connected') return null;
    const currency = await workspaceCurrency(tx, ref.workspaceId);
    return { ...deps, port, connection, callLimit, workspaceCurrency: currency };
  });
}

type RoundResult = {
  readonly didWork: boolean;
  readonly waiting: boolean;
  readonly fullBatch: boolean;
  /** When something goes on that waits for nothing but its time. */
  readonly dueAtMs: number | null;
};

async function runRound(deps: ProcessDeps, work: ConnectionWork, inBurst: boolean): Promise<RoundResult> {
  const { provisionDueAt } = work.connection;
  const provisions = provisionDueAt !== null && provisionDueAt.getTime() <= deps.clock.now();
  if (provisions) await provisionConnection(work);
  const tokens = deps.tokens?.[work.connection.crm];
  if (tokens) await renewUnusedGrant({ ...deps, tokens }, work.connection);
  const rights = new MissingRights();
  // Where changes are pushed, a CRM that does not answer is left alone at once: nothing is lost meanwhile.
  const goesOn = pushesNothing(work.port);
  const write = (step: () => Promise<number>) => (goesOn ? rights.withoutWrites(step) : rights.without(step, 0));
  const captured = (await write(() => capturePeople(work))) + (await write(() => ensureDeals(work)));
  const drained = await rights.without(() => drainDirtyRecords(work, inBurst), NOTHING_DRAINED);
  for (const state of drained.decisions) deps.counters.decided(state);
  const fullBatch = drained.records >= work.port.batchSize;
  const burst = (inBurst && drained.waiting) || fullBatch;
  // What people are waiting for comes first: an enrolment takes what is left.
  const enrolment =
    drained.records === 0 ? await rights.without(() => runEnrolments(work), NO_ENROLMENT) : NO_ENROLMENT;
  const moved =
    drained.records === 0 ? await rights.without(() => runReEvaluations(work), NOTHING_MOVED) : NOTHING_MOVED;
  const flush = { wait: burst, fullBatches: enrolment.underWay };
  const written = await write(() => flushWriteBacks(work, flush));
  const polls = () => pollAll(work, enrolment.underWay);
  const polled = drained.records === 0 && (await rights.without(polls, false));
  rights.tell();
  const didWork = provisions || polled || enrolment.worked || moved.worked || captured + drained.records + written > 0;
  return { didWork, waiting: drained.waiting, fullBatch, dueAtMs: earliest(enrolment.dueAtMs, moved.dueAtMs) };
}

/** As many walks as there are kinds of records, and as many pages again for each of a busy hour. */
const MAX_WALKS = 6;

/**
 * Every walk that is due, before anything found is read: a contact that was merged and the deal that names the other one
 * since belong into one decision, or the deal would seem to be nobody's for a moment.
 */
async function pollAll(work: ConnectionWork, patient: boolean): Promise<boolean> {
  // Where changes are pushed, a walk a round leaves the calls to what people wait for.
  const walks = pushesNothing(work.port) ? MAX_WALKS : 1;
  for (let walk = 0; walk < walks; walk += 1) if (!(await pollChanges(work, { patient }))) return walk > 0;
  return true;
}

function earliest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

const NOTHING_DRAINED: Awaited<ReturnType<typeof drainDirtyRecords>> = { records: 0, decisions: [], waiting: false };
const NOTHING_MOVED: ReEvaluationRound = { worked: false, dueAtMs: null };
const NO_ENROLMENT: EnrolmentRound = { worked: false, underWay: false, dueAtMs: null };

/**
 * The CRM's failures belong to the connection, not to the items: they wait untouched and nobody calls before it is time.
 * @returns when the work goes on, where that is known to the moment; otherwise the sweep finds it.
 */
async function settleFailure(
  deps: ProcessDeps,
  ref: ConnectionRef & { readonly connectedAt: Date | undefined },
  error: unknown,
): Promise<number | null> {
  const { database, clock, logger } = deps;
  const account = { connectionId: ref.connectionId, workspaceId: ref.workspaceId };
  if (error instanceof CrmRateLimited) {
    logger.info({ ...account, retryAtMs: error.retryAtMs }, 'out of calls; the rest waits');
    await database.inWorkspace(ref.workspaceId, (tx) =>
      pauseCalls(tx, { account, kind: error.kind ?? 'default', until: new Date(error.retryAtMs) }),
    );
    return error.retryAtMs;
  }
  if (error instanceof CrmAuthorizationRevoked || error instanceof CrmScopeMissing) {
    const news = await database.inWorkspace(ref.workspaceId, (tx) =>
      markBroken(tx, { ...ref, reason: error.message, now: new Date(clock.now()) }),
    );
    if (news) logger.warn({ ...account, code: error.code }, 'connection needs re-authorisation; its work is kept');
    return null;
  }
  const notBeforeMs = error instanceof CrmUnavailable ? error.retryAtMs : null;
  const untilMs = await database.inWorkspace(ref.workspaceId, async (tx) => {
    if (!(error instanceof CrmRightMissing)) return pauseAfterFailure(tx, { account, nowMs: clock.now(), notBeforeMs });
    await noteMissingRight(tx, { ...account, error });
    return pauseAfterFailure(tx, { account, nowMs: clock.now(), notBeforeMs, longestMs: LONGEST_WAIT_FOR_RIGHTS_MS });
  });
  const foreseen = error instanceof PassalongError;
  logger[foreseen ? 'warn' : 'error']({ ...account, err: error, untilMs }, 'work on the connection paused');
  return null;
}
