import { DECISION_DEFAULTS, type DecisionSettings } from '../../../shared/decision-settings.ts';
import type { ReferralStatus } from '../../../shared/referral-status.ts';
import {
  NO_ANSWERS,
  questionKey,
  STATUS_RANK,
  type Answers,
  type DecidingRecord,
  type HoldKind,
  type Verdict,
} from '../qualification/trace.ts';
import type { ReferralCause } from './referral-transitions.ts';

/**
 * What a person is asked. Besides facts that are held: `denied_meets_rule` (E7), `record_gone`: what gave the status is no
 * longer there to look at, `left_after_issue`: the rule is not met any more and money has left (E8).
 */
export type QuestionKind = HoldKind | 'denied_meets_rule' | 'record_gone' | 'left_after_issue';

/** What the referral would become by the answer yes. The answer is kept under the key and read by every later decision. */
export type ReferralQuestion = { readonly kind: QuestionKind; readonly key: string; readonly status: ReferralStatus };

/** Why a decision left a referral where it is. */
export type UnchangedReason =
  'status_stands' | 'rule_not_met' | 'denied_stays' | 'person_decided' | 'rejected_by_person' | 'needs_review';

/** What becomes of a referral, with the reason either way, and what a person is asked besides. */
export type VerdictOutcome =
  | {
      readonly changed: true;
      readonly to: ReferralStatus;
      readonly cause: ReferralCause;
      readonly question: ReferralQuestion | null;
    }
  | { readonly changed: false; readonly because: Exclude<UnchangedReason, 'needs_review'>; readonly question: null }
  | { readonly changed: false; readonly because: 'needs_review'; readonly question: ReferralQuestion };

/** The referral as it stands and what the rules say. */
export type ApplyVerdictInput = {
  readonly current: ReferralStatus;
  readonly verdict: Pick<Verdict, 'status' | 'heldStatus' | 'question' | 'decidingRuleId' | 'decidingRecord' | 'trace'>;
  /** (Default: `DECISION_DEFAULTS`) */
  readonly settings?: Pick<DecisionSettings, 'reviewDenied' | 'overrideDenied'>;
  /** (Default: none) */
  readonly answers?: Answers;
  /** What a person gave it: nothing takes it below that (E28). (Default: nothing) */
  readonly personFloor?: 'qualified' | 'approved' | null;
  /** The record that gave the status it has, when it cannot be looked at any more; else null. (Default: null) */
  readonly goneRecord?: DecidingRecord | null;
  /**
   * What the record that gave the status it has gives, or would give if it had not been there before. (Default: what the
   * verdict would be if its question, where it is of that kind, were answered with yes)
   */
  readonly ownHeldStatus?: Verdict['status'];
  /** The highest status a reward was paid out for, else null. (Default: null) */
  readonly issuedFor?: 'qualified' | 'approved' | null;
  /** Which record gave the status it has, and when: tells one sale from the next. (Default: null) */
  readonly occurrence?: string | null;
};

/**
 * What an automatic verdict does to a referral: it raises, it takes back what rules gave (E8), and where it must not decide
 * it asks. What a person decided is not undone.
 */
export function applyVerdict(input: ApplyVerdictInput): VerdictOutcome {
  const { current, verdict } = input;
  if (current === 'denied') return ofDenied(input);
  if (STATUS_RANK[verdict.status] < STATUS_RANK[current]) return lowered(input, current);
  const question = asked(verdict.question, verdict.status);
  if (STATUS_RANK[verdict.status] > STATUS_RANK[current]) {
    return { changed: true, to: verdict.status, cause: 'rule_met', question };
  }
  return question ? ask(question) : stay(current === 'pending' ? 'rule_not_met' : 'status_stands');
}

/** E7: asking wins over overriding, and with neither the denial stands. */
function ofDenied(input: ApplyVerdictInput): VerdictOutcome {
  const { verdict, settings = DECISION_DEFAULTS, answers = NO_ANSWERS } = input;
  const { status, decidingRuleId, decidingRecord } = verdict;
  const rule = verdict.trace.find(({ ruleId }) => ruleId === decidingRuleId);
  if (status === 'pending' || decidingRecord === null || rule === undefined) return stay('denied_stays');
  const key = questionKey('denied_meets_rule', rule, decidingRecord);
  const answer = answers.get(key);
  if (answer === 'does_not_count') return stay('rejected_by_person');
  const question = asked(verdict.question, status);
  if (answer === 'counts') return { changed: true, to: status, cause: byPerson(status), question };
  if (settings.reviewDenied) return ask({ kind: 'denied_meets_rule', key, status });
  return settings.overrideDenied
    ? { changed: true, to: status, cause: 'override_denied', question }
    : stay('denied_stays');
}

/**
 * E8: back to what still holds, unless a person decided, nobody can see why, or money has left. A fact that was there before
 * the referral came under its rules takes nothing back: it would be asked about a whole crowd at once. A deal that turns out
 * to be shared does: which of two messages came first must not decide who is paid.
 */
function lowered(input: ApplyVerdictInput, current: 'qualified' | 'approved' | 'pending'): VerdictOutcome {
  const { verdict, answers = NO_ANSWERS } = input;
  const { question, status } = verdict;
  const floor = higherOf(status, input.personFloor ?? null);
  const higher = asked(question, current);
  if (STATUS_RANK[floor] >= STATUS_RANK[current]) return higher ? ask(higher) : stay('person_decided');
  const { ownHeldStatus = question?.kind === 'already_there' ? question.status : status } = input;
  if (STATUS_RANK[ownHeldStatus] >= STATUS_RANK[current]) return higher ? ask(higher) : stay('status_stands');
  const before = questionsBefore(input, current, floor);
  if (before.some(({ key }) => answers.get(key) === 'counts')) return higher ? ask(higher) : stay('person_decided');
  const open = before.find(({ key }) => !answers.has(key));
  if (open) return ask(open);
  const rest = asked(question, floor);
  return { changed: true, to: floor, cause: rest ? 'held_for_review' : 'left_stage', question: rest };
}

function higherOf(status: Verdict['status'], floor: 'qualified' | 'approved' | null): Verdict['status'] {
  return floor !== null && STATUS_RANK[floor] > STATUS_RANK[status] ? floor : status;
}

/** What has to be answered before a status is taken back to `floor`. */
function questionsBefore(
  { goneRecord = null, issuedFor = null, occurrence = null }: ApplyVerdictInput,
  current: ReferralStatus,
  floor: Verdict['status'],
): ReferralQuestion[] {
  const gone: ReferralQuestion[] =
    goneRecord === null
      ? []
      : [{ kind: 'record_gone', key: `record_gone:${goneRecord.objectType}:${goneRecord.recordId}`, status: current }];
  // Another sale that is lost after it was paid is another question.
  const key = `left_after_issue:${issuedFor ?? ''}${occurrence === null ? '' : `:${occurrence}`}`;
  const isPaid = issuedFor !== null && STATUS_RANK[issuedFor] > STATUS_RANK[floor];
  return isPaid ? [...gone, { kind: 'left_after_issue', key, status: current }] : gone;
}

/** A question is worth asking only where its yes would raise the status. */
function asked(question: Verdict['question'], above: 'pending' | 'qualified' | 'approved'): ReferralQuestion | null {
  if (question === null || STATUS_RANK[question.status] <= STATUS_RANK[above]) return null;
  return { kind: question.kind, key: question.key, status: question.status };
}

function ask(question: ReferralQuestion): VerdictOutcome {
  return { changed: false, because: 'needs_review', question };
}

function stay(because: Exclude<UnchangedReason, 'needs_review'>): VerdictOutcome {
  return { changed: false, because, question: null };
}

function byPerson(status: 'qualified' | 'approved'): ReferralCause {
  return status === 'approved' ? 'approved_by_person' : 'qualified_by_person';
}
