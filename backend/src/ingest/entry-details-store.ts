import type { EntryDetail } from '../../../shared/contracts/entry-reports.ts';
import { ENTRY_REASONS } from '../../../shared/entry-reasons.ts';
import type { Database, TenantTransaction } from '../db/database.ts';
import { readEdit } from './entry-edits-store.ts';
import { EDITABLE, entryKind, isRetryable } from './entry-kind.ts';
import { labelsFor, tracedRow } from './entry-reports-store.ts';
import { toTracedEntry, traitsOf, type TracedEntryRow } from './entry-rows.ts';
import { reviewQuestion } from './review-question.ts';
import { seenValues } from './seen-values-store.ts';
import { signalsAround } from './signals-store.ts';

/** One entry with everything that explains it. */
export function findEntry(database: Database, workspaceId: string, entryId: string): Promise<EntryDetail | null> {
  return database.inWorkspace(workspaceId, async (tx) => {
    const row = await tracedRow(tx, { workspace_id: workspaceId, id: entryId });
    return row ? toDetail(tx, workspaceId, row) : null;
  });
}

async function toDetail(tx: TenantTransaction, workspaceId: string, row: TracedEntryRow): Promise<EntryDetail> {
  const traits = traitsOf(row);
  const isOver = row.state === 'processed' || row.state === 'ignored';
  const advice = ENTRY_REASONS[row.reason_code]?.whatToDo ?? null;
  return {
    ...toTracedEntry(row, await labelsFor(tx, workspaceId, row.connection_id)),
    whatToDo: isOver && row.edits.length > 0 ? null : advice,
    editable: isRetryable(traits) ? [...EDITABLE[entryKind(traits)]] : [],
    review: reviewOf(row),
    signals: await signalsAround(tx, row),
    values: await seenValues(tx, row),
  };
}

function reviewOf(row: TracedEntryRow): EntryDetail['review'] {
  const given = row.edits.map(readEdit).filter(({ answer }) => answer !== null);
  const question = reviewQuestion(traitsOf(row), given.at(-1)?.asked ?? null);
  if (question === null) return null;
  return {
    key: row.review_key,
    question,
    open: row.state === 'review',
    dueAt: row.review_due_at?.toISOString() ?? null,
    answers: given.flatMap(({ at, actor, answer, note }) => (answer === null ? [] : [{ at, actor, answer, note }])),
  };
}
