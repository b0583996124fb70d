import fc from 'fast-check';
import type { DealStageRule, PropertyRule, QualificationRule } from '../../../shared/program-definition.ts';
import { stageEnteredField } from '../../../shared/deal-words.ts';
import type { DealView, RecordView, Subject } from '../../../backend/src/qualification/subject.ts';

/** Small makers for rules and records, so that a test shows only what matters to it. */
export function contactRule(input: Partial<PropertyRule> = {}): PropertyRule {
  return {
    id: 'rul_customer',
    status: 'qualified',
    enabled: true,
    priority: 100,
    object: 'contact',
    field: 'lifecyclestage',
    operator: 'any_of',
    values: ['customer'],
    ...input,
  };
}

export function dealRule(input: Partial<DealStageRule> = {}): DealStageRule {
  return {
    id: 'rul_won',
    status: 'approved',
    enabled: true,
    priority: 100,
    object: 'deal',
    field: 'dealstage',
    operator: 'any_of',
    pipelineId: 'default',
    values: ['closedwon'],
    ...input,
  };
}

export function contact(values: RecordView['values'], input: Partial<RecordView> = {}): RecordView {
  return { objectType: 'contact', recordId: '101', modifiedAt: '2026-11-02T09:00:00.000Z', values, ...input };
}

export type DealInput = {
  readonly id?: string;
  readonly stage: string | null;
  readonly pipeline?: string | null;
  readonly entered?: Readonly<Record<string, string>>;
  readonly others?: readonly string[];
  readonly modifiedAt?: string;
  readonly values?: RecordView['values'];
  readonly before?: RecordView['values'] | null;
  readonly isFirst?: boolean;
  readonly isPrimary?: boolean | null;
};

export function deal(input: DealInput): DealView {
  const entered = Object.entries(input.entered ?? {}).map(
    ([stage, at]) => [stageEnteredField('dealstage', stage), at] as const,
  );
  return {
    objectType: 'deal',
    recordId: input.id ?? '9001',
    modifiedAt: input.modifiedAt ?? '2026-11-05T12:00:00.000Z',
    values: {
      dealstage: input.stage,
      pipeline: input.pipeline === undefined ? 'default' : input.pipeline,
      ...Object.fromEntries(entered),
      ...input.values,
    },
    contactIds: ['101', ...(input.others ?? [])],
    otherReferredContactIds: input.others ?? [],
    ...(input.isFirst === undefined ? {} : { isFirst: input.isFirst }),
    ...(input.isPrimary === undefined ? {} : { isPrimary: input.isPrimary }),
    ...(input.before === undefined ? {} : { before: input.before }),
  };
}

export function subject(input: Partial<Subject>): Subject {
  return { contacts: [], deals: [], ...input };
}

const STAGES = ['s1', 's2', 's3', 'S1', ' s2'] as const;
const PIPELINES = ['p1', 'p2'] as const;
const CONTACT_VALUES = ['a', 'b', 'A', ' b ', 'a;b', 'c', '', 'a b'] as const;
const instant = fc.integer({ min: 0, max: 5 }).map((day) => `2026-11-0${String(day + 1)}T00:00:00.000Z`);
const status = fc.constantFrom('qualified' as const, 'approved' as const);

const anyContactRule = fc.record({
  status,
  enabled: fc.boolean(),
  field: fc.constantFrom('f1', 'f2'),
  values: fc.subarray(['a', 'b', 'c']),
});
const anyDealRule = fc.record({
  status,
  enabled: fc.boolean(),
  pipelineId: fc.constantFrom(...PIPELINES),
  values: fc.subarray(['s1', 's2', 's3']),
});

/** A handful of rules with distinct ids over few fields, stages and values, so that they meet often. */
export const anyRules: fc.Arbitrary<QualificationRule[]> = fc
  .array(fc.oneof(anyContactRule.map(contactRule), anyDealRule.map(dealRule)), { maxLength: 5 })
  .map((rules) => rules.map((rule, index): QualificationRule => ({ ...rule, id: `rul_${String(index)}` })));

const anyContact = fc
  .record({ f1: fc.constantFrom(...CONTACT_VALUES, null), f2: fc.constantFrom(...CONTACT_VALUES), at: instant })
  .map(({ f1, f2, at }) => contact({ f1, f2 }, { modifiedAt: at }));

const anyDeal = fc
  .record({
    stage: fc.constantFrom(...STAGES, null),
    pipeline: fc.constantFrom(...PIPELINES),
    entered: fc.dictionary(fc.constantFrom('s1', 's2', 's3'), instant, { maxKeys: 2 }),
    others: fc.constantFrom<readonly string[]>([], [], ['777'], ['777', '555']),
    modifiedAt: instant,
  })
  .map(deal);

function numbered<T extends RecordView>(records: readonly T[]): T[] {
  return records.map((record, index) => ({ ...record, recordId: String(100 + index) }));
}

/** Up to 30 deals, so that the cap on what a trace keeps is met too. */
export const anySubject: fc.Arbitrary<Subject> = fc
  .record({ contacts: fc.array(anyContact, { maxLength: 4 }), deals: fc.array(anyDeal, { maxLength: 30 }) })
  .map(({ contacts, deals }) => ({ contacts: numbered(contacts), deals: numbered(deals) }));
