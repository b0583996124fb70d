import type { TenantTransaction } from '../db/database.ts';
import type { NewReferral } from '../referrals/referral-requests.ts';
import type { Caller, UseCaseDeps } from '../referrals/use-case-deps.ts';
import type { EntryState } from './entries-store.ts';
import { appendEdit } from './entry-edits-store.ts';
import { EntryEditInvalid, EntryNotFound, EntryNotRetryable } from './entry-errors.ts';
import { EDITABLE, entryKind, isRetryable, type EntryKind } from './entry-kind.ts';
import { tryEvent, type EventInput } from './record-event.ts';
import { tryReferral } from './record-referral.ts';
import { layEdits, retryUnmatched } from './retry-match.ts';
import { retryCapture, type CaptureToRetry } from './retry-capture.ts';
import { retryReview } from './retry-review.ts';

type EntryRow = CaptureToRetry & {
  id: string;
  review_key: string | null;
  program_id: string | null;
  record_id: string | null;
  trigger: { kind?: unknown };
  input: NewReferral | EventInput | CaptureInput | null;
};
/** A capture runs on what the referral and the CRM say now: there is nothing to edit. */
type CaptureInput = { readonly referralId: string };
/** As a request may send it. */
const MOST_OF_AN_ID = 200;

type Edits = Readonly<Record<string, string>>;

export type RetriedEntry = { readonly entryId: string; readonly state: EntryState };

/** Runs a failed request again with a person's edits; who changed what stays on the entry. */
export async function retryEntry(
  deps: UseCaseDeps,
  { workspaceId, actor }: Caller,
  input: { readonly entryId: string; readonly edits: Edits },
): Promise<RetriedEntry> {
  const { entryId, edits } = input;
  const result = await deps.database.aloneInWorkspace(workspaceId, async (tx) => {
    const entry = await tx<EntryRow>('entries')
      .where({ id: entryId })
      .forUpdate()
      .first(
        'id',
        'state',
        'reason_code',
        'review_key',
        'referral_id',
        'program_id',
        'connection_id',
        'record_id',
        'trigger',
        'input',
      );
    if (!entry) throw new EntryNotFound(`There is no entry ${entryId} in this workspace.`);
    const traits = traitsOf(entry);
    refuseUnknown(edits, EDITABLE[entryKind(traits)]);
    if (!isRetryable(traits)) throw new EntryNotRetryable(`The entry is ${entry.state}.`);
    const now = new Date(deps.clock.now());
    const edited = entryKind(traits) === 'match' ? layEdits(entry.input, edits) : { ...entry.input, ...edits };
    const attempt = { deps, workspaceId, actor, entryId };
    const { state, connectionIds, columns } = await runAgain(tx, {
      attempt,
      entry,
      edited,
      now,
      kind: entryKind(traits),
    });
    await appendEdit(tx, {
      entryId,
      now,
      edit: { at: now.toISOString(), actor, answer: null, note: null, edits, state },
      columns: {
        ...columns,
        input: entry.input === null ? null : JSON.stringify(edited),
        attempts: tx.raw('attempts + 1'),
      },
    });
    return { state, connectionIds };
  });
  deps.wake(workspaceId, result.connectionIds);
  return { entryId, state: result.state };
}

function traitsOf({ state, reason_code: reasonCode, review_key: reviewKey, trigger, input }: EntryRow) {
  const triggerKind = typeof trigger.kind === 'string' ? trigger.kind : null;
  return { state, reasonCode, reviewKey, triggerKind, hasInput: input !== null };
}

type Attempt = Omit<Parameters<typeof tryEvent>[1], 'input'>;

type RunAgain = {
  readonly attempt: Attempt;
  readonly entry: EntryRow;
  readonly edited: object;
  readonly now: Date;
  readonly kind: EntryKind;
};

function runAgain(tx: TenantTransaction, { attempt, entry, edited, now, kind }: RunAgain): Promise<Retried> {
  const { workspaceId } = attempt;
  switch (kind) {
    case 'review_request':
      return retryReview(tx, { workspaceId, now, referralId: entry.referral_id });
    case 'capture':
      return retryCapture(tx, { workspaceId, now, entry });
    case 'match':
      return retryUnmatched(tx, { ...attempt, now, entry: toMatch(entry, edited) });
    case 'event':
      return retryEvent(tx, { ...attempt, input: edited as EventInput });
    default:
      return retryReferral(tx, { ...attempt, input: edited as NewReferral });
  }
}

function toMatch(entry: EntryRow, input: object): Parameters<typeof retryUnmatched>[1]['entry'] {
  return {
    id: entry.id,
    programId: entry.program_id,
    connectionId: entry.connection_id,
    recordId: entry.record_id,
    reviewKey: entry.review_key,
    input,
  };
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
