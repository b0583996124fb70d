import type { TenantTransaction } from '../db/database.ts';
import { closeReviews } from '../cards/review-requests-store.ts';
import { readsCompanies } from '../qualification/fields-to-read.ts';
import { decidingDefinitions, definitionOf, type PublishedProgram } from '../qualification/published-programs.ts';
import { loadSubjects, type SubjectFrame, type SubjectSource } from '../qualification/subjects-store.ts';
import type { Answers } from '../qualification/trace.ts';
import { applyReferralChanges, markDecided, referralsOfFriends, type Referral } from '../referrals/referrals-store.ts';
import { liveRecords } from '../referrals/live-records-store.ts';
import { sharersOfPeople } from '../referrals/sharers-store.ts';
import { answersOf } from '../referrals/review-answers-store.ts';
import { ledgerOf, moveRewards } from '../rewards/ledger-store.ts';
import { decideReferral, isAmong, type Decision } from './decide-referral.ts';
import type { DecideInput, DecisionTrigger } from './decision-input.ts';
import { insertEntries, type EntryState, type NewEntry } from './entries-store.ts';
import { closeQuestions, openQuestions } from './questions-store.ts';

export type Decided = {
  /** One per decision, as its entry says. */
  readonly states: readonly EntryState[];
  readonly friendIds: readonly string[];
  readonly advocateIds: readonly string[];
  readonly advocatePersonIds: readonly string[];
  /** Friends who entered or left denial: whose their deals are is another question now. */
  readonly turned: readonly string[];
};

const NOTHING: Decided = { states: [], friendIds: [], advocateIds: [], advocatePersonIds: [], turned: [] };

/** Somebody who leaves or enters denial changes whose deal a shared one is; one round more settles all but a quarrel. */
const MOST_ROUNDS = 3;

/**
 * Decides every live referral of these friends anew, but those that are held, from snapshots only, and records what follows.
 * Who is referred on a deal decides whose it is (E3): where that changes, the others on it are decided again, in this commit.
 */
export async function decideReferrals(tx: TenantTransaction, input: DecideInput): Promise<Decided> {
  let decided = NOTHING;
  let triggers = input.triggers;
  for (let round = 1; triggers.size > 0; round += 1) {
    const decisions = await decideOnce(tx, { ...input, triggers });
    decided = together(decided, decisions);
    if (round === MOST_ROUNDS) break;
    triggers = await sharerTriggers(tx, triggers, decisions);
  }
  return decided;
}

async function sharerTriggers(
  tx: TenantTransaction,
  triggers: DecideInput['triggers'],
  { turned }: Decided,
): Promise<DecideInput['triggers']> {
  const next = new Map<string, DecisionTrigger>();
  for (const personId of turned) {
    const trigger = triggers.get(personId);
    if (!trigger) continue;
    const sharers = await sharersOfPeople(tx, [personId]);
    for (const one of sharers.length > 0 ? [personId, ...sharers] : []) next.set(one, trigger);
  }
  return next;
}

function together(a: Decided, b: Decided): Decided {
  const both = (one: readonly string[], other: readonly string[]): string[] => [...new Set([...one, ...other])];
  return {
    states: [...a.states, ...b.states],
    friendIds: both(a.friendIds, b.friendIds),
    advocateIds: both(a.advocateIds, b.advocateIds),
    advocatePersonIds: both(a.advocatePersonIds, b.advocatePersonIds),
    turned: both(a.turned, b.turned),
  };
}

async function decideOnce(tx: TenantTransaction, input: DecideInput): Promise<Decided> {
  const all = await referralsOfFriends(tx, [...input.triggers.keys()]);
  const found = all.filter(
    ({ personId, programId }) => input.triggers.get(personId)?.programIds?.has(programId) ?? true,
  );
  const decisions = await considerReferrals(tx, { ...input, referrals: found });
  if (decisions.length === 0) return NOTHING;
  const { workspaceId, now } = input;
  await applyReferralChanges(tx, { workspaceId, now, changes: decisions.flatMap(({ change }) => change ?? []) });
  await closeReviews(tx, {
    workspaceId,
    now,
    referralIds: decisions.flatMap(({ change }) =>
      change !== null && change.fromStatus !== change.toStatus ? [change.referralId] : [],
    ),
  });
  await markDecided(
    tx,
    decisions.map(({ referral }) => referral.id),
    now,
  );
  const rewarded = await moveRewards(tx, { workspaceId, now, moves: decisions.flatMap(({ rewards }) => rewards) });
  await keepEntries(tx, input, decisions);
  const touched = decisions.filter(({ change, referral }) => change !== null || rewarded.has(referral.id));
  return {
    states: decisions.map(({ entry }) => entry.state),
    friendIds: [...new Set(touched.map(({ referral }) => referral.personId))],
    advocateIds: [...new Set(touched.map(({ referral }) => referral.advocateId))],
    advocatePersonIds: [...new Set(touched.map(({ referral }) => referral.advocatePersonId))],
    turned: touched.flatMap(({ referral, status }) =>
      (referral.status === 'denied') === (status === 'denied') ? [] : [referral.personId],
    ),
  };
}

export type ConsiderInput = DecideInput & {
  readonly referrals: readonly Referral[];
  /** Answers beside those that are kept, by referral. (Default: none) */
  readonly moreAnswers?: ReadonlyMap<string, Answers>;
};

/** What would be decided, and nothing written: a preview asks for no more. */
export async function considerReferrals(tx: TenantTransaction, input: ConsiderInput): Promise<Decision[]> {
  const referrals = input.referrals.filter(({ heldFor }) => heldFor === null);
  if (referrals.length === 0) return [];
  const ids = referrals.map(({ id }) => id);
  const programs = new Map(input.programs.map((program) => [program.id, program]));
  const subjects = await subjectsOf(tx, referrals, input.programs);
  const answers = await answersOf(tx, input.workspaceId, ids);
  const ledger = await ledgerOf(tx, input.workspaceId, ids);
  const gone = await goneRecords(tx, input.workspaceId, { referrals, subjects });
  return referrals.flatMap((referral) => {
    const program = programs.get(referral.programId);
    const trigger = input.triggers.get(referral.personId);
    if (!program || !trigger) return [];
    return [
      decideReferral({
        referral,
        program,
        trigger,
        subject: subjects.subjectOf(referral.personId, referral.programId),
        answers: new Map([...(input.moreAnswers?.get(referral.id) ?? []), ...answers(referral.id)]),
        ledger: ledger.get(referral.id) ?? [],
        isGone: gone.has(referral.id),
        input,
      }),
    ];
  });
}

/**
 * Referrals whose deciding record is not there any more; one that was only moved to somebody else is seen not to count. Of a
 * friend whose own contact is gone nothing can be seen at all.
 */
async function goneRecords(
  tx: TenantTransaction,
  workspaceId: string,
  { referrals, subjects }: { readonly referrals: readonly Referral[]; readonly subjects: SubjectSource },
): Promise<Set<string>> {
  const missing = referrals.flatMap(({ id, deciding, personId, programId }) => {
    const subject = subjects.subjectOf(personId, programId);
    if (deciding === null || isAmong(deciding, subject)) return [];
    return [{ id, deciding, isSeen: subject.contacts.length > 0 }];
  });
  const live = await liveRecords(
    tx,
    workspaceId,
    missing.map(({ deciding }) => deciding),
  );
  return new Set(
    missing.flatMap(({ id, deciding, isSeen }) =>
      isSeen && live.has(`${deciding.objectType}:${deciding.recordId}`) ? [] : [id],
    ),
  );
}

function subjectsOf(
  tx: TenantTransaction,
  referrals: readonly Referral[],
  programs: readonly PublishedProgram[],
): Promise<SubjectSource> {
  const byId = new Map(programs.map((program) => [program.id, program]));
  const frames = referrals.flatMap((referral): SubjectFrame[] => {
    const program = byId.get(referral.programId);
    if (!program) return [];
    const { alreadyMet, severalContacts, primaryRole, authority } = definitionOf(
      program,
      referral.rulesVersion,
    ).decisions;
    return [
      {
        personId: referral.personId,
        programId: referral.programId,
        referredAt: referral.referredAt,
        since: alreadyMet === 'qualify' ? null : referral.rulesSince,
        primaryRole: severalContacts === 'primary' ? primaryRole : null,
        authority,
      },
    ];
  });
  const withCompanies = readsCompanies(decidingDefinitions(programs));
  return loadSubjects(tx, { frames, withCompanies });
}

/** A question that is open already is not asked a second time: its decision says that it waits. */
async function keepEntries(tx: TenantTransaction, input: DecideInput, decisions: readonly Decision[]): Promise<void> {
  const { workspaceId, now } = input;
  await closeQuestions(tx, {
    workspaceId,
    now,
    asked: decisions.map(({ referral, entry }) => ({ referralId: referral.id, key: entry.reviewKey ?? null })),
  });
  const asking = decisions.filter(({ entry }) => entry.reviewKey);
  const open = await openQuestions(
    tx,
    workspaceId,
    asking.map(({ referral }) => referral.id),
  );
  const entries = decisions.map(({ referral, entry, outcome }): NewEntry => {
    if (!entry.reviewKey || !open.has(`${referral.id} ${entry.reviewKey}`)) return entry;
    const said = outcome.changed
      ? ({ state: 'processed', reasonCode: outcome.cause } as const)
      : ({ state: 'ignored', reasonCode: 'question_open' } as const);
    return { ...entry, ...said, reviewKey: null, reviewDueAt: null, notify: false };
  });
  await insertEntries(tx, { workspaceId, now, entries });
}
