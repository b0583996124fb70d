import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DECISION_DEFAULTS, type DecisionSettings } from '../../../shared/decision-settings.ts';
import type { QualificationRule } from '../../../shared/program-definition.ts';
import type { CrmName } from '../../../backend/src/crm/port.ts';
import { evaluateRules, verdictFromTrace } from '../../../backend/src/qualification/evaluate-rules.ts';
import type { RecordView, Subject } from '../../../backend/src/qualification/subject.ts';
import type { TraceFacts, Verdict } from '../../../backend/src/qualification/trace.ts';
import { contact, contactRule, deal, dealRule, subject } from './build.ts';

type Authority = DecisionSettings['authority'];
type Word = Authority['person'];

const EITHER: Authority = { person: 'either', company: 'either', deal: 'either' };
const SIGNALS = ['person', 'company', 'deal'] as const;
const CRMS = ['hubspot', 'salesforce'] as const;
const FIELD = { hubspot: 'tier', salesforce: 'Tier__c' } as const;
/** Of two that meet a rule the earlier one decides. */
const CHANGED = { hubspot: '2026-11-02T08:00:00.000Z', salesforce: '2026-11-02T09:00:00.000Z' } as const;
const IDS = { hubspot: '101', salesforce: '003000000000001AAA' } as const;

/** A rule on a property of that record, in the words of that CRM. */
function ruleOf(crm: CrmName, signal: (typeof SIGNALS)[number]): QualificationRule {
  const rule = contactRule({ id: `rul_${crm}`, status: 'approved', field: FIELD[crm], values: ['gold'] });
  if (signal === 'deal') return { ...rule, object: 'deal', pipelineId: null };
  return { ...rule, object: signal === 'company' ? 'company' : 'contact' };
}

function recordOf(crm: CrmName, value: string): RecordView {
  return contact({ [FIELD[crm]]: value }, { recordId: IDS[crm], crm, modifiedAt: CHANGED[crm] });
}

function subjectOf(signal: (typeof SIGNALS)[number], records: readonly RecordView[], authority?: Authority): Subject {
  const asDeal = (record: RecordView): Subject['deals'][number] => ({
    ...record,
    objectType: 'deal',
    contactIds: [],
    otherReferredContactIds: [],
  });
  return subject({
    ...(signal === 'person' && { contacts: records }),
    ...(signal === 'company' && {
      companies: records.map((record) => ({ ...record, objectType: 'company' as const })),
    }),
    ...(signal === 'deal' && { deals: records.map(asDeal) }),
    ...(authority && { authority }),
  });
}

describe.each(SIGNALS)('who is heard about a %s', (signal) => {
  /** authority, who has a record, whose record meets its rule → the CRM that decides, and what the other rule is told. */
  const TABLE: readonly [Word, readonly CrmName[], readonly CrmName[], CrmName | null, string | null][] = [
    ['either', ['hubspot'], ['hubspot'], 'hubspot', 'no_record'],
    ['either', ['salesforce'], ['salesforce'], 'salesforce', 'no_record'],
    ['either', CRMS, ['hubspot'], 'hubspot', 'value_differs'],
    ['either', CRMS, ['salesforce'], 'salesforce', 'value_differs'],
    ['either', CRMS, CRMS, 'hubspot', null],
    ['either', CRMS, [], null, 'value_differs'],
    ['either', [], [], null, 'no_record'],
    ['hubspot', ['hubspot'], ['hubspot'], 'hubspot', 'no_record'],
    ['hubspot', ['salesforce'], ['salesforce'], 'salesforce', 'no_record'],
    ['hubspot', CRMS, ['hubspot'], 'hubspot', 'value_differs'],
    ['hubspot', CRMS, ['salesforce'], null, 'other_crm_decides'],
    ['hubspot', CRMS, CRMS, 'hubspot', 'other_crm_decides'],
    ['hubspot', CRMS, [], null, 'value_differs'],
    ['salesforce', ['hubspot'], ['hubspot'], 'hubspot', 'no_record'],
    ['salesforce', ['salesforce'], ['salesforce'], 'salesforce', 'no_record'],
    ['salesforce', CRMS, ['hubspot'], null, 'other_crm_decides'],
    ['salesforce', CRMS, ['salesforce'], 'salesforce', 'value_differs'],
    ['salesforce', CRMS, CRMS, 'salesforce', 'other_crm_decides'],
    ['salesforce', CRMS, [], null, 'value_differs'],
  ];

  it.each(TABLE)('authority %s, records in %j, the rule met in %j: decided by %s, and %s (G4)', (...row) => {
    const [word, has, meets, decides, missing] = row;
    const records = has.map((crm) => recordOf(crm, meets.includes(crm) ? 'gold' : 'tin'));
    const authority = { ...EITHER, [signal]: word };
    const rules = CRMS.map((crm) => ruleOf(crm, signal));
    const verdict = evaluateRules({ rules, subject: subjectOf(signal, records, authority) });
    expect(verdict.status).toBe(decides === null ? 'pending' : 'approved');
    expect(verdict.decidingRuleId).toBe(decides && `rul_${decides}`);
    const silent = verdict.trace.filter(({ ruleId, passed }) => !passed && ruleId !== verdict.decidingRuleId);
    const misses = new Set(silent.map((step) => step.missing));
    expect(missing === null ? misses.size === 0 : misses.has(missing as never)).toBe(true);
    // What is overruled is told, with its record, so that a person sees why.
    const overruled = verdict.trace.flatMap(({ seen }) => seen).filter(({ overruledBy }) => overruledBy !== undefined);
    const expected = word !== 'either' && has.length === 2 ? [IDS[word === 'hubspot' ? 'salesforce' : 'hubspot']] : [];
    expect(overruled.map(({ recordId }) => recordId)).toEqual(expected);
  });

  it('the authority about something else changes nothing here (G4)', () => {
    const rules = CRMS.map((crm) => ruleOf(crm, signal));
    const records = CRMS.map((crm) => recordOf(crm, 'gold'));
    const others = SIGNALS.filter((other) => other !== signal);
    const authority = { ...EITHER, ...Object.fromEntries(others.map((other) => [other, 'salesforce'])) };
    expect(evaluateRules({ rules, subject: subjectOf(signal, records, authority) })).toEqual(
      evaluateRules({ rules, subject: subjectOf(signal, records) }),
    );
  });
});

it('a rule sees the records of its own CRM only, even where the other one has a field of that name (G4)', () => {
  const contacts = [contact({ Tier__c: 'gold' }, { recordId: '101', crm: 'hubspot' })];
  const verdict = evaluateRules({ rules: [ruleOf('salesforce', 'person')], subject: subject({ contacts }) });
  expect([verdict.status, verdict.trace[0]?.missing]).toEqual(['pending', 'no_record']);
});

it('a stage of Salesforce is met by where the opportunity stands and by where it has been (RF-31, RR-54)', () => {
  const rule = dealRule({ field: 'StageName', pipelineId: '012000000000000AAA', values: ['Closed Won'] });
  const won = { RecordTypeId: '012000000000000AAA', StageName: 'Closed Won' };
  const left = { ...won, StageName: 'Closed Lost', 'StageName.entered:Closed Won': '2026-11-02T09:00:00.000+0000' };
  const look = (values: RecordView['values']) => {
    const opportunity = {
      ...deal({ stage: null, values }),
      crm: 'salesforce' as const,
      recordId: '006000000000001AAA',
    };
    const { status, reachedAt, trace } = evaluateRules({ rules: [rule], subject: subject({ deals: [opportunity] }) });
    return [status, reachedAt, trace[0]?.missing];
  };
  expect(look(won)).toEqual(['approved', '2026-11-05T12:00:00.000Z', null]);
  expect(look(left)).toEqual(['approved', '2026-11-02T09:00:00.000Z', null]);
  expect(look({ ...won, RecordTypeId: '012000000000009AAA' })).toEqual(['pending', null, 'other_pipeline']);
});

describe('a lead', () => {
  const leadRule = contactRule({ id: 'rul_lead', field: 'Status', values: ['Working'] });
  const onLead: QualificationRule = { ...leadRule, object: 'lead' };
  const onContact = contactRule({ id: 'rul_contact', field: 'Status', values: ['Working'] });
  const person = (values: RecordView['values']) =>
    subject({ contacts: [contact({ Status: 'Working', 'Lead.Status': 'Working', ...values }, { crm: 'salesforce' })] });
  const met = (rule: QualificationRule, values: RecordView['values']) => {
    const { status, trace } = evaluateRules({ rules: [rule], subject: person(values) });
    return [status, trace[0]?.missing];
  };

  it.each<[string, RecordView['values'], readonly unknown[], readonly unknown[]]>([
    ['unconverted', { 'Lead.IsConverted': 'false' }, ['qualified', null], ['pending', 'no_record']],
    ['converted', { 'Lead.IsConverted': 'true' }, ['qualified', null], ['qualified', null]],
    [
      'converted and something else by now',
      { 'Lead.IsConverted': 'true', 'Lead.Status': 'Closed' },
      ['pending', 'value_differs'],
      ['qualified', null],
    ],
    [
      'never one, but a contact from the beginning',
      { 'Lead.IsConverted': null, 'Lead.Status': null },
      ['pending', 'no_record'],
      ['qualified', null],
    ],
  ])(
    'that is %s is seen by rules on leads and on contacts as what it is (RR-51, RR-52)',
    (_what, values, lead, plain) => {
      expect(met(onLead, values)).toEqual(lead);
      expect(met(onContact, values)).toEqual(plain);
    },
  );

  it('that a rule on leads decided by is told as a lead, and a contact of HubSpot is none (RR-51)', () => {
    const verdict = evaluateRules({ rules: [onLead], subject: person({ 'Lead.IsConverted': 'false' }) });
    expect(verdict.decidingRecord).toEqual({ objectType: 'lead', recordId: '101' });
    const inHubSpot = subject({ contacts: [contact({ status: 'Working' }, { crm: 'hubspot' })] });
    const lower = { ...onLead, field: 'status' };
    expect(evaluateRules({ rules: [lower], subject: inHubSpot }).trace[0]?.missing).toBe('no_record');
  });
});

const anyRecord = (crm: CrmName) =>
  fc
    .record({ value: fc.constantFrom('gold', 'tin'), lead: fc.constantFrom('true', 'false', null) })
    .map(({ value, lead }): RecordView => {
      const values: RecordView['values'] = crm === 'hubspot' ? {} : { 'Lead.IsConverted': lead, 'Lead.Tier__c': value };
      return contact({ [FIELD[crm]]: value, ...values }, { recordId: IDS[crm], crm });
    });
const anyWord = fc.constantFrom<Word>('either', 'hubspot', 'salesforce');

it('the verdict of two CRMs follows from the stored trace alone, and from no order of records (G1, RL-04)', () => {
  const anyCase = fc.record({
    hubspot: fc.option(anyRecord('hubspot')),
    salesforce: fc.option(anyRecord('salesforce')),
    authority: fc.record({ person: anyWord, company: anyWord, deal: anyWord }),
    signals: fc.subarray([...SIGNALS], { minLength: 1 }),
    onLeads: fc.boolean(),
  });
  fc.assert(
    fc.property(anyCase, ({ hubspot, salesforce, authority, signals, onLeads }) => {
      const records = [hubspot, salesforce].filter((record) => record !== null);
      const parts = signals.map((signal) => subjectOf(signal, records, authority));
      const whole = parts.reduce((all, part) => ({
        ...all,
        contacts: [...all.contacts, ...part.contacts],
        companies: [...(all.companies ?? []), ...(part.companies ?? [])],
        deals: [...all.deals, ...part.deals],
      }));
      const rules = signals.flatMap((signal) =>
        CRMS.map((crm): QualificationRule => ({ ...ruleOf(crm, signal), id: `rul_${crm}_${signal}` })),
      );
      if (onLeads) rules.push({ ...contactRule({ field: 'Tier__c', values: ['gold'] }), object: 'lead' });
      const settings = { ...DECISION_DEFAULTS, authority };
      const verdict = evaluateRules({ rules, settings, subject: whole });
      const facts = verdict.trace.map(
        ({ passed: _passed, missing: _missing, held: _held, ...rest }): TraceFacts => rest,
      );
      const stored = JSON.parse(JSON.stringify(facts)) as TraceFacts[];
      expect(verdictFromTrace({ rules, settings, trace: stored })).toEqual(verdict);
      const reversed: Subject = {
        ...whole,
        contacts: whole.contacts.toReversed(),
        companies: (whole.companies ?? []).toReversed(),
        deals: whole.deals.toReversed(),
      };
      expect(evaluateRules({ rules, settings, subject: reversed })).toEqual(verdict satisfies Verdict);
    }),
    { numRuns: 2_000 },
  );
});
