import { describe, expect, it } from 'vitest';
import {
  NEW_PROGRAM_SETTINGS,
  type ProgramDefinition,
  type QualificationRule,
} from '../../../shared/program-definition.ts';
import { checkDefinition } from '../../../backend/src/qualification/check-definition.ts';

const base = { id: 'rul_a', status: 'approved', enabled: true, priority: 100 } as const;
const contact: QualificationRule = { ...base, object: 'contact', field: 'score', operator: 'any_of', values: ['5'] };
const company: QualificationRule = { ...contact, object: 'company' };
const amount: QualificationRule = {
  ...base,
  object: 'deal',
  field: 'amount',
  operator: 'any_of',
  pipelineId: null,
  values: ['5'],
};
const stage: QualificationRule = {
  ...base,
  object: 'deal',
  field: 'dealstage',
  operator: 'any_of',
  pipelineId: 'default',
  values: ['closedwon'],
};

const good: ProgramDefinition = {
  ...NEW_PROGRAM_SETTINGS,
  name: 'Friends',
  landingUrl: null,
  rules: [stage],
  rewardRules: [],
};

function problems(input: Partial<ProgramDefinition>): string[] {
  const found = checkDefinition({ ...good, ...input });
  for (const { message, remedy } of found)
    expect([message, remedy]).toEqual([expect.stringMatching(/^\S.*\.$/), expect.stringMatching(/^[A-Z].*\.$/)]);
  return found.map(({ path, code }) => `${path} ${code}`);
}
const rule = (of: QualificationRule, more: object): string[] => problems({ rules: [{ ...of, ...more }] });

describe('every operator on every kind of property', () => {
  it.each<[string, QualificationRule, QualificationRule['operator'], string | null]>([
    ['contact', contact, 'any_of', null],
    ['contact', contact, 'at_least', null],
    ['contact', contact, 'at_or_after', 'operator_unfit'],
    ['company', company, 'any_of', null],
    ['company', company, 'at_least', null],
    ['company', company, 'at_or_after', 'operator_unfit'],
    ['deal', amount, 'any_of', null],
    ['deal', amount, 'at_least', null],
    ['deal', amount, 'at_or_after', 'operator_unfit'],
    ['stage', stage, 'any_of', null],
    ['stage', stage, 'at_least', 'operator_unfit'],
    ['stage', stage, 'at_or_after', null],
  ])('%s: %#', (_what, of, operator, code) => {
    expect(rule(of, { operator })).toEqual(code === null ? [] : [`rules.0.operator ${code}`]);
  });

  it.each([
    [
      'two stages for at_or_after',
      stage,
      { operator: 'at_or_after', values: ['a', 'b'] },
      'rules.0.values one_value_needed',
    ],
    [
      'two numbers for at_least',
      contact,
      { operator: 'at_least', values: ['1', '2'] },
      'rules.0.values one_value_needed',
    ],
    ['no value', contact, { operator: 'at_least', values: [] }, 'rules.0.values values_missing'],
    ['an empty value', contact, { operator: 'at_least', values: [' '] }, 'rules.0.values.0 value_empty'],
    ['a pipeline of another property', amount, { pipelineId: 'default' }, 'rules.0.pipelineId pipeline_not_allowed'],
    ['a stage without a pipeline', stage, { pipelineId: null }, 'rules.0.pipelineId pipeline_missing'],
    ['a field of ours on a company', company, { field: 'passalong_x' }, 'rules.0.field own_field'],
    ['a field of ours on a deal', amount, { field: 'passalong_referral_id' }, 'rules.0.field own_field'],
    ['the time of a stage', amount, { field: 'hs_v2_date_entered_closedwon' }, 'rules.0.field field_unfit'],
    ['no field', amount, { field: '' }, 'rules.0.field field_missing'],
  ] as const)('refuses %s', (_what, of, more, expected) => {
    expect(rule(of, more)).toEqual([expected]);
  });

  it.each(['5', '0', '-3', '12.50', '999999999999999.0000000001'])('takes %j as a number (RL-22, C8)', (value) => {
    expect(rule(contact, { operator: 'at_least', values: [value] })).toEqual([]);
  });

  it.each(['1,000', '1e3', '.5', '5.', 'five', '5 EUR', '٥', '0x10', '+5', '1234567890123456'])(
    'does not take %j as a number (RL-22, C8)',
    (value) => {
      expect(rule(contact, { operator: 'at_least', values: [value] })).toEqual(['rules.0.values.0 number_invalid']);
    },
  );
});

describe('the sale value of a percentage', () => {
  const reward = (object: 'contact' | 'deal') =>
    ({
      id: 'rwr_a',
      recipient: 'advocate',
      onStatus: 'approved',
      approval: 'manual',
      kind: 'percent',
      percent: '10',
      saleValue: { object, field: 'value' },
    }) as const;

  it.each<[string, QualificationRule, 'contact' | 'deal', boolean]>([
    ['a contact property', contact, 'contact', true],
    ['a contact property', contact, 'deal', false],
    ['a company property', company, 'contact', false],
    ['a company property', company, 'deal', false],
    ['a deal property', amount, 'contact', false],
    ['a deal property', amount, 'deal', true],
    ['a deal stage', stage, 'contact', false],
    ['a deal stage', stage, 'deal', true],
  ])('with %s giving the status: %s on the record %s (RF-44, RF-45, C10)', (_what, giving, object, isFine) => {
    const found = problems({ rules: [giving], rewardRules: [reward(object)] });
    expect(found).toEqual(isFine ? [] : ['rewardRules.0.saleValue.object sale_value_wrong_object']);
  });
});

describe('how a program decides and matches', () => {
  const { decisions, matching } = NEW_PROGRAM_SETTINGS;
  const decide = (more: object): string[] => problems({ decisions: { ...decisions, ...more } });
  const match = (more: object): string[] => problems({ matching: { ...matching, ...more } });
  const update = (field: string, to: string) => ({ object: 'deal', field, to });

  it('the primary contact needs a role that makes it so (E3)', () => {
    const missing = ['decisions.primaryRole primary_role_missing'];
    expect(decide({ severalContacts: 'primary' })).toEqual(missing);
    expect(decide({ severalContacts: 'primary', primaryRole: ' ' })).toEqual(missing);
    expect(decide({ severalContacts: 'primary', primaryRole: 'USER_DEFINED:36' })).toEqual([]);
    expect(decide({ severalContacts: 'review', primaryRole: 'USER_DEFINED:36' })).toEqual([]);
  });

  it('copied fields have keys of their own and are nobody else’s (RR-34)', () => {
    expect(decide({ fieldUpdates: [update('amount', 'value'), update('amount', 'again')] })).toEqual([]);
    expect(decide({ fieldUpdates: [update('amount', 'value'), update('closedate', 'value')] })).toEqual([
      'decisions.fieldUpdates.1.to duplicate_key',
    ]);
    expect(decide({ fieldUpdates: [update(' ', 'a'), update('passalong_referral_id', 'b')] })).toEqual([
      'decisions.fieldUpdates.0.field field_missing',
      'decisions.fieldUpdates.1.field own_field',
    ]);
  });

  it.each(['target', 'additional', 'member'] as const)(
    '%s fields are told apart and not ours (RR-35, RR-36)',
    (list) => {
      const line = (field: string) => ({
        object: 'contact',
        field,
        holds: list === 'member' ? 'advocate_code' : 'external_id',
      });
      expect(match({ [list]: [line('order_no'), line('other_no')] })).toEqual([]);
      expect(match({ [list]: [line('order_no'), line('order_no'), line('passalong_referral_id'), line('')] })).toEqual([
        `matching.${list}.1.field duplicate_field`,
        `matching.${list}.2.field own_field`,
        `matching.${list}.3.field field_missing`,
      ]);
    },
  );

  it('names match by more than half, and by a margin (E16, C12)', () => {
    const names = (threshold: number, margin: number, enabled = true) =>
      match({ names: { enabled, threshold, margin } });
    expect(names(0.9, 0.1)).toEqual([]);
    expect(names(0.5, 0.01)).toEqual([]);
    expect(names(0.49, 0)).toEqual([
      'matching.names.threshold threshold_too_low',
      'matching.names.margin margin_missing',
    ]);
    expect(names(0, 0, false)).toEqual([]);
  });
});
