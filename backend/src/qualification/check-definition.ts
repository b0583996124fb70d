import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import { checkCapture } from './check-capture.ts';
import { checkDecisions } from './check-decisions.ts';
import { checkEnrolment } from './check-enrolment.ts';
import { checkPage } from './check-page.ts';
import { isBlank, problem, type FieldProblem } from './check-problem.ts';
import { checkReward } from './check-rewards.ts';
import { checkRule } from './check-rules.ts';

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
    ...checkDecisions(definition),
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
