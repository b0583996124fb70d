import type { TenantTransaction } from '../db/database.ts';
import { newId } from '../ids.ts';
import { closeReviews } from '../cards/review-requests-store.ts';
import { evaluateRules } from '../qualification/evaluate-rules.ts';
import { shortReason, type Labels } from '../qualification/explain.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';
import { loadSubjects } from '../qualification/subjects-store.ts';
import { applyVerdict, type VerdictOutcome } from '../referrals/referral-transitions.ts';
import {
  applyReferralChanges,
  markDecided,
  referralsOfFriends,
  type Referral,
  type ReferralChange,
} from '../referrals/referrals-store.ts';
import { earnedRewards, type WaitingReward } from '../rewards/earned-rewards.ts';
import { grantRewards, type NewReward } from '../rewards/rewards-store.ts';
import { insertEntries, type EntryState, type NewEntry } from './entries-store.ts';

/** What made us look at a person: the record that changed and the newest message about it. */
export type DecisionTrigger = {
  readonly connectionId: string;
  readonly objectType: string;
  readonly recordId: string;
  readonly kind: string;
  readonly occurredAt: string;
  readonly sourceKey: string | null;
};

export type DecideInput = {
  readonly workspaceId: string;
  readonly workspaceCurrency: string;
  readonly programs: readonly PublishedProgram[];
  readonly labels: Labels;
  readonly now: Date;
  /** Friends whose records changed, with what changed. */
  readonly triggers: ReadonlyMap<string, DecisionTrigger>;
};

export type Decided = {
  /** One per decision, as its entry says. */
  readonly states: readonly EntryState[];
  readonly friendIds: readonly string[];
  readonly advocateIds: readonly string[];
  readonly advocatePersonIds: readonly string[];
};

/** Decides every live referral of these friends anew, but those that are held, from snapshots only, and records what follows. */
export async function decideReferrals(tx: TenantTransaction, input: DecideInput): Promise<Decided> {
  const referrals = (await referralsOfFriends(tx, [...input.triggers.keys()])).filter(
    ({ heldFor }) => heldFor === null,
  );
  if (referrals.length === 0) return { states: [], friendIds: [], advocateIds: [], advocatePersonIds: [] };
  const subjects = await loadSubjects(tx, [...new Set(referrals.map((referral) => referral.personId))]);
  const programs = new Map(input.programs.map((program) => [program.id, program]));
  const decisions = referrals.flatMap((referral) => {
    const program = programs.get(referral.programId);
    const trigger = input.triggers.get(referral.personId);
    if (!program || !trigger) return [];
    const subject = subjects.subjectOf(referral.personId, referral.programId);
    return [decide({ referral, program, subject, trigger, input })];
  });
  const scope = { workspaceId: input.workspaceId, now: input.now };
  await applyReferralChanges(tx, { ...scope, changes: decisions.flatMap((decision) => decision.change ?? []) });
  await closeReviews(tx, {
    ...scope,
    referralIds: decisions.flatMap(({ change }) =>
      change !== null && change.fromStatus !== change.toStatus ? [change.referralId] : [],
    ),
  });
  await markDecided(
    tx,
    decisions.map(({ referral }) => referral.id),
    input.now,
  );
  const rewarded = await grantRewards(tx, { ...scope, rewards: decisions.flatMap((decision) => decision.rewards) });
  await insertEntries(tx, { ...scope, entries: decisions.map((decision) => decision.entry) });
  const touched = decisions.filter((decision) => decision.change !== null || rewarded.has(decision.referral.id));
  return {
    states: decisions.map((decision) => decision.entry.state),
    friendIds: [...new Set(touched.map(({ referral }) => referral.personId))],
    advocateIds: [...new Set(touched.map(({ referral }) => referral.advocateId))],
    advocatePersonIds: [...new Set(touched.map(({ referral }) => referral.advocatePersonId))],
  };
}

type Decision = {
  readonly referral: Referral;
  readonly change: ReferralChange | null;
  readonly rewards: readonly NewReward[];
  readonly entry: NewEntry;
};

type DecisionInput = {
  readonly referral: Referral;
  readonly program: PublishedProgram;
  readonly subject: Parameters<typeof evaluateRules>[0]['subject'];
  readonly trigger: DecisionTrigger;
  readonly input: DecideInput;
};

function decide({ referral, program, subject, trigger, input }: DecisionInput): Decision {
  const { definition, version } = program;
  const verdict = evaluateRules({ rules: definition.rules, subject });
  const outcome = applyVerdict({ current: referral.status, verdict });
  const status = outcome.changed ? outcome.to : referral.status;
  const reason = speaks(outcome) ? shortReason(verdict, input.labels) : referral.statusReason;
  const { earned, waiting } = earnedRewards({
    rewardRules: definition.rewardRules,
    status,
    verdict,
    subject,
    workspaceCurrency: input.workspaceCurrency,
  });
  const entryId = newId('ent');
  const moved = status !== referral.status || reason !== referral.statusReason;
  return {
    referral,
    change: moved
      ? {
          referralId: referral.id,
          fromStatus: referral.status,
          toStatus: status,
          reason,
          entryId,
          actor: 'system',
          cause: outcome.changed ? outcome.cause : outcome.because,
          programVersion: version,
        }
      : null,
    rewards: earned.map((reward) => ({
      referralId: referral.id,
      programId: program.id,
      programVersion: version,
      recipientPersonId: referral.advocatePersonId,
      earned: reward,
    })),
    entry: {
      id: entryId,
      ...entryOutcome(outcome, waiting),
      reason,
      trigger,
      programId: program.id,
      programVersion: version,
      referralId: referral.id,
      connectionId: trigger.connectionId,
      objectType: trigger.objectType,
      recordId: trigger.recordId,
      trace: { verdict, waiting },
    },
  };
}

/** A status that stays keeps its reason too: only a referral still waiting says what it waits for now. */
function speaks(outcome: VerdictOutcome): boolean {
  return outcome.changed || outcome.because === 'rule_not_met' || outcome.because === 'needs_review';
}

function entryOutcome(
  outcome: VerdictOutcome,
  waiting: readonly WaitingReward[],
): { state: EntryState; reasonCode: string } {
  if (outcome.changed) return { state: 'processed', reasonCode: waiting[0]?.because ?? outcome.cause };
  if (outcome.because === 'needs_review') return { state: 'review', reasonCode: 'several_referred_contacts' };
  return { state: 'ignored', reasonCode: waiting[0]?.because ?? outcome.because };
}
