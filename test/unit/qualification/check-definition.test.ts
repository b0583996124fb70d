import { describe, expect, it } from 'vitest';
import {
  NEW_PROGRAM_SETTINGS,
  type FixedRewardRule,
  type PercentRewardRule,
  type ProgramDefinition,
  type RewardRule,
} from '../../../shared/program-definition.ts';
import { checkDefinition, PUBLISH_ONLY_CODES } from '../../../backend/src/qualification/check-definition.ts';
import { contactRule, dealRule } from './build.ts';

const fixed: FixedRewardRule = {
  id: 'rwr_fixed',
  recipient: 'advocate',
  onStatus: 'approved',
  approval: 'manual',
  kind: 'fixed',
  amount: '25.00',
  currency: 'EUR',
};
const percent: PercentRewardRule = {
  id: 'rwr_percent',
  recipient: 'advocate',
  onStatus: 'approved',
  approval: 'manual',
  kind: 'percent',
  percent: '12.5',
  saleValue: { object: 'deal', field: 'amount' },
};
const good: ProgramDefinition = {
  ...NEW_PROGRAM_SETTINGS,
  name: 'Friends',
  landingUrl: 'https://example.com/welcome?a=b',
  rules: [contactRule(), dealRule()],
  rewardRules: [fixed, percent],
};

function problems(input: Partial<ProgramDefinition>): string[] {
  return checkDefinition({ ...good, ...input }).map(({ path, code }) => `${path} ${code}`);
}

function rewardProblems(...rewardRules: readonly RewardRule[]): string[] {
  return problems({ rewardRules });
}

it('accepts a definition that can be published (RF-42, RF-43)', () => {
  expect(checkDefinition(good)).toEqual([]);
  expect(problems({ rewardRules: [] })).toEqual([]);
});

it('explains every problem in words with a remedy (RF-44)', () => {
  const bad = {
    ...NEW_PROGRAM_SETTINGS,
    name: ' ',
    landingUrl: 'x',
    rules: [],
    rewardRules: [{ ...percent, percent: '0' }],
  };
  const found = checkDefinition(bad);
  expect(found.length).toBeGreaterThan(3);
  for (const { message, remedy } of found) {
    expect(message).toMatch(/^[A-Z].*\.$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  }
});

describe('the sale value of a percentage', () => {
  const customer = contactRule({ status: 'approved' });
  const fromContact: PercentRewardRule = { ...percent, saleValue: { object: 'contact', field: 'order_value' } };
  const wrong = ['rewardRules.0.saleValue.object sale_value_wrong_object'];

  it('may be a deal property only when deal stages give the status (RF-44, C10)', () => {
    expect(problems({ rules: [customer], rewardRules: [percent] })).toEqual(wrong);
    expect(problems({ rules: [dealRule(), customer], rewardRules: [percent] })).toEqual(wrong);
    expect(problems({ rules: [dealRule(), { ...customer, enabled: false }], rewardRules: [percent] })).toEqual([]);
    expect(problems({ rules: [dealRule(), contactRule()], rewardRules: [percent] })).toEqual([]);
  });

  it('may be a contact property only when contact properties give the status (RF-45, C10)', () => {
    expect(problems({ rules: [customer], rewardRules: [fromContact] })).toEqual([]);
    expect(problems({ rules: [dealRule()], rewardRules: [fromContact] })).toEqual(wrong);
  });

  it('is explained in plain words when it is refused (RF-44, RF-45)', () => {
    const [dealValue] = checkDefinition({ ...good, rules: [customer], rewardRules: [percent] });
    expect(dealValue?.message).toBe(
      'The sale value is read from the deal, but a rule gives the status by a contact property, and then nobody can say which deal is the sale.',
    );
    expect(dealValue?.remedy).toBe(
      'Read the sale value from a contact property, or let only rules on a deal property or stage give this status.',
    );
    const [contactValue] = checkDefinition({ ...good, rules: [dealRule()], rewardRules: [fromContact] });
    expect(contactValue?.message).toContain('a rule gives the status by a deal,');
    expect(contactValue?.remedy).toContain('from a deal property, or let only rules on a contact property');
  });

  it('has to be chosen (RF-42)', () => {
    const { saleValue: _saleValue, ...without } = percent;
    expect(rewardProblems(without as PercentRewardRule)).toEqual(['rewardRules.0.saleValue sale_value_missing']);
    expect(rewardProblems({ ...percent, saleValue: { object: 'deal', field: ' ' } })).toEqual([
      'rewardRules.0.saleValue sale_value_missing',
    ]);
  });
});

it.each(['', '0', '0.0000', '-5', '100.0001', '101', '12.34567', '1e1', '12,5', ' 10', '+5', 'ten', '10%'])(
  'refuses %j as a percentage (RF-42, E19)',
  (text) => {
    expect(rewardProblems({ ...percent, percent: text })).toEqual(['rewardRules.0.percent percent_invalid']);
  },
);

it.each(['100', '100.0000', '0.0001', '12.5', '7'])('accepts %j as a percentage (RF-42)', (text) => {
  expect(rewardProblems({ ...percent, percent: text })).toEqual([]);
});

it.each<[string, string, string | null]>([
  ['25', 'EUR', null],
  ['25.5', 'EUR', null],
  ['1000', 'JPY', null],
  ['1.125', 'BHD', null],
  ['25.005', 'EUR', 'amount amount_too_precise'],
  ['25.00', 'JPY', 'amount amount_too_precise'],
  ['0', 'EUR', 'amount amount_invalid'],
  ['0.00', 'EUR', 'amount amount_invalid'],
  ['-5', 'EUR', 'amount amount_invalid'],
  ['', 'EUR', 'amount amount_invalid'],
  ['1,250.50', 'EUR', 'amount amount_invalid'],
  ['25', 'EUX', 'currency currency_unknown'],
  ['25', 'eur', 'currency currency_unknown'],
  ['25', '', 'currency currency_unknown'],
])('judges a fixed reward of %j %s (E19)', (amount, currency, problem) => {
  const expected = problem === null ? [] : [`rewardRules.0.${problem}`];
  expect(rewardProblems({ ...fixed, amount, currency })).toEqual(expected);
});

it('wants a rule that is switched on, for every status a reward is given on (RL-04, C18)', () => {
  const off = [dealRule({ enabled: false })];
  expect(problems({ rules: off, rewardRules: [] })).toEqual(['rules no_enabled_rule']);
  expect(problems({ rules: [contactRule()], rewardRules: [fixed] })).toEqual([
    'rewardRules.0.onStatus status_never_given',
  ]);
  expect(
    problems({ rules: [], rewardRules: [fixed] }).every((text) => PUBLISH_ONLY_CODES.has(text.split(' ')[1] ?? '')),
  ).toBe(true);
});

it('wants ids that are there and differ within their list (RF-37)', () => {
  expect(problems({ rules: [dealRule(), dealRule()] })).toEqual(['rules.1.id duplicate_id']);
  expect(rewardProblems(fixed, { ...fixed, amount: '5' })).toEqual(['rewardRules.1.id duplicate_id']);
  expect(problems({ rules: [dealRule({ id: '' }), contactRule()] })).toEqual(['rules.0.id id_missing']);
  expect(problems({ rules: [dealRule({ id: 'same' })], rewardRules: [{ ...fixed, id: 'same' }] })).toEqual([]);
});

it('wants values, a property and a pipeline in every rule (RF-25, RF-29, RF-31)', () => {
  const rewardRules: RewardRule[] = [];
  expect(problems({ rewardRules, rules: [contactRule({ values: [] })] })).toEqual(['rules.0.values values_missing']);
  expect(problems({ rewardRules, rules: [contactRule({ values: ['a', ' '] })] })).toEqual([
    'rules.0.values.1 value_empty',
  ]);
  expect(problems({ rewardRules, rules: [dealRule({ pipelineId: '' })] })).toEqual([
    'rules.0.pipelineId pipeline_missing',
  ]);
  expect(problems({ rewardRules, rules: [contactRule({ field: '' })] })).toEqual(['rules.0.field field_missing']);
});

it('refuses a rule on a property that Passalong writes itself (RF-26)', () => {
  for (const field of ['passalong_referral_status', 'Referral_Status__c']) {
    expect(problems({ rules: [contactRule({ field }), dealRule()] })).toEqual(['rules.0.field own_field']);
  }
});

it.each([
  '',
  'example.com',
  '//example.com',
  'ftp://example.com',
  'https://',
  'https:/x',
  'javascript:alert(1)',
  'https://a b.c',
])('refuses %j as a landing page (RL-03)', (landingUrl) => {
  expect(problems({ landingUrl })).toEqual(['landingUrl landing_url_invalid']);
});

it('accepts absolute web addresses as a landing page (RL-03)', () => {
  for (const landingUrl of [
    'http://localhost:3000',
    'https://münchen.example/willkommen',
    'HTTPS://EXAMPLE.COM/?x=1#y',
  ]) {
    expect(problems({ landingUrl })).toEqual([]);
  }
});
