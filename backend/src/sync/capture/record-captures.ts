import { changeHolds, type HoldChange } from '../../capture/capture-store.ts';
import type { ReferralFacts } from '../../capture/capture-subject.ts';
import type { TenantTransaction } from '../../db/database.ts';
import { newId } from '../../ids.ts';
import { markDirty } from '../../ingest/dirty-store.ts';
import { insertEntries, type NewEntry } from '../../ingest/entries-store.ts';
import type { Objection } from '../../capture/objection.ts';
import { recountMetrics } from '../../metrics/metrics-store.ts';
import { publishedPrograms } from '../../qualification/published-programs.ts';
import { peopleOfAdvocates } from '../../referrals/advocates-store.ts';
import { linkRecords } from '../../referrals/people-store.ts';
import { applyReferralChanges, type ReferralChange } from '../../referrals/referrals-store.ts';
import type { ConnectionWork } from '../connection-work.ts';
import {
  askForDeals,
  liveCaptures,
  recordOutbox,
  type LiveCapture,
  type OutboxResult,
  type PersonToCapture,
} from '../outbox-store.ts';
import { nextRetryAt } from '../retry-schedule.ts';
import { refreshWriteBacks } from '../write-back-store.ts';
import type { CaptureOutcome } from './capture-outcome.ts';
import { ACCEPTED_REASON, captureEntries, objectionReason } from './capture-entries.ts';
import type { PlannedPerson } from './plan-people.ts';

export type RecordCapturesInput = {
  readonly people: readonly PersonToCapture[];
  readonly planned: readonly PlannedPerson[];
  /** By outbox id. */
  readonly outcomes: ReadonlyMap<string, CaptureOutcome>;
};

/** What became of captured people, in one commit: links, holds and denials with their entries, deals to make, writes. */
export async function recordCaptures(work: ConnectionWork, input: RecordCapturesInput): Promise<void> {
  const { workspaceId, connectionId } = work.connection;
  const now = new Date(work.clock.now());
  await work.database.aloneInWorkspace(workspaceId, async (tx) => {
    const live = await liveCaptures(tx, input.people);
    const results = input.people.map((person) => toResult(work, { person, input, live, now }));
    // Of those who were merged or erased meanwhile nothing is said: the first are planned anew.
    const planned = input.planned.filter(({ person }) => live.get(person.outboxId)?.personId === person.personId);
    const links = planned.flatMap(({ person }) => {
      const recordId = input.outcomes.get(person.outboxId)?.recordId ?? null;
      return recordId === null ? [] : [{ objectType: 'contact' as const, recordId, personId: person.personId }];
    });
    await linkRecords(tx, { workspaceId, connectionId, now, links: once(links) });
    await recordOutbox(tx, { now, results });
    const finished = new Set(results.filter(({ retryAt }) => retryAt === null).map(({ outboxId }) => outboxId));
    const advocateIds = await decide(tx, {
      work,
      outcomes: input.outcomes,
      live,
      now,
      finished: planned.filter(isFriend).filter(({ person }) => finished.has(person.outboxId)),
    });
    await recountMetrics(tx, { workspaceId, now, advocateIds });
    const linkedPersonIds = [...new Set(links.map(({ personId }) => personId))];
    const personIds = [...links.map(({ personId }) => personId), ...(await peopleOfAdvocates(tx, advocateIds))];
    await refreshWriteBacks(tx, {
      workspaceId,
      now,
      programs: await publishedPrograms(tx, workspaceId),
      publicUrl: work.publicUrl,
      workspaceCurrency: work.workspaceCurrency,
      personIds: [...new Set(personIds)],
      linkedPersonIds,
    });
    // The contact may be an old one with deals of its own: have it looked at.
    const hints = links.map(({ objectType, recordId }) => ({ objectType, recordId }));
    await markDirty(tx, { workspaceId, connectionId, kind: 'captured', now, hints });
  });
}

/** Two referrals of one friend have one contact, and a statement takes each row once. */
function once<Link extends { readonly recordId: string }>(links: readonly Link[]): Link[] {
  return [...new Map(links.map((link) => [link.recordId, link])).values()];
}

type PlannedFriend = PlannedPerson & { readonly facts: ReferralFacts };

function isFriend(item: PlannedPerson): item is PlannedFriend {
  return item.facts !== null && item.person.kind === 'capture_friend';
}

type Deciding = {
  readonly work: ConnectionWork;
  readonly finished: readonly PlannedFriend[];
  readonly outcomes: RecordCapturesInput['outcomes'];
  readonly live: ReadonlyMap<string, LiveCapture>;
  readonly now: Date;
};

/** Denies, holds or lets go each captured referral. @returns advocates whose numbers changed. */
async function decide(tx: TenantTransaction, { work, finished, outcomes, live, now }: Deciding): Promise<string[]> {
  const { workspaceId, connectionId } = work.connection;
  const told = finished.filter(({ plan, person }) => {
    if (plan.do !== 'deny' && plan.do !== 'review') return true;
    const { status, heldFor } = live.get(person.outboxId)?.referral ?? {};
    // Ended or let go by a person meanwhile, it is not denied any more; before a person already, it is not put there twice.
    return status === 'pending' && heldFor !== null && !(plan.do === 'review' && heldFor === 'review');
  });
  const entries = told.flatMap((item): NewEntry[] => {
    const outcome = outcomes.get(item.person.outboxId);
    const found = outcome ? captureEntries(item, outcome, connectionId) : [];
    return found.map((entry) => ({ ...entry, ...waiting(entry, item, now), id: newId('ent') }));
  });
  await insertEntries(tx, { workspaceId, now, entries });
  const entryOf = new Map(
    entries.flatMap(({ referralId, state, id }) => (state === 'processed' ? [[referralId, id]] : [])),
  );
  const denied = told.flatMap(({ plan, facts }) => (plan.do === 'deny' ? [{ facts, objection: plan.objection }] : []));
  await applyReferralChanges(tx, {
    workspaceId,
    now,
    changes: denied.map((denial) => toDenial(denial, entryOf.get(denial.facts.referralId) ?? '')),
  });
  const answered = told.filter((item) => isAnswered(item, outcomes.get(item.person.outboxId)));
  await changeHolds(tx, { connectionId, changes: answered.map(toHoldChange) });
  const captured = answered.filter(
    ({ plan, facts, person }) =>
      wantsDeal(facts) &&
      (plan.do === 'create' || plan.do === 'link') &&
      outcomes.get(person.outboxId)?.refusal === null,
  );
  const referralIds = captured.map(({ facts }) => facts.referralId);
  await askForDeals(tx, { workspaceId, connectionId, now, referralIds });
  return advocatesOf(
    tx,
    denied.map(({ facts }) => facts.referralId),
  );
}

const DAY_MS = 86_400_000;

/** Who is told of a question, and when it is settled without an answer. */
function waiting(entry: Pick<NewEntry, 'reviewKey'>, { facts }: PlannedFriend, now: Date): Partial<NewEntry> {
  if (!entry.reviewKey) return {};
  const { notifyReview, reviewTimeout } = facts.program.definition.decisions;
  const dueAt = new Date(now.getTime() + reviewTimeout.afterDays * DAY_MS);
  return { notify: notifyReview, reviewDueAt: reviewTimeout.policy === 'stay' ? null : dueAt };
}

/**
 * Whether it is known now what the referral waited for. Of a contact that the CRM refused only the duplicate policy would
 * want to know more: another try may find that somebody else has made it.
 */
function isAnswered({ plan, facts }: PlannedFriend, outcome: CaptureOutcome | undefined): boolean {
  const { policy } = facts.program.definition.capture.duplicates;
  const waits = policy === 'deny' || policy === 'review';
  return outcome !== undefined && (outcome.refusal === null || plan.do === 'review' || !waits);
}

function toHoldChange({ plan, facts, person: { accepted } }: PlannedFriend): HoldChange {
  const { referralId, heldFor } = facts;
  if (plan.do === 'review')
    return { referralId, heldFor: 'review', reason: objectionReason(plan.objection, facts), accepted };
  const reason = accepted && heldFor !== null ? ACCEPTED_REASON : null;
  return { referralId, heldFor: null, reason, accepted: accepted || plan.do === 'deny' };
}

function wantsDeal(facts: ReferralFacts): boolean {
  const { enabled, deal } = facts.program.definition.capture;
  return enabled && deal.policy !== 'await' && facts.status !== 'denied';
}

type Denial = { readonly facts: ReferralFacts; readonly objection: Objection };

function toDenial({ facts, objection }: Denial, entryId: string): ReferralChange {
  return {
    referralId: facts.referralId,
    fromStatus: 'pending',
    toStatus: 'denied',
    reason: objectionReason(objection, facts),
    cause: objection.because,
    programVersion: facts.program.version,
    entryId,
    actor: 'system',
  };
}

async function advocatesOf(tx: TenantTransaction, referralIds: readonly string[]): Promise<string[]> {
  if (referralIds.length === 0) return [];
  const rows = await tx<{ id: string; advocate_id: string }>('referrals')
    .whereIn('id', [...referralIds])
    .select('advocate_id');
  return [...new Set(rows.map((row) => row.advocate_id))];
}

type ResultInput = {
  readonly person: PersonToCapture;
  readonly input: RecordCapturesInput;
  readonly live: ReadonlyMap<string, LiveCapture>;
  readonly now: Date;
};

function toResult(work: ConnectionWork, { person, input, live, now }: ResultInput): OutboxResult {
  const done: OutboxResult = { outboxId: person.outboxId, retryAt: null, dead: false, error: null };
  const personNow = live.get(person.outboxId)?.personId ?? null;
  // Nobody is left to capture, or somebody else is: they were merged while the CRM was asked.
  if (personNow === null) return done;
  if (personNow !== person.personId) return { ...done, retryAt: now };
  const error = input.outcomes.get(person.outboxId)?.refusal ?? null;
  if (error === null) return done;
  // "Exists already" means another writer was faster: the next try finds it by e-mail.
  const canHelp = error.code === 'record_exists' || error.code === 'record_locked' || error.code === 'record_gone';
  const retryAt = canHelp ? nextRetryAt(now, person.attempts + 1) : null;
  if (retryAt === null) work.counters.deadLettered('outbox');
  return { outboxId: person.outboxId, retryAt, dead: retryAt === null, error };
}
