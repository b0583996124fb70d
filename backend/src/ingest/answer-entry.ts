import type { TenantTransaction } from '../db/database.ts';
import type { Caller, UseCaseDeps } from '../referrals/use-case-deps.ts';
import { answerByKind, type Answered, type AnsweredEntry } from './answer-by-kind.ts';
import type { EntryState } from './entries-store.ts';
import { appendEdit, readEdit } from './entry-edits-store.ts';
import { EntryAlreadyAnswered, EntryNotAnswerable, EntryNotFound } from './entry-errors.ts';
import { asksWhich, isApprovable, isRejectable } from './entry-kind.ts';

export type EntryAnswer = {
  readonly entryId: string;
  readonly answer: 'approve' | 'reject';
  readonly note: string | null;
};

type EntryRow = {
  id: string;
  state: EntryState;
  reason_code: string;
  review_key: string | null;
  review_due_at: Date | null;
  referral_id: string | null;
  program_id: string | null;
  connection_id: string | null;
  object_type: string | null;
  record_id: string | null;
  trigger: { kind?: unknown };
  trace: unknown;
  input: unknown;
  edits: unknown[];
};

/**
 * A person says yes or no to what an entry asks. The answer, what follows from it and who said so are one commit. The same
 * answer again changes nothing; of two different ones the first stands.
 */
export async function answerEntry(
  deps: UseCaseDeps,
  { workspaceId, actor }: Caller,
  input: EntryAnswer,
): Promise<void> {
  const connectionIds = await deps.database.aloneInWorkspace(workspaceId, async (tx) => {
    const entry = await takeEntry(tx, input.entryId);
    if (!entry) throw new EntryNotFound(`There is no entry ${input.entryId} in this workspace.`);
    const isOpen = entry.state === 'review' || (input.answer === 'reject' && isRejectable(entry));
    if (!isOpen) return alreadyAnswered(entry, input);
    return applyAnswer(tx, { deps, workspaceId, actor, entry, input, timedOut: false });
  });
  deps.wake(workspaceId, connectionIds);
}

/** The entry with its row held until the end of the transaction. */
export async function takeEntry(tx: TenantTransaction, entryId: string): Promise<AnsweredEntry | null> {
  const row = await tx<EntryRow>('entries').where({ id: entryId }).forUpdate().first();
  return row ? fromRow(row) : null;
}

export type ApplyAnswerInput = {
  readonly deps: UseCaseDeps;
  readonly workspaceId: string;
  readonly actor: string;
  readonly entry: AnsweredEntry;
  readonly input: EntryAnswer;
  /** Nobody answered in time: the program's setting did. */
  readonly timedOut: boolean;
};

/** The answer inside a transaction of its caller. @returns the connections that have work now. */
export async function applyAnswer(tx: TenantTransaction, applied: ApplyAnswerInput): Promise<readonly string[]> {
  const { deps, workspaceId, actor, entry, input, timedOut } = applied;
  const { answer, note } = input;
  refuseUnasked(entry, answer);
  const now = new Date(deps.clock.now());
  const isYes = answer === 'approve';
  const closed = timedOut ? 'review_timed_out' : isYes ? 'review_approved' : 'review_rejected';
  // Closed first: what is decided with it may open the next question.
  await tx('entries')
    .where({ id: entry.id })
    .update({ state: isYes ? 'processed' : 'ignored', reason_code: closed });
  const given = { deps, workspaceId, actor, now, entry, answer, note, timedOut };
  const { connectionIds, state = isYes ? 'processed' : 'ignored', columns = {} } = await answerByKind(tx, given);
  if (state === 'failed' && !timedOut) throw new EntryNotAnswerable(`It cannot be done: ${columns['reason'] ?? ''}.`);
  const edit = { at: now.toISOString(), actor, answer, note, edits: {}, asked: entry.reasonCode, state };
  await appendEdit(tx, { entryId: entry.id, edit, columns: timedOut ? bySetting(columns, state) : columns, now });
  await tx('audit_log').insert({
    workspace_id: workspaceId,
    at: now,
    actor,
    action: timedOut ? 'entry.timed_out' : isYes ? 'entry.approved' : 'entry.rejected',
    subject: entry.id,
    detail: JSON.stringify({ answer, referralId: entry.referralId, reviewKey: entry.reviewKey }),
  });
  return connectionIds;
}

function refuseUnasked(entry: AnsweredEntry, answer: EntryAnswer['answer']): void {
  if (answer === 'approve' ? isApprovable(entry) : isRejectable(entry)) return;
  if (entry.state === 'review' && asksWhich(entry)) {
    throw new EntryNotAnswerable('The entry asks which one is meant: retry it with the right one, or reject it.');
  }
  throw new EntryNotAnswerable('The entry asks nothing that could be approved or rejected.');
}

/** What was done is the same whoever said yes; that a person said it would be a lie. */
function bySetting(columns: NonNullable<Answered['columns']>, state: EntryState): NonNullable<Answered['columns']> {
  if (state !== 'processed') return columns;
  const { reason: _reason, reason_code: _code, ...rest } = columns;
  return rest;
}

function alreadyAnswered({ state, edits }: AnsweredEntry, { answer }: EntryAnswer): readonly string[] {
  const last = edits.findLast((edit) => edit.answer !== null);
  if (last === undefined) throw new EntryNotAnswerable(`The entry is ${state}.`);
  if (last.answer === answer) return [];
  const said = last.answer === 'approve' ? 'approved' : 'rejected';
  throw new EntryAlreadyAnswered(`The entry was ${said} on ${last.at}.`, { answer: last.answer, answeredAt: last.at });
}

function fromRow(row: EntryRow): AnsweredEntry {
  return {
    id: row.id,
    state: row.state,
    reasonCode: row.reason_code,
    reviewKey: row.review_key,
    reviewDueAt: row.review_due_at,
    referralId: row.referral_id,
    programId: row.program_id,
    connectionId: row.connection_id,
    objectType: row.object_type,
    recordId: row.record_id,
    triggerKind: typeof row.trigger.kind === 'string' ? row.trigger.kind : null,
    hasInput: row.input !== null,
    input: row.input,
    trace: row.trace,
    edits: row.edits.map(readEdit),
  };
}
