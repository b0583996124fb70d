import fc from 'fast-check';
import { DECISION_DEFAULTS, type DecisionSettings } from '../../../shared/decision-settings.ts';
import {
  NEW_PROGRAM_SETTINGS,
  type ProgramDefinition,
  type QualificationRule,
  type RewardRule,
} from '../../../shared/program-definition.ts';
import { stageEnteredField } from '../../../shared/deal-words.ts';
import type { DealView, RecordView, Subject } from '../../../backend/src/qualification/subject.ts';
import { contactRule, dealRule } from '../qualification/build.ts';

/** Small worlds for properties of decisions: few fields, stages and values, so that everything meets often. */
export const SINCE_DAY = 10;

/** The order of the pipeline; `lost` is lost. */
const STAGES = ['new', 'talk', 'won', 'after'] as const;
const KNOWN = [...STAGES, 'lost'] as const;
/** `added` came to the pipeline after every version of the rules. */
const ANYWHERE = [...KNOWN, 'added'] as const;

export function dayText(day: number): string {
  return new Date(Date.UTC(2026, 9, 1 + day)).toISOString();
}

const status = fc.constantFrom('qualified' as const, 'approved' as const);
const priority = fc.constantFrom(1, 2, 100);

const anyStageRule = fc
  .record({
    status,
    priority,
    operator: fc.constantFrom('any_of' as const, 'at_or_after' as const),
    from: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ from, operator, ...rest }) => {
    const onwards = STAGES.slice(from);
    const value = onwards[0] ?? 'won';
    const reached = operator === 'at_or_after' ? onwards : [value];
    return dealRule({ ...rest, operator, values: [value], stages: { reached, kept: onwards, known: KNOWN } });
  });

const anyPropertyRule = fc
  .record({
    status,
    priority,
    object: fc.constantFrom('contact' as const, 'company' as const, 'deal' as const),
    numeric: fc.boolean(),
  })
  .map(({ object, numeric, ...rest }): QualificationRule => {
    const rule = numeric
      ? contactRule({ ...rest, field: 'n', operator: 'at_least', values: ['50'] })
      : contactRule({ ...rest, field: 'kind', values: ['customer', 'fan'] });
    return object === 'deal' ? { ...rule, object, pipelineId: null } : { ...rule, object };
  });

export const anyRules: fc.Arbitrary<QualificationRule[]> = fc
  .array(fc.oneof(anyStageRule, anyPropertyRule), { minLength: 1, maxLength: 4 })
  .map((rules) => rules.map((rule, index): QualificationRule => ({ ...rule, id: `rul_${String(index)}` })));

export const anySettings: fc.Arbitrary<DecisionSettings> = fc
  .record({
    alreadyMet: fc.constantFrom('review' as const, 'qualify' as const, 'ignore' as const),
    severalContacts: fc.constantFrom(
      'review' as const,
      'exactly_one' as const,
      'primary' as const,
      'first_attribution' as const,
    ),
    reviewDenied: fc.boolean(),
    overrideDenied: fc.boolean(),
  })
  .map((some) => ({ ...DECISION_DEFAULTS, ...some }));

const approval = fc.constantFrom('manual' as const, 'automatic' as const);

/** One reward rule; its id is given by the caller. */
export const anyRewardRule: fc.Arbitrary<RewardRule> = fc.oneof(
  fc
    .record({ approval, onStatus: status, amount: fc.constantFrom('5', '25') })
    .map((rule) => ({ ...rule, id: '', recipient: 'advocate' as const, kind: 'fixed' as const, currency: 'EUR' })),
  fc
    .record({
      approval,
      onStatus: status,
      percent: fc.constantFrom('10', '12.5'),
      object: fc.constantFrom('deal' as const, 'contact' as const),
    })
    .map(({ object, ...rule }) => ({
      ...rule,
      id: '',
      recipient: 'advocate' as const,
      kind: 'percent' as const,
      saleValue: { object, field: 'amount' },
    })),
);

export const anyDefinition: fc.Arbitrary<ProgramDefinition> = fc
  .record({ rules: anyRules, decisions: anySettings, rewardRules: fc.array(anyRewardRule, { maxLength: 3 }) })
  .map(({ rules, decisions, rewardRules }) => ({
    ...NEW_PROGRAM_SETTINGS,
    name: 'Friends',
    landingUrl: null,
    rules,
    decisions,
    rewardRules: rewardRules.map((rule, index) => ({ ...rule, id: `rwr_${String(index)}` })),
  }));

/** One thing that happens in the CRM, a day after the one before. */
type Happening =
  | { readonly what: 'stage'; readonly deal: number; readonly stage: string }
  | { readonly what: 'pipeline'; readonly deal: number; readonly pipeline: string }
  | { readonly what: 'share'; readonly deal: number; readonly sharing: Sharing }
  | { readonly what: 'value'; readonly on: string; readonly field: string; readonly value: string | null };

type Sharing = { readonly others: readonly string[]; readonly isFirst: boolean; readonly isPrimary: boolean | null };

const dealNumber = fc.constantFrom(0, 1);
const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('stage' as const),
      deal: dealNumber,
      stage: fc.constantFrom(...ANYWHERE),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('pipeline' as const),
      deal: dealNumber,
      pipeline: fc.constantFrom('default', 'default', 'renewals'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('share' as const),
      deal: dealNumber,
      sharing: fc.record({
        others: fc.constantFrom<readonly string[]>([], ['55'], ['55', '66']),
        isFirst: fc.boolean(),
        isPrimary: fc.constantFrom(true, false, null),
      }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.oneof(
      fc.record({
        what: fc.constant('value' as const),
        on: fc.constantFrom('101', '102', '31', '9000', '9001'),
        field: fc.constant('kind'),
        value: fc.constantFrom('lead', 'customer', 'fan;lead', 'Customer', null),
      }),
      fc.record({
        what: fc.constant('value' as const),
        on: fc.constantFrom('101', '102', '31', '9000', '9001'),
        field: fc.constantFrom('n', 'amount'),
        value: fc.constantFrom('0', '49.99', '50', '80', '1.25E3', '', null),
      }),
    ),
  },
);

type Drawn = {
  readonly happenings: readonly Happening[];
  /** Stages of which the CRM says when they were entered. */
  readonly dated: readonly string[];
  readonly contacts: number;
};

/**
 * What the records of one friend look like after each thing that happened since the referral began to count; what happened
 * before is in the first one.
 */
export const anyHistory = historyOf(fc.subarray([...ANYWHERE]));

/**
 * Where the CRM keeps the dates of every stage or of none. Of a deal that was in `after` before, went to `talk`, undated,
 * and on to a stage nobody knows, its last state says less than what was read on the way.
 */
export const anyEvenlyDatedHistory = historyOf(fc.constantFrom<readonly string[]>([], ANYWHERE));

function historyOf(dated: fc.Arbitrary<readonly string[]>): fc.Arbitrary<readonly Subject[]> {
  return fc
    .record({
      happenings: fc.array(anyHappening, { minLength: 2, maxLength: SINCE_DAY + 8 }),
      dated,
      contacts: fc.integer({ min: 0, max: 2 }),
    })
    .map(replay);
}

type Values = Record<string, string | null>;
type Held = { values: Map<string, Values>; modified: Map<string, number>; sharing: Map<number, Sharing> };

function replay(drawn: Drawn): Subject[] {
  const ids = [...['101', '102'].slice(0, drawn.contacts), '31', '9000', '9001'];
  const held: Held = {
    values: new Map(
      ids.map((id): [string, Values] => [id, id.startsWith('9') ? { dealstage: 'new', pipeline: 'default' } : {}]),
    ),
    modified: new Map(),
    sharing: new Map(),
  };
  // Half of what happened lies before the referral.
  const early = Math.min(SINCE_DAY - 1, Math.floor(drawn.happenings.length / 2));
  drawn.happenings.slice(0, early).forEach((one, index) => happen(held, one, { day: index + 1, dated: drawn.dated }));
  const before = new Map([...held.values].map(([id, values]) => [id, { ...values }]));
  const look = (): Subject => subjectOf(held, before, ids);
  return [
    look(),
    ...drawn.happenings.slice(early).map((one, index) => {
      happen(held, one, { day: SINCE_DAY + 1 + index, dated: drawn.dated });
      return look();
    }),
  ];
}

function happen(held: Held, one: Happening, { day, dated }: { day: number; dated: readonly string[] }): void {
  const id = one.what === 'value' ? one.on : `900${String(one.deal)}`;
  const values = held.values.get(id);
  if (!values) return;
  held.modified.set(id, day);
  if (one.what === 'share') held.sharing.set(one.deal, one.sharing);
  if (one.what === 'pipeline') values['pipeline'] = one.pipeline;
  if (one.what === 'value') values[one.field] = one.value;
  if (one.what !== 'stage' || values['dealstage'] === one.stage) return;
  values['dealstage'] = one.stage;
  if (dated.includes(one.stage)) values[stageEnteredField('dealstage', one.stage)] = dayText(day);
}

function subjectOf(held: Held, before: ReadonlyMap<string, Values>, ids: readonly string[]): Subject {
  const view = (id: string, objectType: RecordView['objectType']): RecordView => ({
    objectType,
    recordId: id,
    values: { ...held.values.get(id) },
    before: { ...before.get(id) },
    modifiedAt: dayText(held.modified.get(id) ?? 0),
  });
  const deal = (id: string): DealView => {
    const { others, isFirst, isPrimary } = held.sharing.get(Number(id.slice(-1))) ?? {
      others: [],
      isFirst: true,
      isPrimary: null,
    };
    const contactIds = ['101', ...others];
    return { ...view(id, 'deal'), contactIds, otherReferredContactIds: others, isFirst, isPrimary };
  };
  return {
    since: dayText(SINCE_DAY),
    contacts: ids.filter((id) => id.startsWith('1')).map((id) => view(id, 'contact')),
    companies: [view('31', 'company')],
    deals: ids.filter((id) => id.startsWith('9')).map(deal),
  };
}
