import { PassalongError, type ErrorDetails } from '../errors/passalong-error.ts';
import type { NewReferral } from '../referrals/referral-requests.ts';
import { tryReferral } from './record-referral.ts';
import type { Caller, UseCaseDeps } from '../referrals/use-case-deps.ts';
import type { EntryState } from './entries-store.ts';

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
    remedy: 'Retry entries whose state is failed and whose input is kept; the others are decided or were erased.',
  };
}

/** A field that an entry of this kind does not have. */
export class EntryEditInvalid extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'entry_edit_invalid',
    status: 422,
    retry: 'never',
    remedy: 'Edit only code, email, firstName, lastName or phone.',
  };
}

const EDITABLE = ['code', 'email', 'firstName', 'lastName', 'phone'] as const;

type EntryRow = { id: string; state: EntryState; input: NewReferral | null };

export type RetriedEntry = { readonly entryId: string; readonly state: EntryState };

/** Runs a failed request again with a person's edits; who changed what stays on the entry. */
export async function retryEntry(
  deps: UseCaseDeps,
  { workspaceId, actor }: Caller,
  input: { readonly entryId: string; readonly edits: Readonly<Record<string, string>> },
): Promise<RetriedEntry> {
  const unknown = Object.keys(input.edits).filter((field) => !EDITABLE.some((known) => known === field));
  if (unknown.length > 0) throw new EntryEditInvalid(`An entry has no field ${unknown.join(', ')} to edit.`);
  const result = await deps.database.aloneInWorkspace(workspaceId, async (tx) => {
    const entry = await tx<EntryRow>('entries').where({ id: input.entryId }).forUpdate().first('id', 'state', 'input');
    if (!entry) throw new EntryNotFound(`There is no entry ${input.entryId} in this workspace.`);
    if (entry.state !== 'failed' || entry.input === null) throw new EntryNotRetryable(`The entry is ${entry.state}.`);
    const edited: NewReferral = { ...entry.input, ...input.edits };
    const outcome = await tryReferral(tx, { deps, workspaceId, actor, input: edited, entryId: entry.id });
    const now = new Date(deps.clock.now());
    const state: EntryState = outcome.ok ? 'processed' : outcome.refusal.state;
    const edit = { at: now.toISOString(), actor, edits: input.edits, state };
    await tx('entries')
      .where({ id: entry.id })
      .update({
        state,
        reason_code: outcome.ok ? 'referral_recorded' : outcome.refusal.reasonCode,
        reason: outcome.ok ? 'Corrected by a person and recorded' : outcome.refusal.reason,
        referral_id: outcome.ok ? outcome.recorded.referralId : outcome.refusal.referralId,
        input: JSON.stringify(edited),
        edits: tx.raw('edits || ?::jsonb', [JSON.stringify([edit])]),
        attempts: tx.raw('attempts + 1'),
        updated_at: now,
      });
    return { state, connectionIds: outcome.ok ? outcome.connectionIds : [] };
  });
  deps.wake(workspaceId, result.connectionIds);
  return { entryId: input.entryId, state: result.state };
}
