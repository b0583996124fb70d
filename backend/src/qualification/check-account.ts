import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import { isStageRule } from '../../../shared/program-definition.ts';
import type { ProgramObject } from '../../../shared/person-fields.ts';
import type { CrmName } from '../crm/port.ts';
import type { AccountFacts } from './account-facts.ts';
import { checkAccountCapture } from './check-account-capture.ts';
import { checkAccountDecisions } from './check-account-decisions.ts';
import { checkAccountMaps, mapsNeedFields, mapsNeedLeadFields } from './check-account-maps.ts';
import { checkAccountRules } from './check-account-rules.ts';
import type { FieldProblem } from './check-problem.ts';

export type AccountNeeds = { readonly [K in keyof AccountFacts]: boolean };

/** What has to be known about the account to check this definition. */
export function accountNeeds(definition: ProgramDefinition): AccountNeeds {
  const { rules, capture, decisions } = definition;
  const makesDeals = capture.enabled && capture.deal.policy !== 'await';
  const read = new Set(fieldsNamed(definition).map(({ object }) => object));
  return {
    pipelines: rules.some(isStageRule) || makesDeals,
    contactFields: read.has('contact') || mapsNeedFields(definition),
    leadFields: read.has('lead') || mapsNeedLeadFields(definition),
    companyFields: read.has('company'),
    dealFields: read.has('deal'),
    contactRoles: decisions.severalContacts === 'primary' && decisions.primaryRole !== null,
    owners: capture.enabled && capture.owner.policy === 'fixed',
  };
}

/** Every property that decides something, or is looked at or copied when something is decided; stages are none. */
export function fieldsNamed({
  rules,
  rewardRules,
  decisions,
  matching,
}: Pick<ProgramDefinition, 'rules' | 'rewardRules' | 'decisions' | 'matching'>): {
  readonly object: ProgramObject;
  readonly field: string;
}[] {
  return [
    ...rules.filter((rule) => !isStageRule(rule)),
    ...rewardRules.flatMap((reward) => (reward.kind === 'percent' ? [reward.saleValue] : [])),
    ...decisions.fieldUpdates,
    ...matching.target,
    ...matching.additional,
    ...matching.member,
  ].map(({ object, field }) => ({ object, field }));
}

/** Pipelines, stages, properties, options, roles and owners that the definition names and the account does not have. */
export function checkAccount(
  definition: ProgramDefinition,
  facts: AccountFacts,
  crm: CrmName,
): readonly FieldProblem[] {
  return [
    ...checkAccountRules(definition, facts),
    ...checkAccountMaps(definition, facts),
    ...checkAccountCapture(definition.capture, facts, crm),
    ...checkAccountDecisions(definition, facts),
  ];
}
