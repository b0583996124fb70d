import type {
  FixedRewardRule,
  PercentRewardRule,
  ProgramDefinition,
  QualificationRule,
  RewardRule,
  SaleValueSource,
} from '../../../shared/program-definition.ts';
import { currencyExponent, isPercent, parseMoney } from '../rewards/money.ts';
import { checkCapture } from './check-capture.ts';
import { checkEnrolment } from './check-enrolment.ts';
import { checkPage } from './check-page.ts';
import { isBlank, isOwnField, problem, type FieldProblem } from './check-problem.ts';

/** Problems that a draft may still have; every other one is refused when saving, too. */
export const PUBLISH_ONLY_CODES: ReadonlySet<string> = new Set(['no_enabled_rule', 'status_never_given']);

/** Everything that keeps a definition of the right shape from being published; empty when it may be. In reading order. */
export function checkDefinition(definition: ProgramDefinition): readonly FieldProblem[] {
  const { rules, rewardRules } = definition;
  return [
    ...checkName(definition.name),
    ...checkLandingUrl(definition.landingUrl),
    ...(rules.some(({ enabled }) => enabled) ? [] : [NO_ENABLED_RULE]),
    ...checkIds('rules', rules),
    ...rules.flatMap((rule, index) => checkRule(rule, `rules.${String(index)}`)),
    ...checkIds('rewardRules', rewardRules),
    ...rewardRules.flatMap((reward, index) => checkReward(reward, `rewardRules.${String(index)}`, rules)),
    ...checkEnrolment(definition),
    ...checkCapture(definition),
    ...checkPage(definition),
  ];
}

const NO_ENABLED_RULE: FieldProblem = {
  path: 'rules',
  code: 'no_enabled_rule',
  message: 'No rule is switched on, so no referral could ever qualify.',
  remedy: 'Add a rule, or switch one on.',
};

function checkName(name: string): FieldProblem[] {
  if (!isBlank(name)) return [];
  return problem('name', 'name_missing', {
    message: 'The program has no name.',
    remedy: 'Give it the name your colleagues will see.',
  });
}

/** No credentials and no control characters: the address goes into a redirect header as it is. */
function isPlainUrl(text: string): boolean {
  return (
    !/[\s\p{Cc}]/u.test(text) && URL.canParse(text) && new URL(text).username === '' && new URL(text).password === ''
  );
}

function checkLandingUrl(landingUrl: string | null): FieldProblem[] {
  if (landingUrl === null) return [];
  if (/^https?:\/\/[^\s/]/i.test(landingUrl) && isPlainUrl(landingUrl)) return [];
  const message = 'The landing page is not a complete web address.';
  return problem('landingUrl', 'landing_url_invalid', {
    message,
    remedy: 'Write it in full, such as https://www.example.com/welcome.',
  });
}

function checkIds(list: 'rules' | 'rewardRules', items: readonly { readonly id: string }[]): FieldProblem[] {
  return items.flatMap(({ id }, index) => {
    const path = `${list}.${String(index)}.id`;
    if (isBlank(id))
      return problem(path, 'id_missing', {
        message: 'This rule has no id.',
        remedy: 'Give it an id that never changes.',
      });
    if (items.findIndex((item) => item.id === id) === index) return [];
    return problem(path, 'duplicate_id', {
      message: `Two rules have the id ${id}.`,
      remedy: 'Give each rule an id of its own.',
    });
  });
}

function checkRule(rule: QualificationRule, path: string): FieldProblem[] {
  const problems = rule.values.flatMap((value, index) => {
    const remedy = 'Pick a value from the list or remove it.';
    return isBlank(value)
      ? problem(`${path}.values.${String(index)}`, 'value_empty', { message: 'This value is empty.', remedy })
      : [];
  });
  if (rule.values.length === 0) {
    const remedy = 'Pick at least one value that means success.';
    problems.push(
      ...problem(`${path}.values`, 'values_missing', {
        message: 'The rule has no values, so nothing meets it.',
        remedy,
      }),
    );
  }
  if (rule.object === 'deal' && isBlank(rule.pipelineId)) {
    const message = 'The rule does not say which pipeline its stages belong to.';
    problems.push(...problem(`${path}.pipelineId`, 'pipeline_missing', { message, remedy: 'Pick the pipeline.' }));
  }
  if (rule.object === 'contact') problems.push(...checkRuleField(rule.field, `${path}.field`));
  return problems;
}

function checkRuleField(field: string, path: string): FieldProblem[] {
  if (isBlank(field))
    return problem(path, 'field_missing', {
      message: 'The rule names no contact property.',
      remedy: 'Pick the property.',
    });
  if (!isOwnField(field)) return [];
  const message = `${field} is written by Passalong itself, so a rule on it would feed on its own decisions.`;
  return problem(path, 'own_field', { message, remedy: 'Pick a property that your team or your CRM fills in.' });
}

function checkReward(reward: RewardRule, path: string, rules: readonly QualificationRule[]): FieldProblem[] {
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
  if (giving.every((rule) => rule.object === saleValue.object)) return [];
  const [method, wanted, other] =
    saleValue.object === 'deal'
      ? ['a contact property', 'a contact property', 'rules on a deal stage']
      : ['a deal stage', 'a deal property', 'rules on a contact property'];
  const message =
    `The sale value is read from the ${saleValue.object}, but a rule gives the status by ${method}, ` +
    `and then nobody can say which ${saleValue.object === 'deal' ? 'deal' : 'contact value'} is the sale.`;
  const remedy = `Read the sale value from ${wanted}, or let only ${other} give this status.`;
  return problem(`${path}.saleValue.object`, 'sale_value_wrong_object', { message, remedy });
}
