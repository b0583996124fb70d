import type { DealReward } from '../../../shared/card-view.ts';
import type { RewardReport } from '../../../shared/contracts/rewards.ts';
import type { RewardRule } from '../../../shared/program-definition.ts';
import type { Labels } from '../qualification/explain.ts';
import type { ExpectedReward } from '../rewards/expected-reward.ts';
import { formatMoney } from '../rewards/money.ts';
import { basisText, type BasisOfReward } from './reward-basis.ts';

export type DealRewardsInput = {
  /** What the ledger holds for the referral. */
  readonly ledger: readonly Pick<
    RewardReport,
    'rewardRuleId' | 'milestone' | 'state' | 'amount' | 'currency' | 'basis'
  >[];
  readonly expected: readonly ExpectedReward[];
  readonly advocateName: string;
  readonly labels: Labels;
};

/** The rewards of one referral: those of the ledger as they are, then what may still come. */
export function dealRewards({ ledger, expected, advocateName, labels }: DealRewardsInput): DealReward[] {
  const there = new Set(ledger.map(({ rewardRuleId, milestone }) => `${rewardRuleId}:${milestone}`));
  const to = `to ${advocateName}`;
  return [
    ...ledger.map(({ state, milestone, amount, currency, basis }): DealReward => ({
      state,
      milestone,
      amount: { amount, currency },
      text: `${basisText(basis as BasisOfReward, labels)}, ${to}, earned when ${milestone}`,
    })),
    ...expected
      .filter(({ rule }) => !there.has(`${rule.id}:${rule.onStatus}`))
      .map((reward): DealReward => ({
        state: 'expected',
        milestone: reward.rule.onStatus,
        amount: amountOf(reward),
        text: `${ruleText(reward.rule, labels)}, ${to}, ${whenText(reward)}`,
      })),
  ];
}

function amountOf({ earned }: ExpectedReward): DealReward['amount'] {
  return earned && { amount: formatMoney(earned.amountMinor, earned.currency), currency: earned.currency };
}

function ruleText(rule: RewardRule, labels: Labels): string {
  if (rule.kind === 'fixed') return basisText(rule, labels);
  const { kind, percent, saleValue } = rule;
  return basisText({ kind, percent, field: saleValue.field, record: { objectType: saleValue.object } }, labels);
}

function whenText(reward: ExpectedReward): string {
  const { rule, reached, because } = reward;
  const when = reached ? `now that the referral is ${rule.onStatus}` : `when ${rule.onStatus}`;
  if (because === null || rule.kind === 'fixed') return when;
  const { object } = rule.saleValue;
  if (because === 'sale_value_unreadable') return `${when}; the value on the ${object} cannot be read as one amount`;
  return `${when}; the amount is not known yet`;
}
