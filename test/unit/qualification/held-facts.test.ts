import { describe, expect, it } from 'vitest';
import {
  DECISION_DEFAULTS,
  type AlreadyMetPolicy,
  type SeveralContactsPolicy,
} from '../../../shared/decision-settings.ts';
import type { QualificationRule } from '../../../shared/program-definition.ts';
import { evaluateRules, heldStatusOf } from '../../../backend/src/qualification/evaluate-rules.ts';
import { askingRule } from '../../../backend/src/qualification/look-at.ts';
import type { Subject } from '../../../backend/src/qualification/subject.ts';
import { NO_ANSWERS, questionKey, type Answer, type MissingReason } from '../../../backend/src/qualification/trace.ts';
import { contact, contactRule, deal, dealRule, subject, type DealInput } from './build.ts';

const WON = '2026-11-03T08:00:00.000Z';
const SINCE = '2026-11-04T00:00:00.000Z';
const AFTER = '2026-11-05T08:00:00.000Z';

type Sharing = 'alone' | 'shared first' | 'shared later' | 'primary' | 'not primary' | 'nobody primary';
type Word = 'met' | 'held' | MissingReason;

const SHARINGS: Readonly<Record<Sharing, Partial<DealInput>>> = {
  alone: { isFirst: true },
  'shared first': { others: ['55'], isFirst: true },
  'shared later': { others: ['55'], isFirst: false },
  primary: { others: ['55'], isFirst: false, isPrimary: true },
  'not primary': { others: ['55'], isFirst: true, isPrimary: false },
  'nobody primary': { others: ['55'], isFirst: true, isPrimary: null },
};

describe('whose deal it is', () => {
  const read = (severalContacts: SeveralContactsPolicy, sharing: Sharing, answers = NO_ANSWERS): Word => {
    const deals = [deal({ stage: 'closedwon', ...SHARINGS[sharing] })];
    const settings = { ...DECISION_DEFAULTS, severalContacts };
    const { trace, question } = evaluateRules({ rules: [dealRule()], settings, subject: subject({ deals }), answers });
    if (question !== null) expect(question.key).toBe('several_referred_contacts:deal:9001');
    return question === null ? (trace[0]?.missing ?? 'met') : 'held';
  };
  const several = 'several_referred_contacts';

  it.each<[SeveralContactsPolicy, Sharing, Word]>([
    ['review', 'alone', 'met'],
    ['review', 'shared first', 'held'],
    ['review', 'shared later', 'held'],
    ['review', 'primary', 'held'],
    ['review', 'not primary', 'held'],
    ['review', 'nobody primary', 'held'],
    ['exactly_one', 'alone', 'met'],
    ['exactly_one', 'shared first', several],
    ['exactly_one', 'shared later', several],
    ['exactly_one', 'primary', several],
    ['exactly_one', 'not primary', several],
    ['exactly_one', 'nobody primary', several],
    ['first_attribution', 'alone', 'met'],
    ['first_attribution', 'shared first', 'met'],
    ['first_attribution', 'shared later', 'earlier_attribution'],
    ['first_attribution', 'primary', 'earlier_attribution'],
    ['first_attribution', 'not primary', 'met'],
    ['first_attribution', 'nobody primary', 'met'],
    ['primary', 'alone', 'met'],
    ['primary', 'shared first', 'held'],
    ['primary', 'shared later', 'held'],
    ['primary', 'primary', 'met'],
    ['primary', 'not primary', 'not_primary'],
    ['primary', 'nobody primary', 'held'],
  ])('by the policy %s, %s: %s (E3, G12)', (policy, sharing, expected) => {
    expect(read(policy, sharing)).toBe(expected);
  });

  it('is what a person said it is, whatever the policy (E3, E28)', () => {
    const key = 'several_referred_contacts:deal:9001';
    for (const policy of ['review', 'exactly_one', 'first_attribution', 'primary'] as const) {
      for (const sharing of Object.keys(SHARINGS) as Sharing[]) {
        expect(read(policy, sharing, new Map([[key, 'counts']]))).toBe('met');
        expect(read(policy, sharing, new Map([[key, 'does_not_count']]))).toBe('rejected_by_person');
      }
    }
  });

  it('asks when it is not known who was first (E3)', () => {
    const settings = { ...DECISION_DEFAULTS, severalContacts: 'first_attribution' as const };
    const deals = [deal({ stage: 'closedwon', others: ['55'] })];
    const verdict = evaluateRules({ rules: [dealRule()], settings, subject: subject({ deals }) });
    expect(verdict.question?.kind).toBe(several);
  });
});

type When = 'before' | 'after' | 'unknown';

describe('what was so already', () => {
  const stage = (when: When): Subject =>
    subject({
      since: when === 'unknown' ? null : SINCE,
      deals: [deal({ stage: 'closedwon', entered: { closedwon: when === 'before' ? WON : AFTER } })],
    });
  const property = (when: When): Subject =>
    subject({
      since: SINCE,
      contacts: [
        contact(
          { lifecyclestage: 'customer' },
          when === 'unknown' ? {} : { before: { lifecyclestage: when === 'before' ? 'customer' : 'lead' } },
        ),
      ],
    });
  const cases = [
    ['stage', stage, dealRule(), 'already_there:rul_won:da5999dd:deal:9001'],
    ['property', property, contactRule(), 'already_there:rul_customer:604213eb:contact:101'],
  ] as const;
  const read = (
    [, make, rule, key]: (typeof cases)[number],
    alreadyMet: AlreadyMetPolicy,
    { when, answer }: { when: When; answer: Answer | null },
  ): Word => {
    const answers = answer === null ? NO_ANSWERS : new Map([[key, answer]]);
    const settings = { ...DECISION_DEFAULTS, alreadyMet };
    const { trace, question } = evaluateRules({ rules: [rule], settings, subject: make(when), answers });
    if (question !== null) expect(question.key).toBe(key);
    return question === null ? (trace[0]?.missing ?? 'met') : 'held';
  };

  it.each<[AlreadyMetPolicy, When, Answer | null, Word]>([
    ['review', 'before', null, 'held'],
    ['review', 'before', 'counts', 'met'],
    ['review', 'before', 'does_not_count', 'rejected_by_person'],
    ['ignore', 'before', null, 'already_there'],
    ['ignore', 'before', 'counts', 'met'],
    ['ignore', 'before', 'does_not_count', 'rejected_by_person'],
    ['qualify', 'before', null, 'met'],
    ['qualify', 'before', 'counts', 'met'],
    ['qualify', 'before', 'does_not_count', 'met'],
    ['review', 'after', null, 'met'],
    ['review', 'after', 'does_not_count', 'met'],
    ['ignore', 'after', null, 'met'],
    ['ignore', 'after', 'does_not_count', 'met'],
    ['qualify', 'after', null, 'met'],
    ['review', 'unknown', null, 'met'],
    ['review', 'unknown', 'does_not_count', 'met'],
    ['ignore', 'unknown', null, 'met'],
    ['qualify', 'unknown', null, 'met'],
  ])('by the policy %s, met %s, answered %s: %s (E12)', (policy, when, answer, expected) => {
    for (const one of cases) expect([one[0], read(one, policy, { when, answer })]).toEqual([one[0], expected]);
  });

  it.each<[string, Partial<DealInput>, boolean]>([
    ['in the stage then, and the CRM does not say since when', { before: { dealstage: 'closedwon' } }, true],
    ['in another stage then, and the CRM does not say since when', { before: { dealstage: 'open' } }, false],
    ['not there then', { before: null }, false],
    ['entered in that very moment', { entered: { closedwon: SINCE } }, false],
    [
      'in the stage then and again since, after it was left',
      { before: { dealstage: 'closedwon' }, entered: { closedwon: AFTER } },
      false,
    ],
    [
      'in the stage then, by a time that cannot be read',
      { before: { dealstage: ' closedwon' }, entered: { closedwon: 'soon' } },
      true,
    ],
  ])('a deal %s (E12)', (_what, given, held) => {
    const all = subject({ since: SINCE, deals: [deal({ stage: 'closedwon', ...given })] });
    expect(evaluateRules({ rules: [dealRule()], subject: all }).question !== null).toBe(held);
  });

  it('a deal that met an ordered rule before has only gone on when it enters a later stage (E12, RL-22)', () => {
    const stages = { reached: ['talk', 'closedwon'], kept: ['talk', 'closedwon'] };
    const rule = dealRule({ operator: 'at_or_after', values: ['talk'], stages });
    const read = (given: Partial<DealInput>): boolean => {
      const one = deal({ stage: 'closedwon', ...given, entered: { closedwon: AFTER, ...given.entered } });
      return evaluateRules({ rules: [rule], subject: subject({ since: SINCE, deals: [one] }) }).question !== null;
    };
    expect(read({ before: { dealstage: 'talk' }, entered: { talk: WON } })).toBe(true);
    expect(read({ entered: { talk: WON } })).toBe(true);
    expect(read({ before: { dealstage: 'new' }, entered: { talk: AFTER } })).toBe(false);
    expect(read({ before: { dealstage: 'new' } })).toBe(false);
  });

  it('is told from the referral where it lies before that or the rules are as they were (E12, RL-03)', () => {
    const stages = { reached: ['talk', 'closedwon'], kept: ['talk', 'closedwon'] };
    const rule = dealRule({ operator: 'at_or_after', values: ['talk'], stages });
    const given = deal({ stage: 'closedwon', before: { dealstage: 'talk' }, entered: { talk: WON, closedwon: AFTER } });
    const read = (referredAt?: string): unknown[] => {
      const { trace } = evaluateRules({
        rules: [rule],
        subject: subject({ since: SINCE, deals: [given], ...(referredAt && { referredAt }) }),
      });
      return trace[0]?.seen.map(({ value, heldBefore }) => [value, heldBefore]) ?? [];
    };
    expect(read()).toEqual([
      ['talk', 'referral'],
      ['closedwon', 'referral'],
    ]);
    expect(read(SINCE)).toEqual(read());
    expect(read(WON)).toEqual([
      ['talk', 'rules'],
      ['closedwon', 'rules'],
    ]);
    expect(read('2026-11-03T12:00:00.000Z')).toEqual([
      ['talk', 'referral'],
      ['closedwon', 'rules'],
    ]);
  });

  it('a property that met the rule by another of its values was so already (E12)', () => {
    const rule = contactRule({ operator: 'at_least', field: 'seats', values: ['10'] });
    const read = (before: string): boolean => {
      const contacts = [contact({ seats: '20' }, { before: { seats: before } })];
      return evaluateRules({ rules: [rule], subject: subject({ since: SINCE, contacts }) }).question !== null;
    };
    expect([read('12'), read('9'), read('')]).toEqual([true, false, false]);
  });
});

describe('an answer about what was there before', () => {
  const sale = dealRule({ values: ['closedwon', 'upsold'] });
  const asked = (rule: QualificationRule): string =>
    questionKey('already_there', askingRule(rule), { objectType: 'deal', recordId: '9001' });

  it.each<[string, QualificationRule]>([
    ['gives another status', { ...sale, status: 'qualified' }],
    ['counts more values', { ...sale, values: ['closedwon', 'upsold', 'open'] }],
    ['counts fewer values', { ...sale, values: ['closedwon'] }],
    ['counts all that comes after', { ...sale, operator: 'at_or_after' }],
    ['is about another pipeline', { ...sale, pipelineId: 'renewals' }],
    ['is about another field', { ...contactRule({ values: sale.values }), id: sale.id, status: sale.status }],
  ])('is asked for anew by a rule that kept its id and %s (E12, E29)', (_what, edited) => {
    expect(asked(edited)).not.toBe(asked(sale));
  });

  it('stands while the rule says the same in another order, or is tried at another priority (E12, E28)', () => {
    expect(asked({ ...sale, values: ['upsold', 'closedwon'] })).toBe(asked(sale));
    expect(asked({ ...sale, priority: 1 })).toBe(asked(sale));
  });

  it('does not pay for the past by a rule that was edited since (E12, E29)', () => {
    const contacts = [contact({ kind: 'fan' }, { before: { kind: 'fan' } })];
    const fan = contactRule({ field: 'kind', values: ['fan'] });
    const all = subject({ since: SINCE, contacts });
    const { question } = evaluateRules({ rules: [fan], subject: all });
    const answers = new Map([[question?.key ?? '', 'counts' as const]]);
    expect(evaluateRules({ rules: [fan], subject: all, answers }).status).toBe('qualified');
    const raised = { ...fan, status: 'approved' as const };
    const verdict = evaluateRules({ rules: [raised], subject: all, answers });
    expect([verdict.status, verdict.question?.status]).toEqual(['pending', 'approved']);
  });
});

describe('a deal that is shared and was won before', () => {
  const deals = [deal({ stage: 'closedwon', entered: { closedwon: WON }, others: ['55'] })];
  const all = subject({ since: SINCE, deals });
  const rules: readonly QualificationRule[] = [dealRule()];
  const [shared, before] = ['several_referred_contacts:deal:9001', 'already_there:rul_won:da5999dd:deal:9001'];

  it('is asked about once for each, whose it is first (E3, E12)', () => {
    const ask = (...given: [string, Answer][]): string | null => {
      const verdict = evaluateRules({ rules, subject: all, answers: new Map(given) });
      return verdict.question?.key ?? verdict.status;
    };
    expect(ask()).toBe(shared);
    expect(ask([shared, 'counts'])).toBe(before);
    expect(ask([shared, 'counts'], [before, 'counts'])).toBe('approved');
    expect(ask([shared, 'does_not_count'])).toBe('pending');
    expect(ask([shared, 'counts'], [before, 'does_not_count'])).toBe('pending');
  });

  it('is not asked about where it does not count anyway (E3, E12)', () => {
    const settings = { ...DECISION_DEFAULTS, alreadyMet: 'ignore' as const };
    const ignored = evaluateRules({ rules, settings, subject: all });
    expect([ignored.question, ignored.trace[0]?.missing]).toEqual([null, 'already_there']);
    const answers = new Map([[before, 'does_not_count' as const]]);
    const rejected = evaluateRules({ rules, subject: all, answers });
    expect([rejected.question, rejected.trace[0]?.missing]).toEqual([null, 'rejected_by_person']);
  });

  it('keeps a status only by having been there before, not while it is asked whose it is (E3, E12)', () => {
    const held = (recordId: string, ...given: [string, Answer][]): string => {
      const { trace } = evaluateRules({ rules, subject: all, answers: new Map(given) });
      return heldStatusOf({ objectType: 'deal', recordId }, { rules, trace });
    };
    expect(held('9001')).toBe('pending');
    expect(held('9001', [shared, 'counts'])).toBe('approved');
    expect(held('9001', [shared, 'counts'], [before, 'counts'])).toBe('approved');
    expect(held('9001', [shared, 'counts'], [before, 'does_not_count'])).toBe('pending');
    expect(held('9002', [shared, 'counts'])).toBe('pending');
  });
});
