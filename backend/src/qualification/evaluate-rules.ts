import { DECISION_DEFAULTS, type DecisionSettings } from '../../../shared/decision-settings.ts';
import type { QualificationRule } from '../../../shared/program-definition.ts';
import { crmInstantMs } from '../metrics/crm-values.ts';
import { judgeFact, nearness, type Judgement } from './judge-fact.ts';
import { lookAt } from './look-at.ts';
import type { Subject } from './subject.ts';
import {
  MAX_SEEN,
  NO_ANSWERS,
  questionKey,
  STATUS_RANK,
  type Answers,
  type DecidingRecord,
  type HoldKind,
  type Question,
  type SeenValue,
  type TraceFacts,
  type TraceStep,
  type Verdict,
} from './trace.ts';

type Situation = {
  readonly rules: readonly QualificationRule[];
  /** Of the version that decides. (Default: `DECISION_DEFAULTS`) */
  readonly settings?: DecisionSettings;
};

/** What `evaluateRules` decides from. */
export type EvaluateRulesInput = Situation & {
  readonly subject: Subject;
  /** What people said about earlier questions. (Default: none) */
  readonly answers?: Answers;
};
/** What `verdictFromTrace` decides from. */
export type TraceInput = Situation & { readonly trace: readonly TraceFacts[] };

/**
 * The pure decision: which status the CRM records of one friend give, by which rule and record, since when, and why not
 * more. Depends on nothing but its arguments, and not on the order of records. Never throws on what a CRM may hold.
 */
export function evaluateRules(input: EvaluateRulesInput): Verdict {
  const { rules, subject, answers = NO_ANSWERS } = input;
  return verdictFromTrace({ ...input, trace: rules.map((rule) => lookAt(rule, subject, answers)) });
}

/**
 * The verdict from the rules, the settings and the facts of a stored trace alone, so that a stored decision can be checked
 * years later. Facts of a rule that is unknown or disabled are left out.
 */
export function verdictFromTrace({ rules, settings = DECISION_DEFAULTS, trace: given }: TraceInput): Verdict {
  const enabled = new Map(rules.filter((rule) => rule.enabled).map((rule) => [rule.id, rule]));
  const trace = given.flatMap((facts) => {
    const rule = enabled.get(facts.ruleId);
    return rule === undefined ? [] : [judgeStep(rule, facts, settings)];
  });
  const decided = decidingFact(trace);
  const status = decided?.step.status ?? 'pending';
  const question = openQuestion(trace, STATUS_RANK[status]);
  return {
    status,
    heldStatus: question?.status ?? status,
    decidingRuleId: decided?.step.ruleId ?? null,
    decidingRecord: decided ? { objectType: decided.fact.objectType, recordId: decided.fact.recordId } : null,
    reachedAt: decided ? reachedAt(decided.fact) : null,
    question,
    trace,
  };
}

type MetStep = { readonly step: TraceStep; readonly fact: SeenValue };

/**
 * The met rule and record that count: the highest status, then the rule's priority, then the earliest time, then the record
 * id, then the rule id. `only` narrows it to some steps, as when a reward asks which deal gave its own milestone.
 */
export function decidingFact(
  trace: readonly TraceStep[],
  only: (step: TraceStep) => boolean = () => true,
): MetStep | null {
  return first(trace, (step) => step.passed && only(step));
}

/**
 * The highest status that one record gives, or would give if it had not been there before (E12): by the rule that it gave
 * one by, or by any where that rule is no more.
 */
export function heldStatusOf(
  { objectType, recordId, ruleId: by }: DecidingRecord & { readonly ruleId?: string },
  { rules, settings = DECISION_DEFAULTS, trace }: TraceInput,
): Verdict['status'] {
  const enabled = rules.filter((rule) => rule.enabled);
  const own = enabled.filter(({ id }) => id === by);
  const ruleOf = new Map((own.length > 0 ? own : enabled).map((rule) => [rule.id, rule]));
  const statuses = trace.flatMap(({ ruleId, seen }) => {
    const rule = ruleOf.get(ruleId);
    const facts = seen.filter((fact) => fact.objectType === objectType && fact.recordId === recordId);
    const gives = rule && facts.map((fact) => judgeFact(rule, fact, settings)).some(countsOrWasThere);
    return gives ? [rule.status] : [];
  });
  return statuses.includes('approved') ? 'approved' : (statuses[0] ?? 'pending');
}

function countsOrWasThere({ word, held }: Judgement): boolean {
  return word === 'met' || held === 'already_there';
}

/** The held fact that would raise the status most, in the same order. */
function openQuestion(trace: readonly TraceStep[], rank: number): Question | null {
  const held = first(trace, (step) => step.held !== null && STATUS_RANK[step.status] > rank);
  if (held === null) return null;
  const { step, fact } = held;
  const kind = step.held as HoldKind;
  const record = { objectType: fact.objectType, recordId: fact.recordId };
  return { kind, key: questionKey(kind, step, record), status: step.status, ruleId: step.ruleId, record };
}

function first(trace: readonly TraceStep[], only: (step: TraceStep) => boolean): MetStep | null {
  const found = trace.flatMap((step) => {
    const fact = step.seen[0];
    return fact !== undefined && only(step) ? [{ step, fact }] : [];
  });
  found.sort(
    (a, b) =>
      STATUS_RANK[b.step.status] - STATUS_RANK[a.step.status] ||
      a.step.priority - b.step.priority ||
      compareFacts(a.fact, b.fact) ||
      compareText(a.step.ruleId, b.step.ruleId),
  );
  return found[0] ?? null;
}

function judgeStep(rule: QualificationRule, facts: TraceFacts, settings: DecisionSettings): TraceStep {
  const judged = facts.seen.map((fact) => ({ fact, judgement: judgeFact(rule, fact, settings) }));
  judged.sort((a, b) => nearness(a.judgement) - nearness(b.judgement) || compareFacts(a.fact, b.fact));
  const [nearest] = judged;
  const word = nearest?.judgement.word ?? 'no_record';
  return {
    ...facts,
    status: rule.status,
    priority: rule.priority,
    seen: judged.slice(0, MAX_SEEN).map(({ fact }) => fact),
    passed: word === 'met',
    missing: word === 'met' ? null : word,
    held: nearest?.judgement.held ?? null,
  };
}

function reachedAt(fact: SeenValue): string {
  return fact.enteredAt ?? fact.at;
}

/** Earliest first; a time that cannot be read comes last; equal only for one fact seen twice. */
function compareFacts(a: SeenValue, b: SeenValue): number {
  const [left, right] = [crmInstantMs(reachedAt(a)) ?? Infinity, crmInstantMs(reachedAt(b)) ?? Infinity];
  if (left !== right) return left < right ? -1 : 1;
  return (
    compareText(a.recordId, b.recordId) || compareText(a.source, b.source) || compareText(a.value ?? '', b.value ?? '')
  );
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
