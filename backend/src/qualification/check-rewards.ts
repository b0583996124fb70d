import type {
  FixedRewardRule,
  PercentRewardRule,
  QualificationRule,
  RewardRule,
  SaleValueSource,
} from '../../../shared/program-definition.ts';
import { currencyExponent, isPercent, parseMoney } from '../rewards/money.ts';
import { isBlank, problem, type FieldProblem } from './check-problem.ts';

/** Whether a reward can be earned, and be reckoned, by the rules there are. */
export function checkReward(reward: RewardRule, path: string, rules: readonly QualificationRule[]): FieldProblem[] {
  const giving = rules.filter((rule) => rule.enabled && rule.status === reward.onStatus);
  const problems = reward.kind === 'fixed' ? checkFixed(reward, path) : checkPercent(reward, path, giving);
  if (giving.length > 0) return problems;
  const message = `The reward is for ${reward.onStatus} referrals, but no rule that is switched on gives that status.`;
  const remedy = `Switch on a rule that gives ${reward.onStatus}, or give the reward for another status.`;
  return [...problem(`${path}.onStatus`, 'status_never_given', { message, remedy }), ...problems];
}

function checkFixed({ amount, currency }: FixedRewardRule, path: string): FieldProblem[] {
  const decimals = currencyExponent(currency);
  if (decimals === null) {
    const message = `${currency === '' ? 'Nothing' : currency} is not a currency code in use.`;
    return problem(`${path}.currency`, 'currency_unknown', {
      message,
      remedy: 'Use a three-letter code in capitals, such as EUR.',
    });
  }
  const money = parseMoney({ text: amount, currency });
  if (!money.ok && money.reason === 'too_precise') {
    const message = `${currency} has ${decimals === 0 ? 'no' : String(decimals)} decimals, so ${amount} cannot be paid exactly.`;
    return problem(`${path}.amount`, 'amount_too_precise', { message, remedy: 'Write fewer decimals.' });
  }
  if (money.ok && money.amountMinor > 0n) return [];
  const remedy = 'Write digits with a point and no separators, such as 25 or 1250.50.';
  return problem(`${path}.amount`, 'amount_invalid', {
    message: 'The amount is not a sum of money above zero.',
    remedy,
  });
}

function checkPercent(reward: PercentRewardRule, path: string, giving: readonly QualificationRule[]): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!isPercent(reward.percent)) {
    const message = 'The percentage is not a number above 0 and at most 100 with at most four decimals.';
    problems.push(
      ...problem(`${path}.percent`, 'percent_invalid', {
        message,
        remedy: 'Write it like 10 or 12.5, without a sign.',
      }),
    );
  }
  return [...problems, ...checkSaleValue(reward.saleValue, path, giving)];
}

/** RF-44, RF-45: the value must come from the record that gives the status, or a reward would be taken from another sale. */
function checkSaleValue(
  saleValue: SaleValueSource | undefined,
  path: string,
  giving: readonly QualificationRule[],
): FieldProblem[] {
  if (saleValue === undefined || isBlank(saleValue.field)) {
    const message = 'A percentage needs a sale value to be taken from, and none is chosen.';
    return problem(`${path}.saleValue`, 'sale_value_missing', {
      message,
      remedy: 'Pick the property that holds the value of the sale.',
    });
  }
  const strange = giving.find((rule) => rule.object !== saleValue.object);
  if (!strange) return [];
  const message =
    `The sale value is read from the ${saleValue.object}, but a rule gives the status by ${METHODS[strange.object]}, ` +
    `and then nobody can say which ${saleValue.object === 'deal' ? 'deal' : 'contact value'} is the sale.`;
  const only = `let only rules on a ${saleValue.object} property${saleValue.object === 'deal' ? ' or stage' : ''} give this status`;
  const remedy =
    strange.object === 'company' || strange.object === 'lead'
      ? `Switch that rule to another status: ${only}.`
      : `Read the sale value from a ${strange.object} property, or ${only}.`;
  return problem(`${path}.saleValue.object`, 'sale_value_wrong_object', { message, remedy });
}

const METHODS: Readonly<Record<QualificationRule['object'], string>> = {
  contact: 'a contact property',
  lead: 'a lead property',
  company: 'a company property',
  deal: 'a deal',
};
