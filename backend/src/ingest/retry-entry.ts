import type { TenantTransaction } from '../db/database.ts';
import type { NewReferral } from '../referrals/referral-requests.ts';
import type { Caller, UseCaseDeps } from '../referrals/use-case-deps.ts';
import type { AnsweredEntry } from './answer-by-kind.ts';
import { applyAnswer, takeEntry } from './answer-entry.ts';
import type { EntryState } from './entries-store.ts';
import { appendEdit } from './entry-edits-store.ts';
import { EntryEditInvalid, EntryNotFound, EntryNotRetryable } from './entry-errors.ts';
import { EDITABLE, entryKind, isApprovable, isRetryable, type EntryKind } from './entry-kind.ts';
import { tryEvent, type EventInput } from './record-event.ts';
import { tryReferral } from './record-referral.ts';
import { layEdits, retryUnmatched } from './retry-match.ts';
import { retryCapture } from './retry-capture.ts';
import { retryReview } from './retry-review.ts';

/** As a request may send it. */
const MOST_OF_AN_ID = 200;

type Edits = Readonly<Record<string, string>>;

export type RetriedEntry = { readonly entryId: string; readonly state: EntryState };

/**
 * Runs an entry again with a person's edits; who changed what stays on the entry and in the audit log. Of what waits for a
 * person's yes and has nothing to be edited, running it again is that yes.
 */
export async function retryEntry(
  deps: UseCaseDeps,
  { workspaceId, actor }: Caller,
  input: { readonly entryId: string; readonly edits: Edits },
): Promise<RetriedEntry> {
  const { entryId, edits } = input;
  const result = await deps.database.aloneInWorkspace(workspaceId, async (tx) => {
    const entry = await takeEntry(tx, entryId);
    if (!entry) throw new EntryNotFound(`There is no entry ${entryId} in this workspace.`);
    refuseUnknown(edits, EDITABLE[entryKind(entry)]);
    if (!isRetryable(entry)) throw new EntryNotRetryable(`The entry is ${entry.state}.`);
    if (saysYes(entry, edits)) {
      const answered = { entryId, answer: 'approve', note: null } as const;
      const yes = { deps, workspaceId, actor, entry, input: answered, timedOut: false };
      return { state: 'processed' as const, connectionIds: await applyAnswer(tx, yes) };
    }
    return retry(tx, { deps, workspaceId, actor, entry, edits });
  });
  deps.wake(workspaceId, result.connectionIds);
  return { entryId, state: result.state };
}

function saysYes(entry: AnsweredEntry, edits: Edits): boolean {
  if (!isApprovable(entry) || Object.keys(edits).length > 0) return false;
  const kind = entryKind(entry);
  return kind === 'capture' || (kind === 'match' && entry.reviewKey !== 'unmatched');
}

type RetryInput = {
  readonly deps: UseCaseDeps;
  readonly workspaceId: string;
  readonly actor: string;
  readonly entry: AnsweredEntry;
  readonly edits: Edits;
};

async function retry(tx: TenantTransaction, input: RetryInput): Promise<Pick<Retried, 'state' | 'connectionIds'>> {
  const { deps, workspaceId, actor, entry, edits } = input;
  const now = new Date(deps.clock.now());
  const kind = entryKind(entry);
  const edited = kind === 'match' ? layEdits(entry.input, edits) : { ...(entry.input as object | null), ...edits };
  const attempt = { deps, workspaceId, actor, entryId: entry.id };
  const done = await runAgain(tx, { attempt, entry, edited, now, kind });
  const { state, columns } = entry.state === 'review' ? stillAsked(done) : done;
  const kept = entry.hasInput && state !== 'review' ? { input: JSON.stringify(edited) } : {};
  await appendEdit(tx, {
    entryId: entry.id,
    now,
    edit: { at: now.toISOString(), actor, answer: null, note: null, edits, state },
    columns: { ...columns, ...kept, attempts: tx.raw('attempts + 1') },
  });
  await tx('audit_log').insert({
    workspace_id: workspaceId,
    at: now,
    actor,
    action: 'entry.retried',
    subject: entry.id,
    // What was typed may name somebody: it is on the entry, where erasing people finds it.
    detail: JSON.stringify({ edited: Object.keys(edits), state, referralId: entry.referralId }),
  });
  return { state, connectionIds: done.connectionIds };
}

/** A slip of the pen answers nothing: the question is open as it was, and says what was wrong with the attempt. */
function stillAsked(done: Retried): Pick<Retried, 'state' | 'columns'> {
  if (done.state === 'processed') return done;
  const { reason } = done.columns;
  return { state: 'review', columns: reason ? { reason } : {} };
}

type Attempt = Omit<Parameters<typeof tryEvent>[1], 'input'>;

type RunAgain = {
  readonly attempt: Attempt;
  readonly entry: AnsweredEntry;
  readonly edited: object;
  readonly now: Date;
  readonly kind: EntryKind;
};

async function runAgain(tx: TenantTransaction, { attempt, entry, edited, now, kind }: RunAgain): Promise<Retried> {
  const { workspaceId } = attempt;
  switch (kind) {
    case 'review_request':
      return retryReview(tx, { workspaceId, now, referralId: entry.referralId });
    case 'capture': {
      const connectionIds = await retryCapture(tx, { workspaceId, now, entry });
      const columns = { reason_code: 'capture_repeated', reason: 'A person had it tried again' };
      return { state: 'processed', connectionIds, columns };
    }
    case 'match':
      return retryUnmatched(tx, { ...attempt, now, entry: { ...entry, input: edited } });
    case 'event':
      return retryEvent(tx, { ...attempt, input: edited as EventInput });
    default:
      return retryReferral(tx, { ...attempt, input: edited as NewReferral });
  }
}

function refuseUnknown(edits: Edits, editable: readonly string[]): void {
  const unknown = Object.keys(edits).filter((field) => !editable.includes(field));
  if (unknown.length > 0) throw new EntryEditInvalid(`The entry has no field ${unknown.join(', ')} to edit.`);
  if ((edits['externalId'] ?? '').length > MOST_OF_AN_ID) throw new EntryEditInvalid('The external id is too long.');
}

type Retried = {
  readonly state: EntryState;
  readonly connectionIds: readonly string[];
  /** What else the entry says now. */
  readonly columns: Readonly<Record<string, string | null>>;
};

async function retryReferral(tx: TenantTransaction, attempt: Parameters<typeof tryReferral>[1]): Promise<Retried> {
  const outcome = await tryReferral(tx, attempt);
  if (!outcome.ok) {
    const { state, reasonCode, reason, referralId } = outcome.refusal;
    return { state, connectionIds: [], columns: { reason_code: reasonCode, reason, referral_id: referralId } };
  }
  const { recorded, connectionIds } = outcome;
  const reason = 'Corrected by a person and recorded';
  const columns = { reason_code: 'referral_recorded', reason, referral_id: recorded.referralId };
  return { state: 'processed', connectionIds, columns };
}

async function retryEvent(tx: TenantTransaction, attempt: Parameters<typeof tryEvent>[1]): Promise<Retried> {
  const { state, reasonCode, reason, referralId, programId, connectionIds } = await tryEvent(tx, attempt);
  const columns = { reason_code: reasonCode, reason, referral_id: referralId, program_id: programId };
  return { state, connectionIds, columns };
}
