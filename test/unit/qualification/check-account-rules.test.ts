import { describe, expect, it } from 'vitest';
import {
  NEW_PROGRAM_SETTINGS,
  type ProgramDefinition,
  type QualificationRule,
} from '../../../shared/program-definition.ts';
import type { FieldDescription, PipelineStage } from '../../../backend/src/crm/port.ts';
import { NOTHING_KNOWN, type AccountFacts } from '../../../backend/src/qualification/account-facts.ts';
import { accountNeeds, checkAccount } from '../../../backend/src/qualification/check-account.ts';
import { findAlarms } from '../../../backend/src/qualification/find-alarms.ts';
import { expandStages } from '../../../backend/src/qualification/stage-order.ts';

const stage = (id: string, label: string, order: number, lost = false): PipelineStage => ({
  id,
  label,
  order,
  won: label === 'Closed Won',
  lost,
});
const SALES = {
  id: 'default',
  label: 'Sales Pipeline',
  stages: [stage('open', 'Open', 0), stage('closedwon', 'Closed Won', 1), stage('closedlost', 'Closed Lost', 2, true)],
};
const RENEWALS = { id: '75030411', label: 'Renewals', stages: [stage('181022703', 'Closed Won', 0)] };
const TYPES = ['text', 'choice', 'boolean', 'number', 'date', 'datetime', 'other'] as const;
const fields: FieldDescription[] = TYPES.map((type) => ({
  name: `a_${type}`,
  label: `Our ${type}`,
  type,
  options: type === 'choice' ? [{ value: 'customer', label: 'A Customer' }] : [],
}));
const facts: AccountFacts = {
  pipelines: [SALES, RENEWALS],
  contactFields: fields,
  leadFields: null,
  companyFields: fields,
  dealFields: fields,
  contactRoles: [{ id: 'USER_DEFINED:36', label: 'Decision maker' }],
  owners: [],
};
const base = { id: 'rul_a', status: 'approved', enabled: true, priority: 100 } as const;

function property(
  object: QualificationRule['object'],
  type: string,
  more: Partial<QualificationRule> = {},
): QualificationRule {
  const values = type === 'choice' ? ['customer'] : ['5'];
  const rule = { ...base, object, field: `a_${type}`, operator: 'any_of', values, ...more };
  return (object === 'deal' ? { ...rule, pipelineId: null } : rule) as QualificationRule;
}
function onStage(more: object): QualificationRule {
  const plain = { operator: 'any_of', pipelineId: 'default', values: ['closedwon'] };
  return { ...base, object: 'deal', field: 'dealstage', ...plain, ...more } as QualificationRule;
}
function definition(input: Partial<ProgramDefinition>): ProgramDefinition {
  return { ...NEW_PROGRAM_SETTINGS, name: 'Friends', landingUrl: null, rules: [], rewardRules: [], ...input };
}
const check = (input: Partial<ProgramDefinition>, known = facts) => checkAccount(definition(input), known, 'hubspot');
const codes = (input: Partial<ProgramDefinition>): string[] => check(input).map(({ path, code }) => `${path} ${code}`);

describe.each(['contact', 'company', 'deal'] as const)('a rule on a %s', (object) => {
  it.each([
    ['text', true, false],
    ['choice', true, false],
    ['boolean', true, false],
    ['number', true, true],
    ['date', false, false],
    ['datetime', false, false],
    ['other', false, false],
  ])('on a property of the type %s (RF-27, C8)', (type, anyOf, atLeast) => {
    const refused = ['rules.0.field field_type_unsupported'];
    expect(codes({ rules: [property(object, type)] })).toEqual(anyOf ? [] : refused);
    expect(codes({ rules: [property(object, type, { operator: 'at_least', values: ['5'] })] })).toEqual(
      atLeast ? [] : refused,
    );
  });

  it('names a property and options the account has, by their internal names (RF-26, RR-46)', () => {
    expect(codes({ rules: [property(object, 'gone')] })).toEqual(['rules.0.field field_unknown']);
    expect(codes({ rules: [property(object, 'choice', { values: ['customer', 'x'] })] })).toEqual([
      'rules.0.values.1 option_unknown',
    ]);
    expect(codes({ rules: [property(object, 'number', { values: ['many'] })] })).toEqual([
      'rules.0.values.0 value_invalid',
    ]);
  });

  it('asks the account for properties of that kind only', () => {
    const { pipelines, ...asked } = accountNeeds(definition({ rules: [property(object, 'text')] }));
    expect(pipelines).toBe(false);
    expect(Object.entries(asked).filter(([, needed]) => needed)).toEqual([[`${object}Fields`, true]]);
  });
});

describe('a label instead of an id is refused with the id (E11, RR-46)', () => {
  it.each<[string, Partial<ProgramDefinition>, string]>([
    ['a stage', { rules: [onStage({ values: ['Closed Won'] })] }, 'closedwon instead'],
    ['a stage in another spelling', { rules: [onStage({ values: ['closed won'] })] }, 'closedwon instead'],
    ['a pipeline', { rules: [onStage({ pipelineId: 'renewals' })] }, '75030411 instead'],
    ['an option', { rules: [property('contact', 'choice', { values: ['A customer'] })] }, 'customer instead'],
    ['a property', { rules: [property('contact', 'text', { field: 'Our Text' })] }, 'a_text instead'],
    [
      'a role',
      { decisions: { ...NEW_PROGRAM_SETTINGS.decisions, severalContacts: 'primary', primaryRole: 'Decision maker' } },
      'USER_DEFINED:36 instead',
    ],
  ])('%s', (_what, input, remedy) => {
    const found = check(input);
    expect(found).toHaveLength(1);
    expect(found[0]?.remedy).toContain(remedy);
  });
});

describe('stages', () => {
  it('of two pipelines that both have a Closed Won are never confused (E11)', () => {
    const [found] = check({ rules: [onStage({ values: ['181022703'] })] });
    expect(found).toMatchObject({ path: 'rules.0.values.0', code: 'stage_unknown' });
    expect(found?.message).toBe(
      '181022703 (Closed Won) is a stage of the pipeline Renewals, not of the one the rule names.',
    );
    expect(found?.remedy).toContain('75030411');
  });

  it('that are lost begin nothing (RL-22)', () => {
    expect(codes({ rules: [onStage({ operator: 'at_or_after', values: ['closedlost'] })] })).toEqual([
      'rules.0.values.0 stage_lost',
    ]);
    expect(codes({ rules: [onStage({ values: ['closedlost'] })] })).toEqual([]);
  });
});

it.each([
  ['referral_id', ['text']],
  ['external_id', ['text', 'number']],
  ['friend_email', ['text']],
  ['friend_phone', ['text', 'number']],
  ['advocate_code', ['text']],
  ['advocate_link', ['text']],
  ['advocate_email', ['text']],
  ['advocate_external_id', ['text', 'number']],
] as const)('a property that holds %s is of the type %j (RR-35, RR-36)', (holds, fitting) => {
  const list = holds.startsWith('advocate') ? 'member' : 'target';
  const refused = (name: string): string[] =>
    codes({
      matching: { ...NEW_PROGRAM_SETTINGS.matching, [list]: [{ object: 'company', field: name, holds }] },
    });
  expect(TYPES.filter((type) => refused(`a_${type}`).length === 0)).toEqual(fitting);
  expect(refused('gone')).toEqual([`matching.${list}.0.field field_unknown`]);
});

describe('alarms (E11)', () => {
  const won = onStage({}) as Extract<QualificationRule, { object: 'deal' }>;
  const published = definition({
    rules: [
      { ...won, stages: expandStages({ ...won, field: 'dealstage', pipelineId: 'default' }, SALES) },
      property('contact', 'choice', { id: 'rul_b' }),
      property('company', 'gone', { id: 'rul_c', enabled: false }),
    ],
  });
  const alarms = (more: Partial<AccountFacts>): string[] =>
    findAlarms(published, { ...facts, ...more }).map(({ path, code }) => `${path} ${code}`);
  const salesWith = (stages: readonly PipelineStage[]) => ({ pipelines: [{ ...SALES, stages }, RENEWALS] });
  const contactsWith = (change: (field: FieldDescription) => FieldDescription | null) => ({
    contactFields: fields.flatMap((field) => change(field) ?? []),
  });
  const choiceWith = (more: Partial<FieldDescription>) =>
    contactsWith((field) => (field.type === 'choice' ? { ...field, ...more } : field));

  it.each<[string, Partial<AccountFacts>, string[]]>([
    ['nothing', {}, []],
    [
      'a stage went',
      salesWith(SALES.stages.filter(({ id }) => id !== 'closedwon')),
      ['rules.0.values.0 stage_unknown'],
    ],
    ['the pipeline went', { pipelines: [RENEWALS] }, ['rules.0.pipelineId pipeline_unknown']],
    [
      'an option went',
      choiceWith({ options: [{ value: 'lead', label: 'Lead' }] }),
      ['rules.1.values.0 option_unknown'],
    ],
    [
      'a property went',
      contactsWith((field) => (field.type === 'choice' ? null : field)),
      ['rules.1.field field_unknown'],
    ],
    ['a type changed', choiceWith({ type: 'date' }), ['rules.1.field field_type_unsupported']],
    [
      'a stage was added behind',
      salesWith([...SALES.stages, stage('paid', 'Paid', 9)]),
      ['rules.0.stages stages_outdated'],
    ],
    ['labels changed', choiceWith({ label: 'New', options: [{ value: 'customer', label: 'New' }] }), []],
    ['a stage was renamed', salesWith(SALES.stages.map((one) => ({ ...one, label: 'New' }))), []],
    ['nobody could say', NOTHING_KNOWN, []],
  ])('when %s', (_what, more, expected) => {
    expect(alarms(more)).toEqual(expected);
  });

  it('say what the rule goes on counting and what it would count', () => {
    const [found] = findAlarms(published, { ...facts, ...salesWith([...SALES.stages, stage('paid', 'Paid', 9)]) });
    expect(found?.message).toContain(
      'goes on counting a deal in Closed Won; by the order of today it would be Closed Won, Paid. ' +
        'A deal in Paid, which was added since, keeps what it reached before.',
    );
  });

  it('say that a stage in front was added, which changes nothing else (E11)', () => {
    const [found] = findAlarms(published, { ...facts, ...salesWith([...SALES.stages, stage('lead', 'Lead', -1)]) });
    expect(found?.message).toMatch(
      /goes on counting a deal in Closed Won\. A deal in Lead, which was added since, keeps what it reached before\.$/,
    );
  });
});
