import { crmOfField } from '../../../shared/crm-fields.ts';
import { dealWordsOf, stageEnteredField } from '../../../shared/deal-words.ts';
import {
  fieldOnRecord,
  isLeadOnly,
  LEAD_CONVERTED,
  LEAD_CONVERTED_ON,
  LEAD_CREATED_AT,
} from '../../../shared/person-fields.ts';
import { isStageRule, type DealStageRule, type QualificationRule } from '../../../shared/program-definition.ts';
import { FIRST_ZONE_AHEAD_MS, madeSince } from '../capture/crm-moment.ts';
import { crmInstantMs } from '../metrics/crm-values.ts';
import { reachedStages, valueOf } from './fields-to-read.ts';
import { meets } from './meets-rule.ts';
import type { DealView, RecordView, Subject } from './subject.ts';
import {
  questionKey,
  type Answer,
  type Answers,
  type AskingRule,
  type HoldKind,
  type SeenValue,
  type TraceFacts,
} from './trace.ts';

/** What one rule sees in the records of a friend: facts only, no judgement. */
export function lookAt(rule: QualificationRule, subject: Subject, answers: Answers): TraceFacts {
  const asking = askingRule(rule);
  const deniedMs = crmInstantMs(subject.deniedAt ?? null) ?? -Infinity;
  const seen = factsFor(rule, subject).map((fact) => withAnswers(asking, withDenial(fact, deniedMs), answers));
  return { ...asking, priority: rule.priority, seen };
}

export function askingRule(rule: QualificationRule): AskingRule {
  const { id: ruleId, status, object, field, operator, values: wanted } = rule;
  const pipeline = isStageRule(rule) ? { pipelineId: rule.pipelineId } : {};
  return { ruleId, status, object, field, operator, wanted, ...pipeline };
}

function factsFor(rule: QualificationRule, subject: Subject): SeenValue[] {
  const fact = (record: RecordView): SeenValue => propertyFact(rule, record, subject);
  if (rule.object === 'company') return heard(rule, subject.companies ?? [], subject).map(told(fact));
  if (rule.object !== 'deal') {
    const people = subject.contacts.filter(({ values }) => concerns(rule.object, values));
    return heard(rule, people, subject).map(told(fact));
  }
  const deals = heard(rule, subject.deals, subject);
  if (isStageRule(rule)) {
    return deals.flatMap(({ view, by }) => stageFacts(rule, view, subject).map((one) => ({ ...one, ...by })));
  }
  return deals.map(told((deal) => ({ ...fact(deal), ...sharing(deal) })));
}

type Heard<View> = { readonly view: View; readonly by: Pick<SeenValue, 'overruledBy'> };

function told<View>(fact: (view: View) => SeenValue) {
  return ({ view, by }: Heard<View>): SeenValue => ({ ...fact(view), ...by });
}

/**
 * A rule speaks of one CRM, the one whose field it names. Where the other one is the authority about such records and has
 * one of the friend's, what this one says is told and does not count (G4).
 */
function heard<View extends RecordView>(
  { object, field }: QualificationRule,
  views: readonly View[],
  { authority, contacts, companies = [], deals }: Subject,
): Heard<View>[] {
  const crm = crmOfField(field);
  const own = views.filter((view) => view.crm === undefined || view.crm === crm);
  const all = object === 'deal' ? deals : object === 'company' ? companies : contacts;
  const word = authority?.[object === 'deal' || object === 'company' ? object : 'person'] ?? 'either';
  const isOverruled = word !== 'either' && word !== crm && all.some((view) => view.crm === word);
  return own.map((view) => ({ view, by: isOverruled ? { overruledBy: word } : {} }));
}

/** A lead is no contact until it is converted (RR-51, RR-52), and a contact that never was a lead has no lead's fields. */
function concerns(object: QualificationRule['object'], values: RecordView['values']): boolean {
  return object === 'lead' ? (values[LEAD_CONVERTED] ?? null) !== null : !isLeadOnly(values);
}

/** Before what it was so: what lies before the referral does that, whatever changed later. */
function beforeWhat({ since, referredAt }: Subject, ms: number | null = null): { heldBefore: 'referral' | 'rules' } {
  const referredMs = crmInstantMs(referredAt ?? since ?? null) ?? Infinity;
  const isSameTime = (crmInstantMs(since ?? null) ?? -Infinity) <= referredMs;
  return { heldBefore: isSameTime || (ms !== null && ms < referredMs) ? 'referral' : 'rules' };
}

function propertyFact(rule: QualificationRule, record: RecordView, subject: Subject): SeenValue {
  const field = fieldOnRecord(rule);
  const { before: then } = record;
  const before =
    then && !(rule.object === 'lead' && isOfLaterLead(field, then, subject)) ? valueOf({ values: then }, field) : null;
  return {
    objectType: rule.object,
    recordId: record.recordId,
    value: valueOf(record, field),
    source: 'current_value',
    at: record.modifiedAt,
    ...(meets(rule, before) === 'met' ? beforeWhat(subject) : {}),
  };
}

/**
 * A contact of long ago first read with what a lead brought into it: the contact's age says nothing about the lead's. A
 * lead that was made since had nothing before, and one that was converted since was not converted before.
 */
function isOfLaterLead(field: string, values: RecordView['values'], { since }: Subject): boolean {
  const sinceMs = crmInstantMs(since ?? null);
  if (sinceMs === null) return false;
  const madeMs = crmInstantMs(valueOf({ values }, LEAD_CREATED_AT));
  if (madeMs !== null && madeSince(new Date(madeMs), new Date(sinceMs))) return true;
  const dayMs = crmInstantMs(valueOf({ values }, LEAD_CONVERTED_ON));
  return field === LEAD_CONVERTED && dayMs !== null && dayMs - FIRST_ZONE_AHEAD_MS >= sinceMs;
}

/** Where the deal stands, and every other wanted stage it has been in: won and lost between two reads is seen, too. */
function stageFacts(rule: DealStageRule, deal: DealView, subject: Subject): SeenValue[] {
  const stage = valueOf(deal, rule.field);
  const current = stage?.trim() ?? '';
  const enteredMs = (stageId: string): number | null =>
    crmInstantMs(valueOf(deal, stageEnteredField(rule.field, stageId)));
  const fact = (value: string | null, source: SeenValue['source'], ms: number | null): SeenValue => ({
    objectType: 'deal',
    recordId: deal.recordId,
    value,
    source,
    at: deal.modifiedAt,
    ...(ms === null ? {} : { enteredAt: new Date(ms).toISOString() }),
    ...(source === 'stage_entered' ? { standsIn: stage } : {}),
    pipelineId: valueOf(deal, dealWordsOf(rule.field).pipeline),
    ...sharing(deal),
    ...(stoodBefore(rule, deal, { stageId: value, ms, since: subject.since ?? null }) ? beforeWhat(subject, ms) : {}),
  });
  const earlier = reachedStages(rule).flatMap((wanted) => {
    const ms = wanted.trim() === current ? null : enteredMs(wanted);
    return ms === null ? [] : [fact(wanted, 'stage_entered', ms)];
  });
  return [fact(stage, 'current_value', current === '' ? null : enteredMs(current)), ...earlier];
}

type Standing = { readonly stageId: string | null; readonly ms: number | null; readonly since: string | null };

/**
 * The CRM's own time of entering decides where it gives one; else what the deal held when the referral began to count. A
 * deal that met the rule then has only gone on when it enters another of its stages.
 */
function stoodBefore(rule: DealStageRule, deal: DealView, { stageId, ms, since }: Standing): boolean {
  const sinceMs = crmInstantMs(since);
  if (sinceMs === null || meets(rule, stageId) !== 'met') return false;
  if (ms !== null && ms < sinceMs) return true;
  const before = deal.before ? (valueOf({ values: deal.before }, rule.field)?.trim() ?? '') : null;
  if (before !== null) return meets(rule, before) === 'met' && (ms === null || before !== stageId?.trim());
  const others = reachedStages(rule).filter((other) => other.trim() !== stageId?.trim());
  return others.some(
    (other) => (crmInstantMs(valueOf(deal, stageEnteredField(rule.field, other))) ?? Infinity) < sinceMs,
  );
}

function sharing(deal: DealView): Partial<SeenValue> {
  const others = [...deal.otherReferredContactIds].sort();
  return {
    ...(deal.contactIds.length < 2 ? {} : { contactCount: deal.contactIds.length }),
    ...(others.length === 0 ? {} : { otherReferredContactIds: others }),
    ...(others.length === 0 || deal.isFirst === undefined ? {} : { isFirst: deal.isFirst }),
    ...(deal.isPrimary === undefined ? {} : { isPrimary: deal.isPrimary }),
  };
}

/** In the same moment nobody can say which came first: then it is asked about. */
function withDenial(fact: SeenValue, deniedMs: number): SeenValue {
  const enteredMs = crmInstantMs(fact.enteredAt ?? null) ?? Infinity;
  return enteredMs < deniedMs ? { ...fact, deniedSince: true } : fact;
}

const KINDS: readonly HoldKind[] = ['several_referred_contacts', 'already_there'];

function withAnswers(rule: AskingRule, fact: SeenValue, answers: Answers): SeenValue {
  if (answers.size === 0) return fact;
  const given = KINDS.flatMap((kind): [HoldKind, Answer][] => {
    const answer = answers.get(questionKey(kind, rule, fact));
    return answer === undefined ? [] : [[kind, answer]];
  });
  return given.length === 0 ? fact : { ...fact, answers: Object.fromEntries(given) };
}
