import type { ReferralStatus } from '../../../shared/referral-status.ts';
import type { TenantTransaction } from '../db/database.ts';
import { PassalongError, type ErrorDetails } from '../errors/passalong-error.ts';
import { newId } from '../ids.ts';
import type { Caller, UseCaseDeps } from '../referrals/use-case-deps.ts';
import type { Referral } from '../referrals/referrals-store.ts';
import { decideNow } from './decide-now.ts';
import { insertEntries } from './entries-store.ts';
import { appendEdit } from './entry-edits-store.ts';
import { liveReferral, moveByPerson, wordsOf } from './move-by-person.ts';

/** No such referral in this workspace. */
export class ReferralNotFound extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'referral_not_found',
    status: 404,
    retry: 'never',
    remedy: 'Check the referral id; GET /api/v1/referrals lists yours.',
  };
}

/** The referral became part of another one: deciding it would decide nothing. */
export class ReferralMerged extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'referral_merged',
    status: 409,
    retry: 'never',
    remedy: 'Decide the referral it was merged into: its id is in `mergedInto`.',
  };
}

/** Of an entry's trigger: a person settled the referral themselves. */
export const PERSON_TRIGGER = 'person_decision';

export type SettleReferralInput = {
  readonly referralId: string;
  readonly status: ReferralStatus;
  readonly note: string | null;
};

/**
 * A person says what a referral is. Status, rewards, numbers and what the CRM shows are one commit; saying the same again
 * changes nothing.
 */
export async function settleReferral(
  deps: UseCaseDeps,
  { workspaceId, actor }: Caller,
  input: SettleReferralInput,
): Promise<void> {
  const connectionIds = await deps.database.aloneInWorkspace(workspaceId, async (tx) => {
    const referral = await liveReferral(tx, input.referralId);
    if (!referral) throw new ReferralNotFound(`There is no referral ${input.referralId} in this workspace.`);
    if (referral.id !== input.referralId) {
      throw new ReferralMerged('The referral was merged into another one.', { mergedInto: referral.id });
    }
    if (isSettled(referral, input.status)) return [];
    const now = new Date(deps.clock.now());
    const entryId = await keepDecision(tx, { workspaceId, now, actor, referral, input });
    await moveByPerson(tx, { workspaceId, now, actor, referral, to: input.status, entryId });
    const trigger = triggerOf(PERSON_TRIGGER, { now, actor });
    const settled = await decideNow(tx, {
      deps,
      workspaceId,
      now,
      personIds: [referral.personId],
      trigger,
      afterPerson: true,
    });
    return settled.connectionIds;
  });
  deps.wake(workspaceId, connectionIds);
}

function isSettled({ status, decidedBy, heldFor }: Referral, wanted: ReferralStatus): boolean {
  if (status !== wanted || heldFor !== null) return false;
  return wanted === 'pending' || decidedBy === 'person';
}

/** What a decision is told of a person who caused it. */
export function triggerOf(kind: string, { now, actor }: { readonly now: Date; readonly actor: string }) {
  const record = { connectionId: null, objectType: null, recordId: null, sourceKey: null };
  return { ...record, kind, occurredAt: now.toISOString(), actor };
}

async function keepDecision(
  tx: TenantTransaction,
  given: {
    readonly workspaceId: string;
    readonly now: Date;
    readonly actor: string;
    readonly referral: Referral;
    readonly input: SettleReferralInput;
  },
): Promise<string> {
  const { workspaceId, now, actor, referral, input } = given;
  const { cause, reason } = wordsOf(input.status);
  const entryId = newId('ent');
  const entry = {
    id: entryId,
    state: 'processed' as const,
    reasonCode: cause,
    reason,
    trigger: { kind: PERSON_TRIGGER, actor },
    programId: referral.programId,
    programVersion: referral.rulesVersion,
    referralId: referral.id,
  };
  await insertEntries(tx, { workspaceId, now, entries: [entry] });
  // The note may name people: kept where erasing them finds it, and nowhere else.
  const edit = { at: now.toISOString(), actor, answer: null, note: input.note, edits: {}, state: 'processed' as const };
  await appendEdit(tx, { entryId, edit, columns: {}, now });
  await tx('audit_log').insert({
    workspace_id: workspaceId,
    at: now,
    actor,
    action: 'referral.decided',
    subject: referral.id,
    detail: JSON.stringify({ from: referral.status, to: input.status, entryId }),
  });
  return entryId;
}
