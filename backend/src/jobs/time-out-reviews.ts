import type { TenantTransaction } from '../db/database.ts';
import { applyAnswer, takeEntry } from '../ingest/answer-entry.ts';
import type { AnsweredEntry } from '../ingest/answer-by-kind.ts';
import { entryKind, isApprovable, isRejectable } from '../ingest/entry-kind.ts';
import { mayBeAssumed } from '../matching/match-findings.ts';
import type { Logger } from '../observability/logger.ts';
import { definitionOf, publishedPrograms } from '../qualification/published-programs.ts';
import type { UseCaseDeps } from '../referrals/use-case-deps.ts';

/** Entries of one look; what is left then is found by the next. */
const AT_ONCE = 100;
/** One that cannot be settled now must not stand before all others. */
const AGAIN_MS = 3_600_000;

/**
 * Answers reviews nobody answered in time, as the program says (E27). Safe to run twice at once: an entry is taken with its
 * row held, and one that was answered meanwhile is not due any more.
 * @returns how many were answered.
 */
export async function timeOutReviews(deps: UseCaseDeps & { readonly logger: Logger }): Promise<number> {
  const due = await deps.database.system.raw<{ rows: { workspace_id: string; entry_id: string }[] }>(
    'select * from due_reviews(?, ?)',
    [new Date(deps.clock.now()), AT_ONCE],
  );
  let answered = 0;
  for (const { workspace_id: workspaceId, entry_id: entryId } of due.rows) {
    try {
      const connectionIds = await deps.database.aloneInWorkspace(workspaceId, (tx) =>
        timeOut(tx, { deps, workspaceId, entryId }),
      );
      if (connectionIds === null) continue;
      answered += 1;
      deps.wake(workspaceId, connectionIds);
    } catch (error) {
      deps.logger.warn({ err: error, workspaceId, entryId }, 'review not timed out; tried again later');
      await deps.database.inWorkspace(workspaceId, (tx) =>
        postpone(tx, entryId, new Date(deps.clock.now() + AGAIN_MS)),
      );
    }
  }
  return answered;
}

type TimeOut = { readonly deps: UseCaseDeps; readonly workspaceId: string; readonly entryId: string };

/** @returns null when it was not to be touched. */
async function timeOut(
  tx: TenantTransaction,
  { deps, workspaceId, entryId }: TimeOut,
): Promise<readonly string[] | null> {
  const entry = await takeEntry(tx, entryId);
  if (entry?.state !== 'review' || (entry.reviewDueAt?.getTime() ?? Infinity) > deps.clock.now()) return null;
  const policy = await policyOf(tx, workspaceId, entry);
  const answer = policy === 'approve' ? 'approve' : 'reject';
  if (policy === 'stay' || !(answer === 'approve' ? isApprovable(entry) && isSure(entry) : isRejectable(entry))) {
    await postpone(tx, entryId, null);
    return null;
  }
  const input = { entryId, answer, note: null } as const;
  return applyAnswer(tx, { deps, workspaceId, actor: 'system', entry, input, timedOut: true });
}

/** Nobody is paid because a likeness was not denied in time (E16). */
function isSure(entry: AnsweredEntry): boolean {
  return entryKind(entry) !== 'match' || mayBeAssumed(entry.reasonCode);
}

/** By the version the referral is decided by; where it names none, by the program's current one. */
async function policyOf(
  tx: TenantTransaction,
  workspaceId: string,
  entry: AnsweredEntry,
): Promise<'stay' | 'approve' | 'deny'> {
  const { referralId, programId } = entry;
  // It became due because all programs it may belong to would have it, and is in none of them.
  if (entryKind(entry) === 'event') return 'deny';
  const program = (await publishedPrograms(tx, workspaceId)).find(({ id }) => id === programId);
  if (!program) return 'stay';
  const row =
    referralId === null
      ? undefined
      : await tx<{ id: string; rules_version: number }>('referrals').where({ id: referralId }).first('rules_version');
  return definitionOf(program, row?.rules_version ?? program.version).decisions.reviewTimeout.policy;
}

async function postpone(tx: TenantTransaction, entryId: string, until: Date | null): Promise<void> {
  await tx('entries').where({ id: entryId, state: 'review' }).update({ review_due_at: until });
}
