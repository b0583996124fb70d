import { REVIEW_TRIGGER } from '../cards/review-requests-store.ts';
import { PassalongError, type ErrorDetails } from '../errors/passalong-error.ts';
import type { TenantTransaction } from '../db/database.ts';
import type { NewReferral } from '../referrals/referral-requests.ts';
import { EVENT_TRIGGER, tryEvent, type EventInput } from './record-event.ts';
import { tryReferral } from './record-referral.ts';
import type { Caller, UseCaseDeps } from '../referrals/use-case-deps.ts';
import { CAPTURE_TRIGGER, type EntryState } from './entries-store.ts';
import { retryReview } from './retry-review.ts';
import { retryCapture, type CaptureToRetry } from './retry-capture.ts';

/** No such entry in this workspace. */
export class EntryNotFound extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'entry_not_found',
    status: 404,
    retry: 'never',
    remedy: 'Check the entry id; GET /api/v1/entries lists yours.',
  };
}

/** Only what failed and still has its input can run again; a processed entry never pays twice. */
export class EntryNotRetryable extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'entry_not_retryable',
    status: 409,
    retry: 'never',
    remedy:
      'Retry entries whose state is failed (of an event, a capture or a request for review also review) and whose input is kept; the others are decided or were erased.',
  };
}

/** A field that an entry of this kind does not have. */
export class EntryEditInvalid extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'entry_edit_invalid',
    status: 422,
    retry: 'never',
    remedy:
      'Edit only code, email, firstName, lastName or phone; of an event also referralId; of a capture or a request for review nothing.',
  };
}

const EDITABLE = ['code', 'email', 'firstName', 'lastName', 'phone'] as const;
const EDITABLE_OF_EVENTS = [...EDITABLE, 'referralId'] as const;

type EntryRow = CaptureToRetry & {
  id: string;
  trigger: { kind?: unknown };
  input: NewReferral | EventInput | CaptureInput | null;
};
/** A capture runs on what the referral and the CRM say now: there is nothing to edit. */
type CaptureInput = { readonly referralId: string };
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
      .first('id', 'state', 'reason_code', 'referral_id', 'connection_id', 'trigger', 'input');
    if (!entry) throw new EntryNotFound(`There is no entry ${entryId} in this workspace.`);
    refuseUnknown(edits, isCapture(entry) || isReview(entry) ? [] : isEvent(entry) ? EDITABLE_OF_EVENTS : EDITABLE);
    const reviewed = isEvent(entry) || isCapture(entry) || isReview(entry);
    const open = entry.state === 'failed' || (entry.state === 'review' && reviewed);
    if (!open || (entry.input === null && !isReview(entry)))
      throw new EntryNotRetryable(`The entry is ${entry.state}.`);
    const now = new Date(deps.clock.now());
    const edited = { ...entry.input, ...edits };
    const attempt = { deps, workspaceId, actor, entryId };
    const outcome = isReview(entry)
      ? await retryReview(tx, { workspaceId, now, referralId: entry.referral_id })
      : isCapture(entry)
        ? await retryCapture(tx, { workspaceId, now, entry })
        : isEvent(entry)
          ? await retryEvent(tx, { ...attempt, input: edited as EventInput })
          : await retryReferral(tx, { ...attempt, input: edited as NewReferral });
    const { state, connectionIds, columns } = outcome;
    const edit = { at: now.toISOString(), actor, edits, state };
    await tx('entries')
      .where({ id: entry.id })
      .update({
        ...columns,
        state,
        input: entry.input === null ? null : JSON.stringify(edited),
        edits: tx.raw('edits || ?::jsonb', [JSON.stringify([edit])]),
        attempts: tx.raw('attempts + 1'),
        updated_at: now,
      });
    return { state, connectionIds };
  });
  deps.wake(workspaceId, result.connectionIds);
  return { entryId, state: result.state };
}

function isEvent(entry: Pick<EntryRow, 'trigger'>): boolean {
  return entry.trigger.kind === EVENT_TRIGGER;
}

function isCapture(entry: Pick<EntryRow, 'trigger'>): boolean {
  return entry.trigger.kind === CAPTURE_TRIGGER;
}

function isReview(entry: Pick<EntryRow, 'trigger'>): boolean {
  return entry.trigger.kind === REVIEW_TRIGGER;
}

function refuseUnknown(edits: Edits, editable: readonly string[]): void {
  const unknown = Object.keys(edits).filter((field) => !editable.includes(field));
  if (unknown.length > 0) throw new EntryEditInvalid(`An entry has no field ${unknown.join(', ')} to edit.`);
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
