import type { ProgramDefinition, QualificationRule } from '../../../shared/program-definition.ts';
import type { CrmName, CrmOwner, FieldDescription, Pipeline } from '../crm/port.ts';
import { checkAccountCapture } from './check-account-capture.ts';
import { checkAccountMaps, mapsNeedFields } from './check-account-maps.ts';
import { asChoice, findField, unknownField, unknownPipeline, unknownValues } from './check-choices.ts';
import { problem, type FieldProblem } from './check-problem.ts';

/** What a CRM account offers, as far as it could be read; null = not known. */
export type AccountFacts = {
  readonly pipelines: readonly Pipeline[] | null;
  readonly contactFields: readonly FieldDescription[] | null;
  readonly dealFields: readonly FieldDescription[] | null;
  readonly owners: readonly CrmOwner[] | null;
};

export type AccountNeeds = { readonly [K in keyof AccountFacts]: boolean };

/** RF-27 and C8: a rule compares whole values, so only these types can be met. */
const RULE_TYPES: ReadonlySet<FieldDescription['type']> = new Set(['text', 'choice', 'boolean']);
const SALE_VALUE_TYPES: ReadonlySet<FieldDescription['type']> = new Set(['number', 'text']);

/** What has to be known about the account to check this definition. */
export function accountNeeds(definition: ProgramDefinition): AccountNeeds {
  const { rules, rewardRules, capture } = definition;
  const sales = rewardRules.flatMap((reward) => (reward.kind === 'percent' ? [reward.saleValue.object] : []));
  const makesDeals = capture.enabled && capture.deal.policy !== 'await';
  return {
    pipelines: rules.some((rule) => rule.object === 'deal') || makesDeals,
    contactFields:
      rules.some((rule) => rule.object === 'contact') || sales.includes('contact') || mapsNeedFields(definition),
    dealFields: sales.includes('deal'),
    owners: capture.enabled && capture.owner.policy === 'fixed',
  };
}

/** Pipelines, stages, properties, options and owners that the definition names and the account does not have. */
export function checkAccount(
  definition: ProgramDefinition,
  facts: AccountFacts,
  crm: CrmName,
): readonly FieldProblem[] {
  return [
    ...definition.rules.flatMap((rule, index) => checkRule(rule, `rules.${String(index)}`, facts)),
    ...definition.rewardRules.flatMap((reward, index) => {
      if (reward.kind !== 'percent') return [];
      const { object, field } = reward.saleValue;
      const fields = object === 'deal' ? facts.dealFields : facts.contactFields;
      return checkSaleValue({ path: `rewardRules.${String(index)}.saleValue.field`, object, field }, fields);
    }),
    ...checkAccountMaps(definition, facts.contactFields),
    ...checkAccountCapture(definition.capture, facts, crm),
  ];
}

function checkRule(rule: QualificationRule, path: string, facts: AccountFacts): FieldProblem[] {
  if (rule.object === 'contact') return facts.contactFields ? checkOptions(rule, path, facts.contactFields) : [];
  if (!facts.pipelines) return [];
  const pipeline = facts.pipelines.find(({ id }) => id === rule.pipelineId);
  if (!pipeline) return unknownPipeline(`${path}.pipelineId`, rule.pipelineId, facts.pipelines);
  return unknownValues(rule.values, `${path}.values`, {
    code: 'stage_unknown',
    what: `a stage of the pipeline ${pipeline.label}`,
    choices: pipeline.stages.map(asChoice),
  });
}

function checkOptions(
  rule: Extract<QualificationRule, { object: 'contact' }>,
  path: string,
  fields: readonly FieldDescription[],
): FieldProblem[] {
  const field = findField(fields, rule.field);
  if (!field) return unknownField(`${path}.field`, 'contact', rule.field);
  if (!RULE_TYPES.has(field.type)) {
    return problem(`${path}.field`, 'field_type_unsupported', {
      message: `${field.label} holds a ${field.type}, and a rule needs a text or a choice.`,
      remedy: 'Pick a single-line text or a drop-down property.',
    });
  }
  if (field.options.length === 0) return [];
  return unknownValues(rule.values, `${path}.values`, {
    code: 'option_unknown',
    what: `an option of ${field.label}`,
    choices: field.options,
  });
}

type SaleField = { readonly path: string; readonly object: 'contact' | 'deal'; readonly field: string };

function checkSaleValue(sale: SaleField, fields: readonly FieldDescription[] | null): FieldProblem[] {
  if (!fields) return [];
  const field = findField(fields, sale.field);
  if (!field) return unknownField(sale.path, sale.object, sale.field);
  if (SALE_VALUE_TYPES.has(field.type)) return [];
  const message = `${field.label} holds a ${field.type}, and a sale value is a number.`;
  return problem(sale.path, 'field_type_unsupported', { message, remedy: 'Pick a number property.' });
}
