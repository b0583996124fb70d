import { isDeepStrictEqual } from 'node:util';
import type { DecisionSettings } from '../../../shared/decision-settings.ts';
import type { ReferralStatus } from '../../../shared/referral-status.ts';
import { newId } from '../ids.ts';
import { decidingFact, evaluateRules, heldStatusOf } from '../qualification/evaluate-rules.ts';
import { asksForReview, leftReason, settledReason, shortReason } from '../qualification/explain.ts';
import { copiedDetails, fieldUpdates } from '../qualification/field-updates.ts';
import { definitionOf, type PublishedProgram } from '../qualification/published-programs.ts';
import type { Subject } from '../qualification/subject.ts';
import type { Answers, DecidingRecord, Verdict } from '../qualification/trace.ts';
import { applyVerdict, type VerdictOutcome } from '../referrals/apply-verdict.ts';
import type { Deciding, Referral, ReferralChange } from '../referrals/referrals-store.ts';
import { earnedRewards, type WaitingReward } from '../rewards/earned-rewards.ts';
import type { LedgerMove } from '../rewards/ledger-store.ts';
import { settleRewards, type LedgerReward } from '../rewards/settle-rewards.ts';
import type { DecideInput, DecisionTrigger } from './decision-input.ts';
import type { EntryState, NewEntry } from './entries-store.ts';

/** Everything that follows from deciding one referral; nothing of it is written yet. */
export type Decision = {
  readonly referral: Referral;
  /** By which version. */
  readonly version: number;
  readonly verdict: Verdict;
  readonly outcome: VerdictOutcome;
  readonly status: ReferralStatus;
  readonly reason: string;
  readonly change: ReferralChange | null;
  readonly rewards: readonly LedgerMove[];
  readonly entry: NewEntry;
};

export type DecideReferralInput = {
  readonly referral: Referral;
  readonly program: PublishedProgram;
  readonly trigger: DecisionTrigger;
  readonly subject: Subject;
  readonly answers: Answers;
  /** The referral's rewards, voided ones too. */
  readonly ledger: readonly LedgerReward[];
  /** The record that gave the status it has is gone from the CRM, not only from the friend. (Default: false) */
  readonly isGone?: boolean;
  readonly input: Pick<DecideInput, 'workspaceCurrency' | 'labels' | 'now' | 'replay'>;
};

/** One referral decided by the version it is pinned to: pure, from the records, the answers and the ledger as they stand. */
export function decideReferral(given: DecideReferralInput): Decision {
  const { referral, program, subject, answers, input } = given;
  const definition = definitionOf(program, referral.rulesVersion);
  const settings = definition.decisions;
  const deniedAt = referral.status === 'denied' ? referral.statusAt.toISOString() : null;
  const verdict = evaluateRules({ rules: definition.rules, settings, subject: { ...subject, deniedAt }, answers });
  const outcome = outcomeOf(given, verdict, settings);
  const status = outcome.changed ? outcome.to : referral.status;
  const reason = reasonOf(given, verdict, outcome);
  const { earned, waiting } = earnedRewards({
    rewardRules: definition.rewardRules,
    status,
    verdict,
    subject,
    workspaceCurrency: input.workspaceCurrency,
  });
  const moves = settleRewards({
    ledger: given.ledger,
    earned,
    waiting,
    status,
    recipientPersonId: referral.advocatePersonId,
    ruleVersions: program.rewardRuleVersions,
    byRules: verdict.status === status,
  });
  const entryId = newId('ent');
  return {
    referral,
    version: referral.rulesVersion,
    verdict,
    outcome,
    status,
    reason,
    change: changeOf({ ...given, verdict, outcome, status, reason, entryId }),
    rewards: moves.map((move) => ({
      referralId: referral.id,
      programId: program.id,
      programVersion: referral.rulesVersion,
      recipientPersonId: referral.advocatePersonId,
      move,
    })),
    entry: entryOf({ ...given, settings, verdict, outcome, reason, waiting, entryId }),
  };
}

function outcomeOf(given: DecideReferralInput, verdict: Verdict, settings: DecisionSettings): VerdictOutcome {
  const { referral, answers, ledger } = given;
  const { rules } = definitionOf(given.program, referral.rulesVersion);
  // A friend who turned out to be their own advocate was never referred, whatever a rule or a setting says.
  if (referral.status === 'denied' && referral.personId === referral.advocatePersonId) {
    return { changed: false, because: 'denied_stays', question: null };
  }
  const issued = ledger.filter(({ state }) => state === 'issued').map(({ milestone }) => milestone);
  return applyVerdict({
    current: referral.status,
    verdict,
    settings,
    answers,
    personFloor: referral.personFloor,
    goneRecord: given.isGone ? referral.deciding : null,
    occurrence: occurrenceOf(referral.deciding),
    ...(referral.deciding && {
      ownHeldStatus: heldStatusOf(referral.deciding, { rules, settings, trace: verdict.trace }),
    }),
    issuedFor: issued.includes('approved') ? 'approved' : (issued[0] ?? null),
  });
}

function occurrenceOf(deciding: Deciding | null): string | null {
  return deciding && [deciding.objectType, deciding.recordId, deciding.enteredAt ?? ''].join(':');
}

/** Whether the record that decided is among those the friend has now. */
export function isAmong(record: DecidingRecord, { contacts, deals, companies = [] }: Subject): boolean {
  return [...contacts, ...deals, ...companies].some(
    ({ objectType, recordId }) => objectType === record.objectType && recordId === record.recordId,
  );
}

function reasonOf({ referral, input }: DecideReferralInput, verdict: Verdict, outcome: VerdictOutcome): string {
  if (speaks(outcome, verdict, referral)) return shortReason({ ...verdict, outcome }, input.labels);
  // A question that is over must not be read as one that waits.
  if (!asksForReview(referral.statusReason)) return referral.statusReason;
  const byPerson = referral.decidedBy === 'person' || (!outcome.changed && outcome.because === 'person_decided');
  return settledReason(referral.status, byPerson);
}

/** What a person decided, and a denial, keep their own words; all else says what the records say now. */
function speaks(outcome: VerdictOutcome, verdict: Verdict, { status, decidedBy: by }: Referral): boolean {
  if (outcome.changed || outcome.because === 'rule_not_met' || outcome.because === 'needs_review') return true;
  return outcome.because === 'status_stands' && by === 'rules' && verdict.status === status;
}

type Concluded = DecideReferralInput & {
  readonly verdict: Verdict;
  readonly outcome: VerdictOutcome;
  readonly reason: string;
  readonly entryId: string;
};

function changeOf(given: Concluded & { readonly status: ReferralStatus }): ReferralChange | null {
  const { referral, verdict, outcome, status, reason, subject, entryId } = given;
  const moved = status !== referral.status || reason !== referral.statusReason;
  const deciding = decidingOf(given);
  const settings = definitionOf(given.program, referral.rulesVersion).decisions;
  const copied = deciding === null ? {} : copiedDetails(fieldUpdates(settings.fieldUpdates, deciding, subject));
  const details = { ...referral.details, ...copied };
  // Not as text: the database gives the keys back in an order of its own.
  const learnt = !isDeepStrictEqual([deciding, details], [referral.deciding, referral.details]);
  if (!moved && !learnt) return null;
  return {
    referralId: referral.id,
    fromStatus: referral.status,
    toStatus: status,
    reason,
    entryId,
    actor: given.trigger.actor ?? 'system',
    cause: outcome.changed ? outcome.cause : outcome.because,
    programVersion: referral.rulesVersion,
    decidedBy: decidedBy(referral, outcome, verdict),
    deciding,
    details,
  };
}

/** The rule and record that give the status now; what a person decided, or what is only remembered, stays as it was. */
function decidingOf({ referral, verdict, outcome }: Concluded): Deciding | null {
  const status = outcome.changed ? outcome.to : referral.status;
  if (status === 'pending' || status === 'denied') return null;
  if (verdict.status !== status || verdict.decidingRecord === null) return referral.deciding;
  const enteredAt = decidingFact(verdict.trace)?.fact.enteredAt;
  const since = enteredAt === undefined ? {} : { enteredAt };
  return { ...verdict.decidingRecord, ruleId: verdict.decidingRuleId ?? '', ...since };
}

function decidedBy(referral: Referral, outcome: VerdictOutcome, { status }: Verdict): 'rules' | 'person' {
  if (!outcome.changed) return referral.decidedBy;
  // What the rules say themselves is theirs; where they took more back than that, a person's word held it.
  return outcome.to === status ? 'rules' : 'person';
}

type EntryInput = Concluded & {
  readonly settings: DecisionSettings;
  readonly waiting: readonly WaitingReward[];
};

const DAY_MS = 86_400_000;

function entryOf(given: EntryInput): NewEntry {
  const { referral, program, settings, verdict, outcome, reason, waiting, input } = given;
  const { match, programIds: _, ...trigger } = given.trigger;
  const { question } = outcome;
  const { policy, afterDays } = settings.reviewTimeout;
  return {
    id: given.entryId,
    ...entryOutcome(outcome, waiting),
    reason:
      outcome.changed && outcome.cause === 'left_stage' && question === null
        ? leftReason(verdict, input.labels)
        : reason,
    trigger,
    programId: program.id,
    programVersion: referral.rulesVersion,
    referralId: referral.id,
    connectionId: trigger.connectionId,
    objectType: trigger.objectType,
    recordId: trigger.recordId,
    trace: { verdict, outcome, waiting, ...(match && { match }) },
    reviewKey: question?.key ?? null,
    reviewDueAt: question && policy !== 'stay' ? new Date(input.now.getTime() + afterDays * DAY_MS) : null,
    notify: question !== null && settings.notifyReview && input.replay !== true,
    replay: input.replay === true,
  };
}

function entryOutcome(
  outcome: VerdictOutcome,
  waiting: readonly WaitingReward[],
): { state: EntryState; reasonCode: string } {
  const { question } = outcome;
  if (question !== null) return { state: 'review', reasonCode: question.kind };
  if (outcome.changed) return { state: 'processed', reasonCode: waiting[0]?.because ?? outcome.cause };
  return { state: 'ignored', reasonCode: waiting[0]?.because ?? outcome.because };
}
