import {
  isStageRule,
  type DealStageRule,
  type ProgramDefinition,
  type QualificationRule,
} from '../../../shared/program-definition.ts';
import type { FieldDescription, Pipeline } from '../crm/port.ts';
import { fieldsOf, type AccountFacts } from './account-facts.ts';
import { asChoice, findField, unknownField, unknownPipeline, unknownValue, unknownValues } from './check-choices.ts';
import { problem, type FieldProblem } from './check-problem.ts';
import { isDecimal } from './check-rules.ts';

/** C8: a rule compares whole values or numbers, so only these types can be met. */
const RULE_TYPES: readonly FieldDescription['type'][] = ['text', 'choice', 'boolean', 'number'];
const SALE_VALUE_TYPES: readonly FieldDescription['type'][] = ['number', 'text'];

/** Rules and sale values that the account cannot give: a stage, a property or an option it does not have. */
export function checkAccountRules(
  { rules, rewardRules }: Pick<ProgramDefinition, 'rules' | 'rewardRules'>,
  facts: AccountFacts,
): FieldProblem[] {
  return [
    ...rules.flatMap((rule, index) => checkRule(rule, `rules.${String(index)}`, facts)),
    ...rewardRules.flatMap((reward, index) => {
      if (reward.kind !== 'percent') return [];
      const { object, field } = reward.saleValue;
      const path = `rewardRules.${String(index)}.saleValue.field`;
      return checkSaleValue({ path, object, field }, fieldsOf(facts, object));
    }),
  ];
}

function checkRule(rule: QualificationRule, path: string, facts: AccountFacts): FieldProblem[] {
  if (isStageRule(rule)) return facts.pipelines ? checkStages(rule, path, facts.pipelines) : [];
  const fields = fieldsOf(facts, rule.object);
  return fields ? checkProperty(rule, path, fields) : [];
}

function checkStages(rule: DealStageRule, path: string, pipelines: readonly Pipeline[]): FieldProblem[] {
  const pipeline = pipelines.find(({ id }) => id === rule.pipelineId);
  if (!pipeline) return unknownPipeline(`${path}.pipelineId`, rule.pipelineId, pipelines);
  return rule.values.flatMap((value, index) => {
    const at = `${path}.values.${String(index)}`;
    const stage = pipeline.stages.find(({ id }) => id === value);
    if (stage) return stage.lost && rule.operator === 'at_or_after' ? lostStage(at, stage.label) : [];
    const elsewhere = stageOfAnother(value, at, pipelines);
    if (elsewhere.length > 0) return elsewhere;
    return unknownValue(value, at, {
      code: 'stage_unknown',
      what: `a stage of the pipeline ${pipeline.label}`,
      choices: pipeline.stages.map(asChoice),
    });
  });
}

function lostStage(path: string, label: string): FieldProblem[] {
  return problem(path, 'stage_lost', {
    message: `${label} means that the deal is lost, and nothing that counts lies at or after that.`,
    remedy: 'Pick the first stage that counts, or use any_of to count this stage alone.',
  });
}

/** Two pipelines often have a stage of the same name, never of the same id. */
function stageOfAnother(value: string, path: string, pipelines: readonly Pipeline[]): FieldProblem[] {
  const owner = pipelines.find(({ stages }) => stages.some(({ id }) => id === value));
  const label = owner?.stages.find(({ id }) => id === value)?.label;
  if (!owner || label === undefined) return [];
  return problem(path, 'stage_unknown', {
    message: `${value} (${label}) is a stage of the pipeline ${owner.label}, not of the one the rule names.`,
    remedy: `Send the pipeline ${owner.id}, or a stage of the pipeline the rule names.`,
  });
}

function checkProperty(rule: QualificationRule, path: string, fields: readonly FieldDescription[]): FieldProblem[] {
  const field = findField(fields, rule.field);
  if (!field) return unknownField(`${path}.field`, { object: rule.object, field: rule.field, fields });
  if (rule.operator === 'at_least') {
    return field.type === 'number' ? [] : unfit(`${path}.field`, field, 'at_least compares numbers');
  }
  if (!RULE_TYPES.includes(field.type)) {
    return unfit(`${path}.field`, field, 'a rule needs a text, a choice, yes or no, or a number');
  }
  if (field.type === 'number') return notNumbers(rule.values, `${path}.values`, field);
  if (field.options.length === 0) return [];
  return unknownValues(rule.values, `${path}.values`, {
    code: 'option_unknown',
    what: `an option of ${field.label}`,
    choices: field.options,
  });
}

function unfit(path: string, { label, type }: FieldDescription, needed: string): FieldProblem[] {
  return problem(path, 'field_type_unsupported', {
    message: `${label} holds a ${type}, and ${needed}.`,
    remedy: needed.startsWith('at_least')
      ? 'Pick a number property, or use any_of with the values that count.'
      : 'Pick a single-line text, a drop-down, a radio select, a checkbox or a number property.',
  });
}

function notNumbers(values: readonly string[], path: string, { label }: FieldDescription): FieldProblem[] {
  return values.flatMap((value, index) =>
    isDecimal(value)
      ? []
      : problem(`${path}.${String(index)}`, 'value_invalid', {
          message: `${label} holds a number, and ${value} is none.`,
          remedy: 'Write digits with a point and no separators, such as 25 or 1250.5.',
        }),
  );
}

type SaleField = { readonly path: string; readonly object: 'contact' | 'deal'; readonly field: string };

function checkSaleValue(sale: SaleField, fields: readonly FieldDescription[] | null): FieldProblem[] {
  if (!fields) return [];
  const field = findField(fields, sale.field);
  if (!field) return unknownField(sale.path, { object: sale.object, field: sale.field, fields });
  if (SALE_VALUE_TYPES.includes(field.type)) return [];
  const message = `${field.label} holds a ${field.type}, and a sale value is a number.`;
  return problem(sale.path, 'field_type_unsupported', { message, remedy: 'Pick a number property.' });
}
