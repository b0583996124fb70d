import { capText, crmInstantMs } from '../metrics/crm-values.ts';
import { decidingFact, valuesHeld } from './evaluate-rules.ts';
import type { MissingReason, SeenValue, TraceStep, Verdict } from './evaluate-rules.ts';

/** What the CRM calls things; null when it no longer knows the id, and then the id itself is shown. */
export type Labels = {
  stage(pipelineId: string, stageId: string): string | null;
  field(object: 'contact' | 'deal', name: string): string | null;
  option(object: 'contact' | 'deal', field: string, value: string): string | null;
};

/** The CRM property holds 255; a sentence over 120 is not read in a side bar. */
const MAX_SHORT_REASON = 120;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

type Explained = Pick<Verdict, 'status' | 'reviewReason' | 'trace'>;

/**
 * One plain sentence of at most 120 characters for the status-reason property. Days are UTC days. A person being needed
 * is said first, because it is the only thing somebody can act on.
 */
export function shortReason(verdict: Explained, labels: Labels): string {
  return capText(shortSentence(verdict, labels), MAX_SHORT_REASON) ?? '';
}

/** The same at length, for the entry: the outcome, then each rule with what was wanted, what was seen and what is missing. */
export function longReason(verdict: Explained, labels: Labels): readonly string[] {
  const steps = verdict.trace.flatMap((step, index) => [
    `Rule ${String(index + 1)}, for ${step.status}: ${wantedText(step, labels)}. ${outcome(step)}`,
    ...step.seen.map((fact) => `  ${seenText(step, fact, labels)}`),
  ]);
  const reached = reachedText(verdict.trace, labels);
  const headline = reached !== null && verdict.reviewReason !== null ? [`${reached}.`] : [];
  return [`${shortSentence(verdict, labels)}.`, ...headline, ...steps];
}

function shortSentence(verdict: Explained, labels: Labels): string {
  if (verdict.reviewReason !== null) return 'Several referred people are on this deal: needs review';
  return reachedText(verdict.trace, labels) ?? waitingText(verdict.trace, labels);
}

function reachedText(trace: readonly TraceStep[], labels: Labels): string | null {
  const decided = decidingFact(trace);
  if (decided === null) return null;
  const { step, fact } = decided;
  if (step.object === 'contact') {
    return `${fieldText(step, labels)} is ${held(step, fact, labels)}, as of ${day(fact.at)}`;
  }
  const stage = valueText(step, fact.value?.trim() ?? '', labels);
  return fact.enteredAt === undefined
    ? `Deal is in ${stage}, as of ${day(fact.at)}`
    : `Deal reached ${stage} on ${day(fact.enteredAt)}`;
}

/** Names the next milestone's first rule; the others are counted, because one sentence cannot hold them. */
function waitingText(trace: readonly TraceStep[], labels: Labels): string {
  const next = trace.find((step) => step.status === 'qualified') ?? trace[0];
  if (next === undefined) return 'No rule of this program is switched on';
  const nearly = next.missing === 'nearly' ? ' (a value differs only by case or spaces)' : '';
  const others = trace.length > 1 ? ', or another rule' : '';
  return `Waiting for ${waitedFor(next, labels)}${nearly}${others}`;
}

function waitedFor(step: TraceStep, labels: Labels): string {
  const values = orList(step.wanted.map((value) => valueText(step, value, labels)));
  return step.object === 'contact' ? `${fieldText(step, labels)} to become ${values}` : `a deal to reach ${values}`;
}

function wantedText(step: TraceStep, labels: Labels): string {
  const values = step.wanted.map((value) => valueText(step, value, labels)).join(' or ');
  return step.object === 'contact' ? `${fieldText(step, labels)} is ${values}` : `a deal has reached ${values}`;
}

const MISSING: Readonly<Record<MissingReason, string>> = {
  several_referred_contacts: 'Not counted: several referred people are on the deal, so a person has to decide.',
  nearly: 'Not met: a value differs only by case or spaces.',
  value_differs: 'Not met: the value is another one.',
  other_pipeline: 'Not met: the deals are in another pipeline.',
  no_record: 'Not met: there is no such record.',
};

function outcome(step: TraceStep): string {
  return step.missing === null ? 'Met.' : MISSING[step.missing];
}

function seenText(step: TraceStep, fact: SeenValue, labels: Labels): string {
  const record = `${fact.objectType === 'deal' ? 'Deal' : 'Contact'} ${fact.recordId}`;
  const value = fact.value === null || fact.value.trim() === '' ? 'empty' : seenValueText(step, fact, labels);
  const others = fact.otherReferredContactIds;
  const shared = others === undefined ? '' : `, shared with contact ${others.join(', ')}`;
  if (fact.source === 'stage_entered')
    return `${record}: was in ${value} from ${day(fact.enteredAt ?? fact.at)}${shared}`;
  const entered = fact.enteredAt === undefined ? '' : `, since ${day(fact.enteredAt)}`;
  return `${record}: ${value}${entered}, last changed ${day(fact.at)}${shared}`;
}

function seenValueText(step: TraceStep, fact: SeenValue, labels: Labels): string {
  const value = fact.value?.trim() ?? '';
  if (step.object === 'contact')
    return value
      .split(';')
      .map((part) => valueText(step, part.trim(), labels))
      .join('; ');
  return labels.stage(fact.pipelineId ?? '', value) ?? value;
}

/** The wanted values that the record holds: of `a;b` only what counts. */
function held(step: TraceStep, fact: SeenValue, labels: Labels): string {
  const counting = step.wanted.filter((wanted) => valuesHeld(fact.value).includes(wanted.trim()));
  return counting.map((wanted) => valueText(step, wanted, labels)).join(' and ');
}

function fieldText(step: TraceStep, labels: Labels): string {
  return labels.field(step.object, step.field) ?? step.field;
}

function valueText(step: TraceStep, value: string, labels: Labels): string {
  const id = value.trim();
  if (step.object === 'deal') return labels.stage(step.pipelineId ?? '', id) ?? id;
  return labels.option(step.object, step.field, id) ?? id;
}

/** Two values by name; more than that are counted. */
function orList(values: readonly string[]): string {
  const [first = '', second] = values;
  if (second === undefined) return first;
  return values.length === 2 ? `${first} or ${second}` : `${first} or ${String(values.length - 1)} other values`;
}

/** `3 Nov 2026`, the UTC day; the text itself when it is no instant. */
export function day(instant: string): string {
  const ms = crmInstantMs(instant);
  if (ms === null) return instant;
  const date = new Date(ms);
  return `${String(date.getUTCDate())} ${MONTHS[date.getUTCMonth()] ?? ''} ${String(date.getUTCFullYear())}`;
}
