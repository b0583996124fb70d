import type { TenantTransaction } from '../db/database.ts';
import { decideNow } from '../ingest/decide-now.ts';
import { markDirty } from '../ingest/dirty-store.ts';
import { triggerOf } from '../ingest/settle-referral.ts';
import { labelsOf } from '../qualification/labels.ts';
import { schemaOfWorkspace } from '../workspaces/connections-store.ts';
import { publishedPrograms, type PublishedProgram } from '../qualification/published-programs.ts';
import { claimUntil, type ConnectionWork } from '../sync/connection-work.ts';
import { describeFailure } from '../sync/failure.ts';
import { nextRetryAt } from '../sync/retry-schedule.ts';
import { settleEffects } from '../sync/settle-effects.ts';
import { effectsOf, NO_EFFECTS, sumEffects, toSample, type Effects } from './count-effects.ts';
import {
  moveReferrals,
  nextReading,
  PAGE,
  recordsOfFriends,
  referralsToMove,
  unreadableFriends,
} from './moving-referrals-store.ts';
import { planMoves, type Move } from './plan-moves.ts';
import { ReEvaluationOutdated } from './re-evaluation-errors.ts';
import {
  claimReEvaluation,
  endOutdated,
  failStep,
  postponeStep,
  recordStep,
  withCounts,
  type Claimed,
  type Step,
} from './re-evaluations-store.ts';

/** Of the entries it makes. */
const TRIGGER = 're_evaluation';
const MAX_SAMPLE = 100;
/** How long it waits for records that are being read. */
const LOOK_AGAIN_MS = 1_000;
const LONGEST_LOOK_AWAY_MS = 60_000;
const LONGEST_WAIT_MS = 3_600_000;

export type ReEvaluationRound = {
  readonly worked: boolean;
  /** When it goes on, where it waits for nothing but its time. */
  readonly dueAtMs: number | null;
};

/** Another worker, or a person, moved it on meanwhile: this step's transaction must not count. */
class Overtaken extends Error {}

type Input = { readonly work: ConnectionWork; readonly claimed: Claimed; readonly now: Date };

/**
 * Takes one re-evaluation of the connection one page on. What a page does and how far the walk has come are one commit:
 * killed anywhere, the next step begins where the last one ended.
 */
export async function runReEvaluations(work: ConnectionWork): Promise<ReEvaluationRound> {
  const { database, connection, clock } = work;
  const now = new Date(clock.now());
  const claimed = await database.inWorkspace(connection.workspaceId, (tx) =>
    claimReEvaluation(tx, {
      connectionId: connection.connectionId,
      now,
      claimedUntil: claimUntil(now.getTime()),
    }),
  );
  if (!claimed) return { worked: false, dueAtMs: null };
  try {
    return await step({ work, claimed, now });
  } catch (error) {
    return settle({ work, claimed, now }, error);
  }
}

function step(input: Input): Promise<ReEvaluationRound> {
  switch (input.claimed.state) {
    case 'reading':
      return markForReading(input);
    case 'previewing':
      return preview(input);
    default:
      return apply(input);
  }
}

const WORKED: ReEvaluationRound = { worked: true, dueAtMs: null };

/** Fields that are new to the version stand in no snapshot yet: every record of these friends is read once more. */
async function markForReading({ work, claimed, now }: Input): Promise<ReEvaluationRound> {
  const { workspaceId } = work.connection;
  await work.database.inWorkspace(workspaceId, async (tx) => {
    await requireCurrent(tx, { work, claimed, now });
    const referrals = await referralsToMove(tx, { workspaceId, ...claimed });
    const personIds = referrals.map(({ personId }) => personId);
    const records = await recordsOfFriends(tx, { workspaceId, personIds });
    for (const [connectionId, hints] of Map.groupBy(records, (record) => record.connectionId)) {
      await markDirty(tx, { workspaceId, connectionId, kind: 'linked', now, hints });
    }
    const isLast = referrals.length < PAGE;
    await keep(tx, claimed, {
      now,
      afterId: isLast ? null : (referrals.at(-1)?.id ?? null),
      dueAt: now,
      ...(isLast ? { state: 'previewing' } : {}),
    });
  });
  return WORKED;
}

async function preview({ work, claimed, now }: Input): Promise<ReEvaluationRound> {
  return work.database.inWorkspace(work.connection.workspaceId, async (tx) => {
    const waiting = await waitForReading(tx, { work, claimed, now });
    if (waiting) return waiting;
    const page = await planPage(tx, { work, claimed, now });
    const sample = [...claimed.sample, ...page.moves.flatMap((move) => toSample(move) ?? [])].slice(0, MAX_SAMPLE);
    await keep(tx, claimed, {
      now,
      afterId: page.lastId ?? claimed.afterId,
      dueAt: page.isLast ? null : now,
      counts: {
        ...withCounts(claimed.counts, 'preview', effectsSoFar(claimed.counts.preview, page)),
        previewedAt: claimed.counts.previewedAt ?? now.toISOString(),
      },
      sample,
      ...(page.isLast ? { state: 'previewed' } : {}),
    });
    return WORKED;
  });
}

/** Before the first page, until what was to be read is read; null when nothing is left of it. */
async function waitForReading(tx: TenantTransaction, { work, claimed, now }: Input): Promise<ReEvaluationRound | null> {
  if (claimed.afterId !== null) return null;
  const { workspaceId, connectionId } = work.connection;
  const { programId, version, updatedAt: by } = claimed;
  const reading = await nextReading(tx, { workspaceId, by, programId, version });
  if (reading === null) return null;
  const dueAt = lookAgainAt(now, reading.dueAt);
  await postponeStep(tx, claimed.id, dueAt);
  // What is read in another account takes that account's time.
  return { worked: false, dueAtMs: reading.connectionId === connectionId ? dueAt.getTime() : null };
}

/** When the reading is due, but neither at once, nor so late that one made earlier goes unnoticed. */
function lookAgainAt(now: Date, reading: Date): Date {
  const waitMs = reading.getTime() - now.getTime();
  return new Date(now.getTime() + Math.min(Math.max(waitMs, LOOK_AGAIN_MS), LONGEST_LOOK_AWAY_MS));
}

async function apply({ work, claimed, now }: Input): Promise<ReEvaluationRound> {
  const { workspaceId } = work.connection;
  return work.database.aloneInWorkspace(workspaceId, async (tx) => {
    // An account that could not be asked for the preview may have come back since, with all that waits for it.
    const waiting = await waitForReading(tx, { work, claimed, now });
    if (waiting) return waiting;
    const page = await planPage(tx, { work, claimed, now });
    const { moves } = page;
    const { id: reEvaluationId, version, actor } = claimed;
    await moveReferrals(tx, { workspaceId, version, now, reEvaluationId, moves });
    const decided = await decideNow(tx, {
      deps: { settle: settleEffects, publicUrl: work.publicUrl },
      workspaceId,
      now,
      personIds: [...new Set(moves.map(({ referral }) => referral.personId))],
      trigger: triggerOf(TRIGGER, { now, actor }),
    });
    for (const state of decided.decided.states) work.counters.decided(state);
    await keep(tx, claimed, {
      now,
      afterId: page.lastId ?? claimed.afterId,
      dueAt: page.isLast ? null : now,
      counts: withCounts(claimed.counts, 'applied', effectsSoFar(claimed.counts.applied, page)),
      ...(page.isLast ? { state: 'done' } : {}),
    });
    return WORKED;
  });
}

type Page = {
  readonly moves: readonly Move[];
  /** Referrals that stay with the version they have, because a record of the friend cannot be read. */
  readonly unread: number;
  readonly lastId: string | null;
  readonly isLast: boolean;
};

async function planPage(tx: TenantTransaction, { work, claimed, now }: Input): Promise<Page> {
  const { workspaceId } = work.connection;
  const { crmSchema, timeZone } = await schemaOfWorkspace(tx, workspaceId);
  const { programs, program } = await requireCurrent(tx, { work, claimed, now });
  const found = await referralsToMove(tx, { workspaceId, ...claimed });
  const personIds = found.map(({ personId }) => personId);
  const unreadable = await unreadableFriends(tx, { workspaceId, personIds });
  const referrals = found.filter(({ personId }) => !unreadable.has(personId));
  const moves = await planMoves(tx, {
    workspaceId,
    workspaceCurrency: work.workspaceCurrency,
    programs,
    labels: labelsOf(crmSchema, timeZone),
    now,
    version: claimed.version,
    definition: program.definition,
    trigger: triggerOf(TRIGGER, { now, actor: claimed.actor }),
    referrals,
  });
  return {
    moves,
    unread: found.length - referrals.length,
    lastId: found.at(-1)?.id ?? null,
    isLast: found.length < PAGE,
  };
}

async function requireCurrent(
  tx: TenantTransaction,
  { work, claimed }: Input,
): Promise<{ readonly programs: readonly PublishedProgram[]; readonly program: PublishedProgram }> {
  const programs = await publishedPrograms(tx, work.connection.workspaceId);
  const program = programs.find(({ id }) => id === claimed.programId);
  if (program?.version === claimed.version) return { programs, program };
  throw new ReEvaluationOutdated('Another version was published meanwhile; what was moved by then stays moved.');
}

function effectsSoFar(before: Effects = NO_EFFECTS, { moves, unread }: Page): Effects {
  return sumEffects([before, { ...NO_EFFECTS, total: unread, unread }, ...moves.map(effectsOf)]);
}

async function keep(tx: TenantTransaction, claimed: Claimed, next: Step): Promise<void> {
  if (!(await recordStep(tx, claimed, next))) throw new Overtaken();
}

async function settle({ work, claimed, now }: Input, error: unknown): Promise<ReEvaluationRound> {
  const { database, connection, logger } = work;
  const { id } = claimed;
  if (error instanceof Overtaken) {
    await database.inWorkspace(connection.workspaceId, (tx) => postponeStep(tx, id, now));
    return WORKED;
  }
  const described = describeFailure(error);
  if (error instanceof ReEvaluationOutdated) {
    await database.inWorkspace(connection.workspaceId, (tx) => endOutdated(tx, { id, now, error: described }));
    return WORKED;
  }
  logger.warn({ err: error, reEvaluationId: id }, 're-evaluation step failed');
  const attempts = claimed.attempts + 1;
  const dueAt = nextRetryAt(now, attempts) ?? new Date(now.getTime() + LONGEST_WAIT_MS);
  await database.inWorkspace(connection.workspaceId, (tx) =>
    failStep(tx, { id, dueAt, error: { ...described, attempts } }),
  );
  return { worked: false, dueAtMs: null };
}
