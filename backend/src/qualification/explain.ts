import type { ReferralStatus } from '../../../shared/referral-status.ts';
import { CRM_TITLES } from '../crm/crm-titles.ts';
import { accountDayText } from '../metrics/account-day.ts';
import { capText } from '../metrics/crm-values.ts';
import type { QuestionKind, VerdictOutcome } from '../referrals/apply-verdict.ts';
import { decidingFact } from './evaluate-rules.ts';
import { valuesHeld } from './meets-rule.ts';
import {
  STATUS_RANK,
  type MissingReason,
  type RuleObject,
  type SeenValue,
  type TraceStep,
  type Verdict,
} from './trace.ts';

/** What the CRM calls things; null when it no longer knows the id, and then the id itself is shown. */
export type Labels = {
  stage(pipelineId: string, stageId: string): string | null;
  field(object: RuleObject, name: string): string | null;
  option(object: RuleObject, field: string, value: string): string | null;
  /** The account's time zone: a deal won at 23:30 UTC was won on the next day in Berlin. (Default: UTC) */
  readonly timeZone?: string | null;
};

/** The CRM property holds 255; a sentence over 120 is not read in a side bar. */
const MAX_SHORT_REASON = 120;
const NEEDS_REVIEW = ': needs review';

/** A verdict, and what became of the referral where that is known. */
export type Explained = Pick<Verdict, 'question' | 'trace'> & { readonly outcome?: VerdictOutcome };

/**
 * One plain sentence of at most 120 characters for the status-reason property. Days are the account's. A person being needed
 * is said first, because it is the only thing somebody can act on.
 */
export function shortReason(verdict: Explained, labels: Labels): string {
  const kind = kindOfQuestion(verdict);
  if (kind === null) return capText(toldText(verdict, labels), MAX_SHORT_REASON) ?? '';
  // A long label must not cut off that a person is needed.
  const about = capText(questionText(kind, verdict, labels), MAX_SHORT_REASON - NEEDS_REVIEW.length) ?? '';
  return `${about}${NEEDS_REVIEW}`;
}

/** Whether a stored reason is one of a question. */
export function asksForReview(reason: string): boolean {
  return reason.endsWith(NEEDS_REVIEW);
}

/** What is left to say when a question was answered or overtaken and the status stayed. */
export function settledReason(status: ReferralStatus, byPerson: boolean): string {
  if (status === 'denied') return 'Denied, and that stands';
  return byPerson ? `A person decided that this referral stays ${status}` : 'It counted before, and that stands';
}

/** The same at length, for the entry: the outcome, then each rule with what was wanted, what was seen and what is missing. */
export function longReason(verdict: Explained, labels: Labels): readonly string[] {
  const steps = verdict.trace.flatMap((step, index) => [
    `Rule ${String(index + 1)}, for ${step.status}: ${wantedText(step, labels)}. ${outcome(step)}`,
    ...step.seen.map((fact) => `  ${seenText(step, fact, labels)}`),
  ]);
  const reached = reachedText(verdict.trace, labels);
  const headline = reached !== null && kindOfQuestion(verdict) !== null ? [`${reached}.`] : [];
  return [`${shortSentence(verdict, labels)}.`, ...headline, ...steps];
}

function kindOfQuestion({ question, outcome: done }: Explained): QuestionKind | null {
  return (done === undefined ? question : done.question)?.kind ?? null;
}

function shortSentence(verdict: Explained, labels: Labels): string {
  const kind = kindOfQuestion(verdict);
  return kind === null ? toldText(verdict, labels) : `${questionText(kind, verdict, labels)}${NEEDS_REVIEW}`;
}

function toldText({ trace }: Explained, labels: Labels): string {
  return reachedText(trace, labels) ?? waitingText(trace, labels);
}

function questionText(kind: QuestionKind, { trace, question }: Explained, labels: Labels): string {
  switch (kind) {
    case 'several_referred_contacts':
      return 'Several referred people are on this deal';
    case 'already_there': {
      const step = trace.find(({ ruleId }) => ruleId === question?.ruleId);
      return step ? beforeText(step, labels) : 'This was so before the referral';
    }
    case 'denied_meets_rule':
      return `Denied, but ${lowerFirst(reachedText(trace, labels) ?? 'a rule is met now')}`;
    case 'record_gone':
      return 'The record that counted is gone from the CRM';
    case 'left_after_issue':
      return 'The rule is not met any more, and the reward was paid';
  }
}

/** E8: why a status was taken back, for the entry that did it. */
export function leftReason({ trace }: Pick<Verdict, 'trace'>, labels: Labels): string {
  const now = STATUS_RANK[decidingFact(trace)?.step.status ?? 'pending'];
  const above = trace.filter(({ status, passed }) => !passed && STATUS_RANK[status] > now);
  const step = above.find(({ missing }) => missing === 'left_stage' || missing === 'other_pipeline');
  const [fact] = step?.seen ?? [];
  const text = step && fact ? LEFT[step.missing ?? '']?.(step, fact, labels) : undefined;
  const rest = above.length === 0 ? 'no rule of this program gives more' : waitingText(above, labels);
  return capText(`Not met any more: ${lowerFirst(text ?? rest)}`, MAX_SHORT_REASON) ?? '';
}

/** Words of ours only: a label keeps its spelling. */
function lowerFirst(text: string): string {
  return text.replace(/^(Deal|Waiting|Several|No) /, (word) => word.toLowerCase());
}

/** What stood there before the referral, or before its rules changed. */
function beforeText(step: TraceStep, labels: Labels): string {
  const [fact] = step.seen;
  const value = fact === undefined ? '' : wantedIn(step, fact, labels);
  const before = `before ${BEFORE[fact?.heldBefore ?? 'referral']}`;
  return isStage(step) ? `Deal was in ${value} ${before}` : `${fieldText(step, labels)} was ${value} ${before}`;
}

const BEFORE = { referral: 'the referral', rules: 'the rules changed' } as const;

/** Being on the stage of a deal: any other field is told by its name. */
function isStage(step: TraceStep): boolean {
  return step.pipelineId !== undefined;
}

function reachedText(trace: readonly TraceStep[], labels: Labels): string | null {
  const decided = decidingFact(trace);
  if (decided === null) return null;
  const { step, fact } = decided;
  return `${factText(step, fact, labels)}${creditText(fact)}`;
}

function factText(step: TraceStep, fact: SeenValue, labels: Labels): string {
  if (!isStage(step)) {
    return `${fieldText(step, labels)} is ${wantedIn(step, fact, labels)}, as of ${dayOf(fact.at, labels)}`;
  }
  const stage = valueText(step, fact.value?.trim() ?? '', labels);
  return fact.enteredAt === undefined
    ? `Deal is in ${stage}, as of ${dayOf(fact.at, labels)}`
    : `Deal reached ${stage} on ${dayOf(fact.enteredAt, labels)}`;
}

/** Why it is this friend's deal, where others are on it. */
function creditText({ isPrimary, isFirst, otherReferredContactIds, contactCount }: SeenValue): string {
  if (isPrimary === true) return ', and this is its primary contact';
  if (otherReferredContactIds !== undefined) return isFirst ? ', referred first of those on it' : '';
  return contactCount === undefined ? '' : `, the only one referred of its ${String(contactCount)} contacts`;
}

/** What a person did, or what came before, is told first; else what the next milestone waits for, the others counted. */
function waitingText(trace: readonly TraceStep[], labels: Labels): string {
  const told = trace.find((step) => step.missing !== null && TOLD[step.missing] !== undefined);
  const [fact] = told?.seen ?? [];
  if (told?.missing && fact) return TOLD[told.missing]?.(told, fact, labels) ?? '';
  const next = trace.find((step) => step.status === 'qualified') ?? trace[0];
  if (next === undefined) return 'No rule of this program is switched on';
  const nearly = next.missing === 'nearly' ? ' (a value differs only by case or spaces)' : '';
  const others = trace.length > 1 ? ', or another rule' : '';
  return `Waiting for ${waitedFor(next, labels)}${nearly}${others}`;
}

type Told = (step: TraceStep, fact: SeenValue, labels: Labels) => string;

const TOLD: Readonly<Partial<Record<MissingReason, Told>>> = {
  rejected_by_person: (step, fact, labels) =>
    `${factText(step, fact, labels)}; a person decided that it does not count`,
  denied_since: (step, fact, labels) => `${factText(step, fact, labels)}, and the referral was denied after that`,
  not_primary: (step, fact, labels) =>
    `${factText(step, fact, labels)}, but another contact is the primary one of the deal`,
  earlier_attribution: (step, fact, labels) =>
    `${factText(step, fact, labels)}, but somebody else on it was referred first`,
  other_crm_decides: (step, fact, labels) =>
    `${factText(step, fact, labels)}, but here ${CRM_TITLES[fact.overruledBy ?? 'hubspot']} decides`,
  several_referred_contacts: () => 'Several referred people are on this deal, so it counts for nobody',
  already_there: (step, _fact, labels) => `${beforeText(step, labels)}, so it does not count`,
  left_stage: (step, fact, labels) => {
    const left = `Deal left ${valueText(step, fact.value ?? '', labels)}`;
    const now = valueText(step, fact.standsIn ?? '', labels);
    return now === '' ? left : `${left} and is now in ${now}`;
  },
};

const LEFT: Readonly<Record<string, Told>> = {
  ...TOLD,
  other_pipeline: () => 'Deal is in another pipeline now',
};

function waitedFor(step: TraceStep, labels: Labels): string {
  const values = orList(step.wanted.map((value) => valueText(step, value, labels)));
  if (isStage(step)) return `a deal to reach ${values}${later(step)}`;
  const field = `${step.object === 'contact' ? '' : `the ${step.object}’s `}${fieldText(step, labels)}`;
  return step.operator === 'at_least' ? `${field} to reach ${values}` : `${field} to become ${values}`;
}

function wantedText(step: TraceStep, labels: Labels): string {
  const values = step.wanted.map((value) => valueText(step, value, labels)).join(' or ');
  if (isStage(step)) return `a deal has reached ${values}${later(step)}`;
  return step.operator === 'at_least'
    ? `${fieldText(step, labels)} is ${values} or more`
    : `${fieldText(step, labels)} is ${values}`;
}

function later({ operator }: TraceStep): string {
  return operator === 'at_or_after' ? ' or later' : '';
}

const MISSING: Readonly<Record<MissingReason, string>> = {
  several_referred_contacts: 'Not counted: several referred people are on the deal.',
  already_there: 'Not counted: it was so before.',
  rejected_by_person: 'Not counted: a person decided so.',
  denied_since: 'Not counted: the referral was denied after it.',
  not_primary: 'Not counted: another contact is the primary one of the deal.',
  other_crm_decides: 'Not counted: the other CRM decides about it.',
  earlier_attribution: 'Not counted: somebody else on the deal was referred first.',
  left_stage: 'Not met any more: the deal went back or was lost.',
  below: 'Not met: the number is lower.',
  nearly: 'Not met: a value differs only by case or spaces.',
  value_differs: 'Not met: the value is another one.',
  other_pipeline: 'Not met: the deals are in another pipeline.',
  no_record: 'Not met: there is no such record.',
};

function outcome(step: TraceStep): string {
  if (step.missing === null) return 'Met.';
  return step.held === null ? MISSING[step.missing] : `${MISSING[step.missing]} A person has to decide.`;
}

function seenText(step: TraceStep, fact: SeenValue, labels: Labels): string {
  const record = `${RECORD[fact.objectType]} ${fact.recordId}`;
  const value = fact.value === null || fact.value.trim() === '' ? 'empty' : seenValueText(step, fact, labels);
  const others = fact.otherReferredContactIds;
  const shared = others === undefined ? '' : `, shared with contact ${others.join(', ')}`;
  const before = fact.heldBefore === undefined ? '' : `, as it was before ${BEFORE[fact.heldBefore]}`;
  const answers = Object.values(fact.answers ?? {});
  const counts = answers.includes('does_not_count') ? 'does not count' : 'counts';
  const said = answers.length === 0 ? '' : `; a person said that it ${counts}`;
  const tail = `${shared}${before}${said}`;
  if (fact.source === 'stage_entered') {
    const now = fact.standsIn
      ? `, now in ${labels.stage(fact.pipelineId ?? '', fact.standsIn.trim()) ?? fact.standsIn}`
      : '';
    return `${record}: was in ${value} from ${dayOf(fact.enteredAt ?? fact.at, labels)}${now}${tail}`;
  }
  const entered = fact.enteredAt === undefined ? '' : `, since ${dayOf(fact.enteredAt, labels)}`;
  return `${record}: ${value}${entered}, last changed ${dayOf(fact.at, labels)}${tail}`;
}

const RECORD = { contact: 'Contact', lead: 'Lead', company: 'Company', deal: 'Deal' } as const;

function seenValueText(step: TraceStep, fact: SeenValue, labels: Labels): string {
  const value = fact.value?.trim() ?? '';
  if (isStage(step)) return labels.stage(fact.pipelineId ?? '', value) ?? value;
  return value
    .split(';')
    .map((part) => valueText(step, part.trim(), labels))
    .join('; ');
}

/** The wanted values that the record holds: of `a;b` only what counts; a number as it is. */
function wantedIn(step: TraceStep, fact: SeenValue, labels: Labels): string {
  if (step.operator !== 'any_of') return valueText(step, fact.value?.trim() ?? '', labels);
  const counting = step.wanted.filter((wanted) => valuesHeld(fact.value).includes(wanted.trim()));
  return counting.map((wanted) => valueText(step, wanted, labels)).join(' and ');
}

function fieldText(step: TraceStep, labels: Labels): string {
  return labels.field(step.object, step.field) ?? step.field;
}

function valueText(step: TraceStep, value: string, labels: Labels): string {
  const id = value.trim();
  if (isStage(step)) return labels.stage(step.pipelineId ?? '', id) ?? id;
  return labels.option(step.object, step.field, id) ?? id;
}

/** Two values by name; more than that are counted. */
function orList(values: readonly string[]): string {
  const [first = '', second] = values;
  if (second === undefined) return first;
  return values.length === 2 ? `${first} or ${second}` : `${first} or ${String(values.length - 1)} other values`;
}

/** `3 Nov 2026`, the day it was where the account is. */
function dayOf(instant: string, { timeZone = null }: Labels): string {
  return accountDayText(instant, timeZone);
}
