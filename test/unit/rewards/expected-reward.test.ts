import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DECISION_DEFAULTS } from '../../../shared/decision-settings.ts';
import type { QualificationRule, RewardRule } from '../../../shared/program-definition.ts';
import type { ReferralStatus } from '../../../shared/referral-status.ts';
import { evaluateRules } from '../../../backend/src/qualification/evaluate-rules.ts';
import { stageEnteredField } from '../../../shared/deal-words.ts';
import type { DealView, Subject } from '../../../backend/src/qualification/subject.ts';
import { applyVerdict } from '../../../backend/src/referrals/apply-verdict.ts';
import { earnedRewards, type EarnedReward } from '../../../backend/src/rewards/earned-rewards.ts';
import { expectedRewards, type ExpectedReward } from '../../../backend/src/rewards/expected-reward.ts';
import { contact, contactRule, deal, dealRule, subject } from '../qualification/build.ts';

const NOW = new Date('2026-11-20T10:00:00.000Z');
const LATER = '2026-12-01T10:00:00.000Z';
const DEAL = '9001';

const base = { recipient: 'advocate', onStatus: 'approved', approval: 'manual' } as const;
const tenth: RewardRule = {
  ...base,
  id: 'rwr_tenth',
  kind: 'percent',
  percent: '10',
  saleValue: { object: 'deal', field: 'amount' },
};
const early: RewardRule = {
  ...base,
  id: 'rwr_early',
  onStatus: 'qualified',
  kind: 'fixed',
  amount: '5',
  currency: 'EUR',
};

type World = {
  readonly rules: readonly QualificationRule[];
  readonly rewardRules: readonly RewardRule[];
  readonly subject: Subject;
  readonly status: ReferralStatus;
  readonly ledger: ReadonlyMap<string, EarnedReward>;
};

function expectedIn({ rules, rewardRules, ...world }: Omit<World, 'ledger'>): readonly ExpectedReward[] {
  const definition = { rules, rewardRules, decisions: DECISION_DEFAULTS };
  return expectedRewards({ ...world, definition, dealId: DEAL, workspaceCurrency: 'EUR', now: NOW });
}

/** What the loop does with what it reads: the ledger keeps the first amount of each rule. */
function decide(world: World): World {
  const verdict = evaluateRules(world);
  const outcome = applyVerdict({ current: world.status, verdict });
  const status = outcome.changed ? outcome.to : world.status;
  const { earned } = earnedRewards({ ...world, verdict, status, workspaceCurrency: 'EUR' });
  const fresh = earned.filter(({ rewardRuleId }) => !world.ledger.has(rewardRuleId));
  return {
    ...world,
    status,
    ledger: new Map([...world.ledger, ...fresh.map((one) => [one.rewardRuleId, one] as const)]),
  };
}

function move(world: World, rule: Extract<QualificationRule, { object: 'deal' }>, stage: string): World {
  const deals = world.subject.deals.map((one): DealView => {
    if (one.recordId !== DEAL) return one;
    const values = {
      ...one.values,
      pipeline: rule.pipelineId,
      dealstage: stage,
      [stageEnteredField('dealstage', stage)]: LATER,
    };
    return { ...one, values, modifiedAt: LATER };
  });
  return { ...world, subject: { ...world.subject, deals } };
}

const amount = fc.oneof(
  fc.constantFrom('', '0', '0.004', '-3', 'abc', '1.25E7', '99.995'),
  fc.tuple(fc.nat(5_000_000), fc.nat(999)).map(([whole, part]) => `${String(whole)}.${String(part)}`),
);
const money = fc.record({
  amount,
  amount_in_home_currency: amount,
  deal_currency_code: fc.constantFrom('', 'EUR', 'USD', 'JPY', 'eur', 'XXQ'),
  hs_tcv: amount,
});
const someDeal = (id: string) =>
  fc
    .record({
      stage: fc.constantFrom('new', 'demo', 'closedlost'),
      pipeline: fc.constantFrom('default', 'renewals'),
      values: money,
    })
    .map(({ stage, pipeline, values }) => deal({ id, stage, pipeline, values }));
const people = fc
  .array(fc.record({ contract_value: amount, lifecyclestage: fc.constantFrom('lead', 'customer') }), { maxLength: 2 })
  .map((all) => all.map((values, index) => contact(values, { recordId: String(501 + index) })));
const saleValue = fc.constantFrom(
  { object: 'deal', field: 'amount' } as const,
  { object: 'deal', field: 'hs_tcv' } as const,
  { object: 'contact', field: 'contract_value' } as const,
);
const status = fc.constantFrom('qualified' as const, 'approved' as const);
const rewardRule = fc.oneof(
  fc
    .record({ onStatus: status, amount: fc.nat(10_000).map(String), currency: fc.constantFrom('EUR', 'JPY') })
    .map((rule) => ({ ...base, ...rule, kind: 'fixed' as const })),
  fc
    .record({ onStatus: status, percent: fc.constantFrom('10', '12.5', '0.0001', '100'), saleValue })
    .map((rule) => ({ ...base, ...rule, kind: 'percent' as const })),
);
const rule = fc.oneof(
  fc
    .record({
      status,
      enabled: fc.boolean(),
      pipelineId: fc.constantFrom('default', 'renewals'),
      values: fc.constantFrom(['demo'], ['closedwon'], ['signed', 'closedwon']),
    })
    .map((given) => dealRule(given)),
  fc.record({ status, enabled: fc.boolean() }).map((given) => contactRule(given)),
);

const world = fc
  .record({
    rules: fc.array(rule, { minLength: 1, maxLength: 4 }),
    rewardRules: fc.array(rewardRule, { minLength: 1, maxLength: 4 }),
    deals: fc.tuple(someDeal(DEAL), fc.option(someDeal('9002'))),
    contacts: people,
  })
  .map(({ rules, rewardRules, deals: [own, other], contacts }): World => ({
    rules: rules.map((one, index) => ({ ...one, id: `rul_${String(index)}` })),
    rewardRules: rewardRules.map((one, index) => ({ ...one, id: `rwr_${String(index)}` })),
    subject: subject({ contacts, deals: other === null ? [own] : [own, other] }),
    status: 'pending',
    ledger: new Map(),
  }));

/** Where the deal goes: straight into one stage a rule names, or through several, in any order. */
const way = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { minLength: 1, maxLength: 3 });

describe('what a deal will pay', () => {
  it('is to the cent what the ledger holds once the deal stands there (RF-37, RL-19, E19)', () => {
    let compared = 0;
    fc.assert(
      fc.property(world, way, (start, steps) => {
        const present = decide(start);
        const promised = expectedIn(present);
        const dealRules = start.rules.filter((one) => one.object === 'deal').filter(({ enabled }) => enabled);
        let reached = present;
        for (const [which, value] of dealRules.length === 0 ? [] : steps) {
          const target = dealRules[which % dealRules.length] as (typeof dealRules)[number];
          reached = decide(move(reached, target, target.values[value % target.values.length] ?? ''));
        }
        for (const {
          rule: { id },
          earned,
        } of promised) {
          const held = reached.ledger.get(id);
          if (!held || present.ledger.has(id) || !earned) continue;
          compared += 1;
          expect([id, held.amountMinor, held.currency]).toEqual([id, earned.amountMinor, earned.currency]);
        }
      }),
      { numRuns: 3_000, seed: 19 },
    );
    expect(compared).toBeGreaterThan(500);
  });

  it('is named for both milestones of a deal that has reached none (RL-19)', () => {
    const rules = [dealRule({ id: 'rul_demo', status: 'qualified', values: ['demo'] }), dealRule()];
    const deals = [deal({ id: DEAL, stage: 'new', values: { amount: '4800', deal_currency_code: 'EUR' } })];
    const expected = expectedIn({ rules, rewardRules: [tenth, early], subject: subject({ deals }), status: 'pending' });
    expect(expected.map(({ rule: { id }, earned, reached }) => [id, earned?.amountMinor, reached])).toEqual([
      ['rwr_tenth', 48_000n, false],
      ['rwr_early', 500n, false],
    ]);
  });

  it('is nothing of which the amount is known while the deal has none (RL-19, E4)', () => {
    const deals = [deal({ id: DEAL, stage: 'new', values: { amount: '' } })];
    const [expected] = expectedIn({
      rules: [dealRule()],
      rewardRules: [tenth],
      subject: subject({ deals }),
      status: 'pending',
    });
    expect(expected).toMatchObject({ earned: null, because: 'sale_value_missing', reached: false });
  });

  it('is nothing where no rule leads to the milestone, or the rules that do are switched off (RL-19)', () => {
    const deals = [deal({ id: DEAL, stage: 'new', values: { amount: '4800' } })];
    const off = dealRule({ enabled: false });
    const expected = expectedIn({
      rules: [off],
      rewardRules: [tenth, early],
      subject: subject({ deals }),
      status: 'pending',
    });
    expect(expected).toEqual([]);
  });

  it('is not read from another deal where only a contact property approves (RL-19, E3)', () => {
    const deals = [
      deal({ id: DEAL, stage: 'new', values: { amount: '4800' } }),
      deal({ id: '9002', stage: 'demo', values: { amount: '1' } }),
    ];
    const rules = [
      dealRule({ id: 'rul_demo', status: 'qualified', values: ['demo'] }),
      contactRule({ id: 'rul_customer', status: 'approved' }),
    ];
    const expected = expectedIn({ rules, rewardRules: [tenth], subject: subject({ deals }), status: 'qualified' });
    expect(expected).toMatchObject([{ earned: null, because: 'sale_value_missing' }]);
  });
});
