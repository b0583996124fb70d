import type { DealStageRule, ProgramDefinition, QualificationRule } from '../../../shared/program-definition.ts';
import { crmInstantMs } from '../metrics/crm-values.ts';
import type { DealView, RecordView, Subject } from './subject.ts';

type RuleObject = QualificationRule['object'];
type RuleStatus = QualificationRule['status'];

/** One fact a rule looked at, with everything needed to judge it again later. */
export type SeenValue = {
  readonly objectType: RuleObject;
  readonly recordId: string;
  /** As the CRM stated it; for `stage_entered` the id of the stage. */
  readonly value: string | null;
  /** `stage_entered`: not where the deal stands now, but the CRM says when it was there. */
  readonly source: 'current_value' | 'stage_entered';
  /** The CRM's own time of the record's last change, ISO 8601. */
  readonly at: string;
  /** When the deal entered the stage, ISO 8601; absent when the CRM does not say. */
  readonly enteredAt?: string;
  /** Deals only: the pipeline the deal is in. */
  readonly pipelineId?: string | null;
  /** Deals only, and only when there are any: who else on the deal was referred in this program. */
  readonly otherReferredContactIds?: readonly string[];
};

/** What kept a rule from being met, the nearest miss first. */
export type MissingReason = 'several_referred_contacts' | 'nearly' | 'value_differs' | 'other_pipeline' | 'no_record';

/** One enabled rule as it was tried. `passed` and `missing` follow from the rest (`verdictFromTrace`). */
export type TraceStep = {
  readonly ruleId: string;
  readonly status: RuleStatus;
  readonly object: RuleObject;
  readonly field: string;
  readonly operator: 'any_of';
  readonly wanted: readonly string[];
  readonly pipelineId?: string;
  /** At most `MAX_SEEN`, what decides first; the same whatever order the records came in. */
  readonly seen: readonly SeenValue[];
  readonly passed: boolean;
  readonly missing: MissingReason | null;
};

/** A trace step with the facts and without the judgement. */
export type TraceFacts = Omit<TraceStep, 'passed' | 'missing'>;

/** The record that decided. */
export type DecidingRecord = { readonly objectType: RuleObject; readonly recordId: string };

/** A decision with its reasons; plain JSON. */
export type Verdict = {
  readonly status: 'pending' | RuleStatus;
  readonly decidingRuleId: string | null;
  readonly decidingRecord: DecidingRecord | null;
  /** When the CRM says it was reached, ISO 8601: the stage-entered time, else the record's last change. */
  readonly reachedAt: string | null;
  /** Set when a deal shared with other referred people would have given a higher status (E3): a person decides. */
  readonly reviewReason: 'several_referred_contacts' | null;
  readonly trace: readonly TraceStep[];
};

/** What `evaluateRules` decides from. */
export type EvaluateRulesInput = { readonly rules: readonly QualificationRule[]; readonly subject: Subject };
/** What `verdictFromTrace` decides from. */
export type TraceInput = { readonly rules: readonly QualificationRule[]; readonly trace: readonly TraceFacts[] };

/** Seen values kept per rule: an entry is kept for ever, and nobody reads more. */
export const MAX_SEEN = 20;

const STATUS_RANK = { pending: 0, qualified: 1, approved: 2 } as const;
const NEARNESS = ['met', 'several_referred_contacts', 'nearly', 'value_differs', 'other_pipeline'] as const;
type Judgement = (typeof NEARNESS)[number];

/**
 * The pure decision: which status the CRM records of one friend give, by which rule and record, since when, and why not
 * more. Depends on nothing but its arguments, and not on the order of records. Never throws on what a CRM may hold.
 */
export function evaluateRules({ rules, subject }: EvaluateRulesInput): Verdict {
  return verdictFromTrace({ rules, trace: rules.map((rule) => lookAt(rule, subject)) });
}

/**
 * The verdict from the rules and the facts of a stored trace alone, so that a stored decision can be checked years later.
 * Facts of a rule that is unknown or disabled are left out.
 */
export function verdictFromTrace(input: TraceInput): Verdict {
  const rules = new Map(input.rules.filter((rule) => rule.enabled).map((rule) => [rule.id, rule]));
  const trace = input.trace.flatMap((facts) => {
    const rule = rules.get(facts.ruleId);
    return rule === undefined ? [] : [judgeStep(rule, facts)];
  });
  const decided = decidingFact(trace);
  const status = decided?.step.status ?? 'pending';
  const heldBack = trace.some(
    (step) => step.missing === 'several_referred_contacts' && STATUS_RANK[step.status] > STATUS_RANK[status],
  );
  return {
    status,
    decidingRuleId: decided?.step.ruleId ?? null,
    decidingRecord: decided ? { objectType: decided.fact.objectType, recordId: decided.fact.recordId } : null,
    reachedAt: decided ? reachedAt(decided.fact) : null,
    reviewReason: heldBack ? 'several_referred_contacts' : null,
    trace,
  };
}

/**
 * The met rule and record that count: the highest status, then the earliest time, then the record id, then the rule id.
 * `only` narrows it to some steps, as when a reward asks which deal gave its own milestone.
 */
export function decidingFact(
  trace: readonly TraceStep[],
  only: (step: TraceStep) => boolean = () => true,
): { readonly step: TraceStep; readonly fact: SeenValue } | null {
  const met = trace.flatMap((step) => {
    const fact = step.seen[0];
    return step.passed && fact !== undefined && only(step) ? [{ step, fact }] : [];
  });
  met.sort(
    (a, b) =>
      STATUS_RANK[b.step.status] - STATUS_RANK[a.step.status] ||
      compareFacts(a.fact, b.fact) ||
      compareText(a.step.ruleId, b.step.ruleId),
  );
  return met[0] ?? null;
}

/** The CRM field that says when a deal entered a stage. */
export function stageEnteredField(stageId: string): string {
  return `hs_v2_date_entered_${stageId.trim()}`;
}

/** Every CRM field the enabled rules and the sale values of these programs read, sorted, each once. */
export function fieldsToRead(definitions: readonly ProgramDefinition[]): { contact: string[]; deal: string[] } {
  const fields = { contact: new Set<string>(), deal: new Set<string>() };
  for (const { rules, rewardRules } of definitions) {
    for (const rule of rules.filter(({ enabled }) => enabled)) {
      const stages = rule.object === 'deal' ? ['pipeline', ...rule.values.map(stageEnteredField)] : [];
      for (const name of [rule.field, ...stages]) fields[rule.object].add(name);
    }
    for (const { object, field } of rewardRules.flatMap((rule) => (rule.kind === 'percent' ? [rule.saleValue] : []))) {
      const currency = object === 'deal' ? ['deal_currency_code'] : [];
      const atHome = object === 'deal' && field === 'amount' ? ['amount_in_home_currency'] : [];
      for (const name of [field, ...currency, ...atHome]) fields[object].add(name);
    }
  }
  return { contact: [...fields.contact].sort(), deal: [...fields.deal].sort() };
}

/** One field of a record as the CRM states it, null when empty or not read. */
export function valueOf(record: RecordView, field: string): string | null {
  // Own keys only: a field called `constructor` is not the object's own machinery.
  return Object.hasOwn(record.values, field) ? (record.values[field] ?? null) : null;
}

function lookAt(rule: QualificationRule, { contacts, deals }: Subject): TraceFacts {
  const { id: ruleId, status, object, field, operator, values: wanted } = rule;
  const facts =
    rule.object === 'contact' ? contactFacts(rule.field, contacts) : deals.flatMap((deal) => dealFacts(rule, deal));
  const pipeline = rule.object === 'deal' ? { pipelineId: rule.pipelineId } : {};
  return { ruleId, status, object, field, operator, wanted, ...pipeline, seen: nearestFirst(rule, facts) };
}

function contactFacts(field: string, contacts: readonly RecordView[]): SeenValue[] {
  return contacts.map((contact) => ({
    objectType: 'contact',
    recordId: contact.recordId,
    value: valueOf(contact, field),
    source: 'current_value',
    at: contact.modifiedAt,
  }));
}

/** Where the deal stands, and every other wanted stage it has been in: won and lost between two reads is still won. */
function dealFacts(rule: DealStageRule, deal: DealView): SeenValue[] {
  const stage = valueOf(deal, 'dealstage');
  const others = [...deal.otherReferredContactIds].sort();
  const fact = (value: string | null, source: SeenValue['source'], enteredMs: number | null): SeenValue => ({
    objectType: 'deal',
    recordId: deal.recordId,
    value,
    source,
    at: deal.modifiedAt,
    ...(enteredMs === null ? {} : { enteredAt: new Date(enteredMs).toISOString() }),
    pipelineId: valueOf(deal, 'pipeline'),
    ...(others.length === 0 ? {} : { otherReferredContactIds: others }),
  });
  const enteredMs = (stageId: string): number | null => crmInstantMs(valueOf(deal, stageEnteredField(stageId)));
  const current = stage?.trim() ?? '';
  const earlier = rule.values.flatMap((wanted) => {
    const ms = wanted.trim() === current ? null : enteredMs(wanted);
    return ms === null ? [] : [fact(wanted, 'stage_entered', ms)];
  });
  return [fact(stage, 'current_value', current === '' ? null : enteredMs(current)), ...earlier];
}

function nearestFirst(rule: QualificationRule, facts: readonly SeenValue[]): SeenValue[] {
  const ranked = facts.map((fact) => ({ fact, rank: NEARNESS.indexOf(judge(rule, fact)) }));
  ranked.sort((a, b) => a.rank - b.rank || compareFacts(a.fact, b.fact));
  return ranked.slice(0, MAX_SEEN).map(({ fact }) => fact);
}

function judgeStep(rule: QualificationRule, facts: TraceFacts): TraceStep {
  const seen = nearestFirst(rule, facts.seen);
  const [nearest] = seen;
  const judgement = nearest === undefined ? 'no_record' : judge(rule, nearest);
  const passed = judgement === 'met';
  return { ...facts, status: rule.status, seen, passed, missing: passed ? null : judgement };
}

function judge(rule: QualificationRule, fact: SeenValue): Judgement {
  if (rule.object === 'deal' && fact.pipelineId?.trim() !== rule.pipelineId.trim()) return 'other_pipeline';
  const held = valuesHeld(fact.value);
  const wanted = rule.values.map((value) => value.trim()).filter((value) => value !== '');
  if (wanted.some((value) => held.includes(value))) {
    return fact.otherReferredContactIds === undefined ? 'met' : 'several_referred_contacts';
  }
  const loosely = held.map(loose);
  return wanted.some((value) => loosely.includes(loose(value))) ? 'nearly' : 'value_differs';
}

/** The whole value and, for a multi-select such as `a;b`, each part. */
export function valuesHeld(value: string | null): string[] {
  const parts = [value ?? '', ...(value ?? '').split(';')];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** Two values with one loose form differ only by case, spaces or Unicode composition. */
function loose(value: string): string {
  return value.normalize('NFC').toLowerCase().replace(/\s+/g, '');
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
