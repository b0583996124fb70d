import { describe, expect, it } from 'vitest';
import type { FixedRewardRule, PercentRewardRule, QualificationRule } from '../../../shared/program-definition.ts';
import type { ReferralStatus } from '../../../shared/referral-status.ts';
import { evaluateRules } from '../../../backend/src/qualification/evaluate-rules.ts';
import type { Subject } from '../../../backend/src/qualification/subject.ts';
import { earnedRewards } from '../../../backend/src/rewards/earned-rewards.ts';
import { contact, contactRule, deal, dealRule, subject } from '../qualification/build.ts';

const base = { recipient: 'advocate', onStatus: 'approved', approval: 'manual' } as const;
const fixed: FixedRewardRule = { ...base, id: 'rwr_fixed', kind: 'fixed', amount: '25.00', currency: 'EUR' };
const percent: PercentRewardRule = {
  ...base,
  id: 'rwr_percent',
  kind: 'percent',
  percent: '12.5',
  saleValue: { object: 'deal', field: 'amount' },
};
const early = { ...fixed, id: 'rwr_early', onStatus: 'qualified', amount: '5' } as const;

type Case = {
  readonly rules?: readonly QualificationRule[];
  readonly rewardRules?: readonly (FixedRewardRule | PercentRewardRule)[];
  readonly subject: Subject;
  readonly status?: ReferralStatus;
};

function earn(input: Case): ReturnType<typeof earnedRewards> {
  const verdict = evaluateRules({ rules: input.rules ?? [dealRule()], subject: input.subject });
  return earnedRewards({
    rewardRules: input.rewardRules ?? [percent],
    status: input.status ?? verdict.status,
    verdict,
    subject: input.subject,
    workspaceCurrency: 'EUR',
  });
}

function wonDeal(values: Readonly<Record<string, string | null>>, id = '9001'): Subject['deals'][number] {
  return deal({ id, stage: 'closedwon', values });
}

describe('which rewards are earned', () => {
  it.each<[ReferralStatus, readonly string[]]>([
    ['pending', []],
    ['denied', []],
    ['qualified', ['rwr_early']],
    ['approved', ['rwr_fixed', 'rwr_early']],
  ])('a %s referral has earned %j, for approved implies qualified (RF-37, RL-04, C18)', (status, ids) => {
    const { earned, waiting } = earn({ status, rewardRules: [fixed, early], subject: subject({}) });
    expect(earned.map((reward) => reward.rewardRuleId)).toEqual(ids);
    expect(waiting).toEqual([]);
  });

  it('a fixed reward is its amount in its own currency (RF-37, E19)', () => {
    const { earned } = earn({
      status: 'qualified',
      rewardRules: [{ ...early, currency: 'JPY' }],
      subject: subject({}),
    });
    expect(earned).toEqual([
      {
        rewardRuleId: 'rwr_early',
        recipient: 'advocate',
        milestone: 'qualified',
        amountMinor: 5n,
        currency: 'JPY',
        approval: 'manual',
        basis: { kind: 'fixed', amount: '5', currency: 'JPY' },
      },
    ]);
  });

  it('a fixed amount that could never be published is refused aloud (E19)', () => {
    const rewardRules = [{ ...fixed, amount: 'a lot' }];
    expect(() => earn({ status: 'approved', rewardRules, subject: subject({}) })).toThrow(RangeError);
  });
});

describe('a percentage of a deal', () => {
  it('is taken from the deal that decided and says how (RF-42, RF-43, RF-44)', () => {
    const deals = [wonDeal({ amount: '1000.50' }), deal({ id: '8000', stage: 'open', values: { amount: '7' } })];
    const { earned } = earn({ subject: subject({ deals }) });
    expect(earned).toEqual([
      {
        rewardRuleId: 'rwr_percent',
        recipient: 'advocate',
        milestone: 'approved',
        amountMinor: 12506n,
        currency: 'EUR',
        approval: 'manual',
        basis: {
          kind: 'percent',
          percent: '12.5',
          saleValue: '1000.50',
          record: { objectType: 'deal', recordId: '9001' },
          field: 'amount',
          currency: 'EUR',
          rounded: false,
        },
      },
    ]);
    expect(JSON.parse(JSON.stringify(earned[0]?.basis))).toEqual(earned[0]?.basis);
  });

  it.each<[string, Readonly<Record<string, string | null>>, string]>([
    ['not there yet', {}, 'sale_value_missing'],
    ['null', { amount: null }, 'sale_value_missing'],
    ['blank', { amount: ' ' }, 'sale_value_missing'],
    ['still zero', { amount: '0.00' }, 'sale_value_missing'],
    [
      'emptied while the home amount lags',
      { amount: '', deal_currency_code: 'USD', amount_in_home_currency: '9' },
      'sale_value_missing',
    ],
    ['text', { amount: 'about 500' }, 'sale_value_unreadable'],
    ['negative', { amount: '-5' }, 'sale_value_unreadable'],
    ['in an unknown currency', { amount: '5', deal_currency_code: 'COIN' }, 'sale_value_unreadable'],
  ])('waits while the sale value is %s, and is neither zero nor dropped (E4, RF-42)', (_case, values, because) => {
    const { earned, waiting } = earn({ rewardRules: [percent, fixed], subject: subject({ deals: [wonDeal(values)] }) });
    expect(waiting).toEqual([{ rewardRuleId: 'rwr_percent', milestone: 'approved', because }]);
    expect(earned.map((reward) => reward.rewardRuleId)).toEqual(['rwr_fixed']);
  });

  it('is earned as soon as the value has arrived (E4)', () => {
    const before = earn({ subject: subject({ deals: [wonDeal({ amount: null })] }) });
    const after = earn({ subject: subject({ deals: [wonDeal({ amount: '80' })] }) });
    expect([before.earned.length, after.earned[0]?.amountMinor, after.waiting.length]).toEqual([0, 1000n, 0]);
  });

  it('waits when a person approved and no deal has decided, rather than taking some deal (E3, E4)', () => {
    const deals = [deal({ stage: 'open', values: { amount: '500' } })];
    const { earned, waiting } = earn({ status: 'approved', subject: subject({ deals }) });
    expect([earned.length, waiting[0]?.because]).toEqual([0, 'sale_value_missing']);
  });

  it.each<[string, Readonly<Record<string, string | null>>, bigint, string, string]>([
    ['the workspace’s when the deal names none', { amount: '80', deal_currency_code: '' }, 1000n, 'EUR', 'amount'],
    ['the deal’s own', { amount: '80', deal_currency_code: 'jpy ' }, 10n, 'JPY', 'amount'],
    [
      'the workspace’s where the CRM has converted the amount',
      { amount: '80', deal_currency_code: 'USD', amount_in_home_currency: '72.004' },
      900n,
      'EUR',
      'amount_in_home_currency',
    ],
    [
      'the deal’s when it is the workspace’s, converted or not',
      { amount: '80', deal_currency_code: 'EUR', amount_in_home_currency: '72' },
      1000n,
      'EUR',
      'amount',
    ],
  ])('is paid in %s (E19, RF-43)', (_case, values, amountMinor, currency, field) => {
    const { earned } = earn({ subject: subject({ deals: [wonDeal(values)] }) });
    expect(earned[0]).toMatchObject({ amountMinor, currency, basis: { field, currency } });
  });

  it('is not converted when the sale value is another field than the amount (E19, RF-42)', () => {
    const rule = { ...percent, saleValue: { object: 'deal', field: 'margin' } } as const;
    const values = { margin: '40', amount: '80', deal_currency_code: 'USD', amount_in_home_currency: '72' };
    const { earned } = earn({ rewardRules: [rule], subject: subject({ deals: [wonDeal(values)] }) });
    expect(earned[0]).toMatchObject({ amountMinor: 500n, currency: 'USD', basis: { field: 'margin' } });
  });

  it('says when the sale value had more decimals than the currency (E19)', () => {
    const { earned } = earn({ subject: subject({ deals: [wonDeal({ amount: '10.005' })] }) });
    expect(earned[0]).toMatchObject({ amountMinor: 125n, basis: { saleValue: '10.005', rounded: true } });
  });

  it('is the same whether approved was reached in two steps or in one jump (C18, RF-44)', () => {
    const rules = [dealRule({ id: 'rul_signed', status: 'qualified', values: ['signed'] }), dealRule()];
    const onQualified = { ...percent, onStatus: 'qualified' } as const;
    const signed = deal({ id: '1', stage: 'signed', values: { amount: '100' } });
    const won = wonDeal({ amount: '900' }, '2');
    const step = earn({ rules, rewardRules: [onQualified], subject: subject({ deals: [signed] }) });
    const jump = earn({ rules, rewardRules: [onQualified], subject: subject({ deals: [won, signed] }) });
    expect(jump.earned).toEqual(step.earned);
    const only = earn({ rules, rewardRules: [onQualified], subject: subject({ deals: [won] }) });
    expect(only.earned[0]).toMatchObject({ milestone: 'qualified', amountMinor: 11250n });
  });
});

describe('a percentage of an opportunity', () => {
  const stageRule = dealRule({ field: 'StageName', pipelineId: '012000000000000AAA', values: ['Closed Won'] });
  const inSalesforce = { ...percent, saleValue: { object: 'deal', field: 'Amount' } } as const;
  const opportunity = (values: Readonly<Record<string, string | null>>): Subject['deals'][number] => ({
    ...deal({ stage: null, values: { RecordTypeId: '012000000000000AAA', StageName: 'Closed Won', ...values } }),
    crm: 'salesforce',
  });
  const inHubSpot = (values: Readonly<Record<string, string | null>>): Subject['deals'][number] => ({
    ...wonDeal(values),
    crm: 'hubspot',
  });

  it.each<[string, PercentRewardRule, Readonly<Record<string, string | null>>, bigint, string, string]>([
    ['in an org of one currency', inSalesforce, { Amount: '80' }, 1000n, 'EUR', 'Amount'],
    [
      'in the home currency',
      inSalesforce,
      { Amount: '80', CurrencyIsoCode: 'EUR', 'Amount.home': '80' },
      1000n,
      'EUR',
      'Amount',
    ],
    [
      'in another currency, converted by the org’s own rate',
      inSalesforce,
      { Amount: '80', CurrencyIsoCode: 'USD', 'Amount.home': '72.004' },
      900n,
      'EUR',
      'Amount.home',
    ],
    [
      'in another currency without a rate',
      inSalesforce,
      { Amount: '80', CurrencyIsoCode: 'JPY' },
      10n,
      'JPY',
      'Amount',
    ],
    ['named in HubSpot’s words', percent, { Amount: '80', amount: '1' }, 1000n, 'EUR', 'Amount'],
    [
      'named in HubSpot’s words and in another currency',
      percent,
      { Amount: '80', CurrencyIsoCode: 'USD', 'Amount.home': '72' },
      900n,
      'EUR',
      'Amount.home',
    ],
  ])('%s is taken from the amount (RF-42, RF-43, E19)', (_how, rule, values, amountMinor, currency, field) => {
    const { earned } = earn({
      rules: [stageRule],
      rewardRules: [rule],
      subject: subject({ deals: [opportunity(values)] }),
    });
    expect(earned[0]).toMatchObject({ amountMinor, currency, basis: { field, currency } });
  });

  it('waits for the amount whoever’s words name it, and never takes the other CRM’s deal (E4, RF-42)', () => {
    const deals = [opportunity({ Amount: null }), { ...inHubSpot({ amount: '500' }), recordId: '7000' }];
    const { earned, waiting } = earn({ rules: [stageRule], rewardRules: [percent], subject: subject({ deals }) });
    expect([earned, waiting[0]?.because]).toEqual([[], 'sale_value_missing']);
  });

  it('is the same for a HubSpot deal that Salesforce’s words name the amount of (RF-42)', () => {
    const deals = [inHubSpot({ amount: '80', deal_currency_code: 'USD', amount_in_home_currency: '72' })];
    const { earned } = earn({ rewardRules: [inSalesforce], subject: subject({ deals }) });
    expect(earned[0]).toMatchObject({
      amountMinor: 900n,
      currency: 'EUR',
      basis: { field: 'amount_in_home_currency' },
    });
  });

  it('of a field of one’s own is missing on a deal of the other CRM, which has no such field (RF-42, E4)', () => {
    const rule = { ...percent, saleValue: { object: 'deal', field: 'Margin__c' } } as const;
    const { waiting } = earn({ rewardRules: [rule], subject: subject({ deals: [inHubSpot({ amount: '80' })] }) });
    expect(waiting[0]?.because).toBe('sale_value_missing');
  });
});

describe('a percentage of a contact’s value', () => {
  const rules = [contactRule({ status: 'approved' })];
  const rewardRules = [{ ...percent, saleValue: { object: 'contact', field: 'order_value' } } as const];
  const person = (recordId: string, stage: string, value: string | null): Subject['contacts'][number] =>
    contact({ lifecyclestage: stage, order_value: value }, { recordId });

  it('is taken from the contact that decided (RF-42, RF-45)', () => {
    const contacts = [person('1', 'lead', '999'), person('2', 'customer', '80')];
    const { earned } = earn({ rules, rewardRules, subject: subject({ contacts }) });
    expect(earned[0]).toMatchObject({ amountMinor: 1000n, currency: 'EUR', basis: { record: { recordId: '2' } } });
  });

  it('is taken from the friend’s contact when a person or a deal decided (RF-45)', () => {
    const contacts = [person('1', 'lead', '80')];
    const byPerson = earn({ rules, rewardRules, status: 'approved', subject: subject({ contacts }) });
    const byDeal = earn({ rewardRules, subject: subject({ contacts, deals: [wonDeal({ amount: '5' })] }) });
    expect([byPerson.earned[0]?.amountMinor, byDeal.earned[0]?.amountMinor]).toEqual([1000n, 1000n]);
  });

  it('waits when it is missing, or when the friend’s contacts disagree (E3, E4)', () => {
    const because = (...contacts: Subject['contacts']): string | undefined =>
      earn({ rules, rewardRules, status: 'approved', subject: subject({ contacts }) }).waiting[0]?.because;
    expect(because(person('1', 'customer', null))).toBe('sale_value_missing');
    expect(because()).toBe('sale_value_missing');
    expect(because(person('1', 'lead', '80'), person('2', 'lead', '81'))).toBe('sale_value_unreadable');
    expect(because(person('1', 'lead', '80'), person('2', 'lead', '80.00'))).toBeUndefined();
  });
});
