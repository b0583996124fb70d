import type { TenantTransaction } from '../db/database.ts';
import type { UseCaseDeps } from '../referrals/use-case-deps.ts';
import { applyReferralChanges, type Referral } from '../referrals/referrals-store.ts';
import { isAllowed } from '../referrals/referral-transitions.ts';
import { keepAnswer } from '../referrals/review-answers-store.ts';
import { decideNow } from './decide-now.ts';
import type { EntryEdit } from './entry-edits-store.ts';
import { EntryNotAnswerable } from './entry-errors.ts';
import { entryKind, type EntryKind, type EntryTraits } from './entry-kind.ts';
import { answerTooManyContacts } from './look-at-company.ts';
import { liveReferral, moveByPerson } from './move-by-person.ts';
import { retryCapture } from './retry-capture.ts';
import type { EntryState } from './entries-store.ts';
import { approveMatch } from './retry-match.ts';
import { retryReview } from './retry-review.ts';
import { triggerOf } from './settle-referral.ts';

export type AnsweredEntry = EntryTraits & {
  readonly id: string;
  readonly reviewDueAt: Date | null;
  readonly referralId: string | null;
  readonly programId: string | null;
  readonly connectionId: string | null;
  readonly objectType: string | null;
  readonly recordId: string | null;
  readonly input: unknown;
  readonly trace: unknown;
  readonly edits: readonly EntryEdit[];
};

export type AnswerInput = {
  readonly deps: UseCaseDeps;
  readonly workspaceId: string;
  readonly actor: string;
  readonly now: Date;
  readonly entry: AnsweredEntry;
  readonly answer: 'approve' | 'reject';
  readonly note: string | null;
  readonly timedOut: boolean;
};

/** What came of an answer. */
export type Answered = {
  /** That have work now. */
  readonly connectionIds: readonly string[];
  /** (Default: processed by a yes, ignored by a no) */
  readonly state?: EntryState;
  /** What else the entry says now. */
  readonly columns?: Readonly<Record<string, string | null>>;
};

type Answering = (tx: TenantTransaction, input: AnswerInput) => Promise<Answered>;

const NOTHING: Answered = { connectionIds: [] };

const ANSWERS: Readonly<Record<EntryKind, Answering>> = {
  question: answerQuestion,
  company: answerTooManyContacts,
  capture: answerCapture,
  event: answerEvent,
  review_request: answerReviewRequest,
  match: answerMatch,
  request: refuse,
  decision: refuse,
};

/** What an answer does, by what was asked. */
export function answerByKind(tx: TenantTransaction, input: AnswerInput): Promise<Answered> {
  return ANSWERS[entryKind(input.entry)](tx, input);
}

/** The answer is kept under the question's key, and the referral is decided with it. */
async function answerQuestion(tx: TenantTransaction, input: AnswerInput): Promise<Answered> {
  const { deps, workspaceId, actor, now, entry, answer, timedOut } = input;
  const referral = await referralOf(tx, entry);
  await keepKeyed(tx, input, referral);
  if (timedOut) await noteTimeOut(tx, input, referral);
  const { connectionId, objectType, recordId } = entry;
  const kind = timedOut ? 'review_timed_out' : 'review_answered';
  const trigger = { ...triggerOf(kind, { now, actor }), connectionId, objectType, recordId, entryId: entry.id, answer };
  return decideNow(tx, { deps, workspaceId, now, personIds: [referral.personId], trigger, afterPerson: true });
}

/** Accepted, what was held goes on; rejected, the referral is denied. About its deals there is nothing to deny. */
async function answerCapture(tx: TenantTransaction, input: AnswerInput): Promise<Answered> {
  const { deps, workspaceId, actor, now, entry, answer, timedOut } = input;
  const referral = await referralOf(tx, entry);
  if (timedOut) await noteTimeOut(tx, input, referral);
  if (entry.reviewKey !== null) await keepKeyed(tx, input, referral);
  if (entry.reasonCode === 'several_open_deals' && answer === 'reject') return NOTHING;
  if (answer === 'approve') {
    // Of several checks that asked, the last yes lets the referral go.
    if (await asksMore(tx, input, referral)) return NOTHING;
    const { reasonCode, connectionId } = entry;
    const accepted = { state: 'review', reasonCode, referralId: referral.id, connectionId } as const;
    return { connectionIds: await retryCapture(tx, { workspaceId, now, entry: accepted }) };
  }
  await overtake(tx, input, referral);
  await deny(tx, input, referral);
  const trigger = triggerOf(timedOut ? 'review_timed_out' : 'review_answered', { now, actor });
  return decideNow(tx, { deps, workspaceId, now, personIds: [referral.personId], trigger, afterPerson: true });
}

async function deny(tx: TenantTransaction, input: AnswerInput, referral: Referral): Promise<void> {
  const { workspaceId, now, actor, entry, timedOut } = input;
  if (referral.status === 'denied') return;
  if (!timedOut) return moveByPerson(tx, { workspaceId, now, actor, referral, to: 'denied', entryId: entry.id });
  const cause = entry.reviewKey?.startsWith('integrity:') === true ? 'integrity' : 'existing_contact';
  if (!isAllowed({ from: referral.status, to: 'denied', cause })) return;
  const { id: referralId, status: fromStatus, rulesVersion: programVersion, details } = referral;
  const moved = { referralId, fromStatus, toStatus: 'denied' as const, programVersion, details, cause, actor };
  const reason = 'Nobody answered in time: denied, as the program says';
  await applyReferralChanges(tx, {
    workspaceId,
    now,
    changes: [{ ...moved, reason, entryId: entry.id, decidedBy: 'rules', deciding: null }],
  });
  await tx('referrals').where({ id: referral.id }).update({ held_for: null });
}

/** Of the checks of one capture, is another one still waiting? */
async function asksMore(tx: TenantTransaction, { entry }: AnswerInput, referral: Referral): Promise<boolean> {
  if (entry.reasonCode === 'several_open_deals') return false;
  const other = await openChecks(tx, referral.id).first('id');
  return other !== undefined;
}

/** Once denied, the other checks of the capture need no answer. */
async function overtake(tx: TenantTransaction, { now }: AnswerInput, referral: Referral): Promise<void> {
  await openChecks(tx, referral.id).update({
    state: 'processed',
    reason_code: 'review_overtaken',
    review_due_at: null,
    updated_at: now,
  });
}

function openChecks(tx: TenantTransaction, referralId: string) {
  return tx<{
    id: string;
    state: string;
    referral_id: string;
    reason_code: string;
    review_due_at: Date | null;
    updated_at: Date;
  }>('entries')
    .where({ referral_id: referralId, state: 'review' })
    .whereNot({ reason_code: 'several_open_deals' })
    .whereRaw("trigger ->> 'kind' = 'capture'");
}

/** No is that it belongs to nobody's referral; which of several is meant is said by a retry. */
function answerEvent(_tx: TenantTransaction, { answer }: AnswerInput): Promise<Answered> {
  return answer === 'reject' ? Promise.resolve(NOTHING) : refuse();
}

/** Yes is that this contact is the friend, or that advocate is meant; no is that it is somebody else. */
function answerMatch(tx: TenantTransaction, input: AnswerInput): Promise<Answered> {
  return input.answer === 'approve' ? approveMatch(tx, input) : Promise.resolve(NOTHING);
}

/** Yes is that everything is mended and can be looked at anew; no is that there was nothing to mend. */
async function answerReviewRequest(tx: TenantTransaction, input: AnswerInput): Promise<Answered> {
  const { workspaceId, now, entry, answer } = input;
  if (answer === 'reject') return NOTHING;
  const { connectionIds } = await retryReview(tx, { workspaceId, now, referralId: entry.referralId });
  return { connectionIds };
}

function refuse(): Promise<never> {
  return Promise.reject(new EntryNotAnswerable('The entry asks nothing that could be approved or rejected.'));
}

async function referralOf(tx: TenantTransaction, { referralId }: AnsweredEntry): Promise<Referral> {
  const referral = referralId === null ? null : await liveReferral(tx, referralId);
  if (!referral) throw new EntryNotAnswerable('The entry names no referral that could be decided.');
  return referral;
}

/** The note stays with the entry, where erasing people finds it. */
async function keepKeyed(tx: TenantTransaction, input: AnswerInput, referral: Referral): Promise<void> {
  const { workspaceId, actor, now, entry } = input;
  const answer = input.answer === 'approve' ? 'counts' : 'does_not_count';
  const about = { workspaceId, referralId: referral.id, reviewKey: entry.reviewKey ?? '', entryId: entry.id };
  await keepAnswer(tx, { ...about, answer, actor, note: null, now });
}

/** History says it although the status may stay: nobody said yes or no, the program's setting did. */
async function noteTimeOut(tx: TenantTransaction, input: AnswerInput, referral: Referral): Promise<void> {
  const { workspaceId, actor, now, entry, answer } = input;
  await tx('referral_events').insert({
    workspace_id: workspaceId,
    referral_id: referral.id,
    at: now,
    from_status: referral.status,
    to_status: referral.status,
    cause: 'review_timed_out',
    actor,
    reason: `Nobody answered in time: ${answer === 'approve' ? 'accepted' : 'rejected'}, as the program says`,
    program_version: referral.rulesVersion,
    entry_id: entry.id,
  });
}
