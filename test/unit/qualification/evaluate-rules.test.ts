import { describe, expect, it } from 'vitest';
import { evaluateRules } from '../../../backend/src/qualification/evaluate-rules.ts';
import { stageEnteredField } from '../../../shared/deal-words.ts';
import { MAX_SEEN, type MissingReason } from '../../../backend/src/qualification/trace.ts';
import type { DealView, RecordView } from '../../../backend/src/qualification/subject.ts';
import { contact, contactRule, deal, dealRule, subject } from './build.ts';

const WON = '2026-11-03T08:00:00.000Z';
const LATER = '2026-11-04T08:00:00.000Z';

describe('a rule on a contact property', () => {
  const read = (value: string | null, values: readonly string[] = ['customer']) =>
    evaluateRules({
      rules: [contactRule({ values })],
      subject: subject({ contacts: [contact({ lifecyclestage: value })] }),
    });

  it.each<[string, string | null, readonly string[]]>([
    ['the wanted value', 'customer', ['customer']],
    ['one of several wanted values', 'evangelist', ['customer', 'evangelist']],
    ['the value between spaces', '  customer\n', ['customer']],
    ['the value as one part of a multi-select', 'lead; customer ;other', ['customer']],
    ['a text that itself holds a semicolon', 'a;b', ['a;b']],
  ])('is met by %s (RF-23, RF-25, E11)', (_case, value, values) => {
    const verdict = read(value, values);
    expect(verdict).toMatchObject({
      status: 'qualified',
      decidingRuleId: 'rul_customer',
      decidingRecord: { objectType: 'contact', recordId: '101' },
      reachedAt: '2026-11-02T09:00:00.000Z',
      heldStatus: 'qualified',
      question: null,
    });
    expect(verdict.trace[0]).toMatchObject({ passed: true, missing: null });
  });

  it.each<[string, string | null, MissingReason]>([
    ['another value', 'lead', 'value_differs'],
    ['an empty value', '', 'value_differs'],
    ['no value', null, 'value_differs'],
    ['a value that only contains the wanted one', 'customers', 'value_differs'],
    ['a value in other case', 'Customer', 'nearly'],
    ['a value with a space inside', 'custo mer', 'nearly'],
    ['a part in other case', 'lead;CUSTOMER', 'nearly'],
  ])('is not met by %s, and the trace says so (E11, RF-25)', (_case, value, missing) => {
    const verdict = read(value);
    expect(verdict).toMatchObject({ status: 'pending', decidingRuleId: null, decidingRecord: null, reachedAt: null });
    expect(verdict.trace[0]).toMatchObject({ passed: false, missing });
    expect(verdict.trace[0]?.seen[0]?.value).toBe(value);
  });

  it('reads a custom property like a standard one, whatever it is called (RF-26)', () => {
    for (const field of ['c_stage__c', 'constructor', '__proto__']) {
      const rules = [contactRule({ field })];
      const without = evaluateRules({ rules, subject: subject({ contacts: [contact({})] }) });
      const values = Object.fromEntries([[field, 'customer']]);
      const withValue = evaluateRules({ rules, subject: subject({ contacts: [contact(values)] }) });
      expect([without.status, withValue.status]).toEqual(['pending', 'qualified']);
    }
  });

  it('is met by any of the friend’s contact records and says when there is none (RF-23)', () => {
    const contacts = [
      contact({ lifecyclestage: 'lead' }),
      contact({ lifecyclestage: 'customer' }, { recordId: '102' }),
    ];
    const met = evaluateRules({ rules: [contactRule()], subject: subject({ contacts }) });
    expect(met.decidingRecord).toEqual({ objectType: 'contact', recordId: '102' });
    const none = evaluateRules({ rules: [contactRule()], subject: subject({}) });
    expect(none.trace[0]).toMatchObject({ seen: [], passed: false, missing: 'no_record' });
  });
});

describe('a rule on a deal stage', () => {
  const read = (deals: readonly DealView[], values = ['closedwon']) =>
    evaluateRules({ rules: [dealRule({ values })], subject: subject({ deals }) });

  it('is met by a deal standing in the stage, since the CRM says it entered it (RF-29, RF-31)', () => {
    const verdict = read([deal({ stage: 'closedwon', entered: { closedwon: WON } })]);
    expect(verdict).toMatchObject({ status: 'approved', reachedAt: WON, decidingRecord: { recordId: '9001' } });
    expect(verdict.trace[0]?.seen).toEqual([
      {
        objectType: 'deal',
        recordId: '9001',
        value: 'closedwon',
        source: 'current_value',
        at: '2026-11-05T12:00:00.000Z',
        enteredAt: WON,
        pipelineId: 'default',
      },
    ]);
  });

  it('takes the last change as the time when the CRM does not say when the stage was entered (RF-31)', () => {
    const unknown: readonly Readonly<Record<string, string>>[] = [{}, { closedwon: '' }, { closedwon: 'yesterday' }];
    for (const entered of unknown) {
      const verdict = read([deal({ stage: 'closedwon', entered, modifiedAt: LATER })]);
      expect(verdict).toMatchObject({ status: 'approved', reachedAt: LATER });
    }
  });

  it('is met by a deal that was won and lost between two reads, and the trace says which it saw (RF-31, RL-04)', () => {
    const verdict = read([deal({ stage: 'closedlost', entered: { closedwon: String(Date.parse(WON)) } })]);
    expect(verdict).toMatchObject({ status: 'approved', reachedAt: WON });
    expect(verdict.trace[0]?.seen).toMatchObject([
      { value: 'closedwon', source: 'stage_entered', enteredAt: WON },
      { value: 'closedlost', source: 'current_value' },
    ]);
  });

  it('asks the CRM for the time a stage was entered by one name (RF-31)', () => {
    expect(stageEnteredField('dealstage', 'closedwon')).toBe('hs_v2_date_entered_closedwon');
    expect(stageEnteredField('dealstage', ' 987 ')).toBe('hs_v2_date_entered_987');
  });

  it.each<[string, DealView, MissingReason]>([
    ['in another stage', deal({ stage: 'open' }), 'value_differs'],
    ['without a stage', deal({ stage: null }), 'value_differs'],
    ['in the same stage of another pipeline', deal({ stage: 'closedwon', pipeline: 'renewals' }), 'other_pipeline'],
    ['without a pipeline', deal({ stage: 'closedwon', pipeline: null }), 'other_pipeline'],
    [
      'once won in another pipeline',
      deal({ stage: 'x', pipeline: 'p', entered: { closedwon: WON } }),
      'other_pipeline',
    ],
    ['in a stage that differs by case', deal({ stage: 'ClosedWon' }), 'nearly'],
    ['shared with another referred person', deal({ stage: 'closedwon', others: ['55'] }), 'several_referred_contacts'],
  ])('is not met by a deal %s (RF-29, E11, E3)', (_case, view, missing) => {
    const verdict = read([view]);
    expect(verdict.status).toBe('pending');
    expect(verdict.trace[0]).toMatchObject({ passed: false, missing });
  });

  it('names the nearest miss of several deals (E11)', () => {
    const elsewhere = deal({ id: '1', stage: 'closedwon', pipeline: 'renewals' });
    const differs = deal({ id: '2', stage: 'open' });
    const nearly = deal({ id: '3', stage: 'CLOSEDWON' });
    expect(read([elsewhere, differs]).trace[0]?.missing).toBe('value_differs');
    expect(read([elsewhere, differs, nearly]).trace[0]?.missing).toBe('nearly');
  });

  it('lets the earliest of several won deals decide, and the lower id when they are equal (E3)', () => {
    const late = deal({ id: '1', stage: 'closedwon', entered: { closedwon: LATER } });
    const early = deal({ id: '3', stage: 'closedwon', entered: { closedwon: WON } });
    const equal = deal({ id: '2', stage: 'open', entered: { closedwon: WON } });
    expect(read([late, early]).decidingRecord?.recordId).toBe('3');
    expect(read([late, early, equal]).decidingRecord?.recordId).toBe('2');
  });

  it('dates a deal by the first wanted stage it entered (RF-31)', () => {
    const moved = deal({ stage: 'closedwon', entered: { closedwon: LATER, signed: WON } });
    expect(read([moved], ['closedwon', 'signed']).reachedAt).toBe(WON);
  });

  it('keeps the deciding deal in the trace however many there are (E3)', () => {
    const open = Array.from({ length: 40 }, (_, index) => deal({ id: String(100 + index), stage: 'open' }));
    const verdict = read([...open, deal({ id: '999', stage: 'closedwon' })]);
    expect(verdict.trace[0]?.seen).toHaveLength(MAX_SEEN);
    expect(verdict.trace[0]?.seen[0]?.recordId).toBe('999');
  });
});

describe('several rules', () => {
  const customer = contact({ lifecyclestage: 'customer' });
  const won = deal({ stage: 'closedwon' });
  const shared = deal({ id: '9002', stage: 'closedwon', others: ['66', '55'] });
  const rules = [contactRule(), dealRule()];

  it('give the highest status that any of them gives, in whatever order they stand (RL-03)', () => {
    const both = subject({ contacts: [customer], deals: [won] });
    expect(evaluateRules({ rules, subject: both })).toMatchObject({ status: 'approved', decidingRuleId: 'rul_won' });
    const reversed = evaluateRules({ rules: rules.toReversed(), subject: both });
    expect(reversed).toMatchObject({ status: 'approved', decidingRuleId: 'rul_won' });
  });

  it('are traced one by one in their order, and a disabled one is not tried (RL-03, RL-04)', () => {
    const disabled = dealRule({ id: 'rul_off', enabled: false });
    const verdict = evaluateRules({
      rules: [disabled, ...rules],
      subject: subject({ contacts: [customer], deals: [won] }),
    });
    expect(verdict.trace.map((step) => step.ruleId)).toEqual(['rul_customer', 'rul_won']);
    expect(verdict.trace[1]).toMatchObject({
      status: 'approved',
      object: 'deal',
      field: 'dealstage',
      operator: 'any_of',
      wanted: ['closedwon'],
      pipelineId: 'default',
    });
    expect(evaluateRules({ rules: [disabled], subject: subject({ deals: [won] }) }).status).toBe('pending');
  });

  it.each<[string, readonly RecordView[], readonly DealView[], string, boolean]>([
    ['a shared deal alone', [], [shared], 'pending', true],
    ['a shared deal and a lower rule', [customer], [shared], 'qualified', true],
    ['a shared deal and one that is the friend’s own', [], [shared, won], 'approved', false],
    ['a shared deal that has not got there', [], [deal({ stage: 'open', others: ['55'] })], 'pending', false],
  ])('ask for review when %s would have decided (E3)', (_case, contacts, deals, status, review) => {
    const verdict = evaluateRules({ rules, subject: { contacts, deals } });
    expect(verdict.status).toBe(status);
    expect(verdict.question?.kind ?? null).toBe(review ? 'several_referred_contacts' : null);
  });

  it('name the other referred people of a shared deal in the trace (E3)', () => {
    const verdict = evaluateRules({ rules, subject: subject({ deals: [shared] }) });
    expect(verdict.trace[1]?.seen[0]?.otherReferredContactIds).toEqual(['55', '66']);
    expect(verdict.decidingRecord).toBeNull();
  });

  it('leave a friend pending when there are none (RL-04)', () => {
    expect(evaluateRules({ rules: [], subject: subject({ deals: [won] }) })).toEqual({
      status: 'pending',
      heldStatus: 'pending',
      decidingRuleId: null,
      decidingRecord: null,
      reachedAt: null,
      question: null,
      trace: [],
    });
  });
});
