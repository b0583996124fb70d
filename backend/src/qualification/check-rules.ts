import { dealWordsOf, isStageEntered, isStageField } from '../../../shared/deal-words.ts';
import { isStageRule, type DealRule, type QualificationRule } from '../../../shared/program-definition.ts';
import { isBlank, isOwnField, problem, type FieldProblem } from './check-problem.ts';

/** What a number to compare with looks like: digits with a point, so that it is compared to the last decimal. */
const DECIMAL = /^-?\d{1,15}(\.\d{1,10})?$/;

export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** What keeps a rule from being met by anything, or would let it be met by something else than it says. */
export function checkRule(rule: QualificationRule, path: string): FieldProblem[] {
  return [
    ...checkValues(rule, path),
    ...checkOperator(rule, path),
    ...(rule.object === 'deal' ? checkPipeline(rule, path) : []),
    ...checkField(rule, `${path}.field`),
  ];
}

function checkValues({ values }: QualificationRule, path: string): FieldProblem[] {
  if (values.length === 0) {
    return problem(`${path}.values`, 'values_missing', {
      message: 'The rule has no values, so nothing meets it.',
      remedy: 'Pick at least one value that means success.',
    });
  }
  return values.flatMap((value, index) =>
    isBlank(value)
      ? problem(`${path}.values.${String(index)}`, 'value_empty', {
          message: 'This value is empty.',
          remedy: 'Pick a value from the list or remove it.',
        })
      : [],
  );
}

function checkOperator(rule: QualificationRule, path: string): FieldProblem[] {
  const { operator, values } = rule;
  if (operator === 'any_of') return [];
  const onStage = isStageRule(rule);
  const { stage } = dealWordsOf(rule.field);
  if ((operator === 'at_or_after') !== onStage) {
    return problem(`${path}.operator`, 'operator_unfit', {
      message:
        operator === 'at_or_after'
          ? `Only the stage of a deal has an order, so only a rule on ${stage} can say at_or_after.`
          : `A stage is no number, so a rule on ${stage} cannot say at_least.`,
      remedy:
        operator === 'at_or_after'
          ? `Use any_of with the values that count, or at_least for a number, or make it a rule on ${stage}.`
          : 'Use any_of or at_or_after for a stage.',
    });
  }
  if (values.length > 1) {
    return problem(`${path}.values`, 'one_value_needed', {
      message: `${operator} compares with one value, and the rule has ${String(values.length)}.`,
      remedy: 'Keep the lowest one that counts.',
    });
  }
  const [value = ''] = values;
  if (operator === 'at_or_after' || isBlank(value) || isDecimal(value)) return [];
  return problem(`${path}.values.0`, 'number_invalid', {
    message: `${value} is not a number to compare with.`,
    remedy: 'Write digits with a point and no separators, such as 25 or 1250.50.',
  });
}

function checkPipeline(rule: DealRule, path: string): FieldProblem[] {
  const named = rule.pipelineId !== null && !isBlank(rule.pipelineId);
  const { stage } = dealWordsOf(rule.field);
  if (isStageField(rule.field)) {
    if (named) return [];
    const message = 'The rule does not say which pipeline its stages belong to.';
    return problem(`${path}.pipelineId`, 'pipeline_missing', { message, remedy: 'Pick the pipeline.' });
  }
  if (rule.pipelineId === null) return [];
  return problem(`${path}.pipelineId`, 'pipeline_not_allowed', {
    message: `Only a rule on ${stage} belongs to a pipeline; this one is on ${rule.field}.`,
    remedy: `Send null as the pipeline, or make it a rule on ${stage}.`,
  });
}

function checkField(rule: QualificationRule, path: string): FieldProblem[] {
  if (isBlank(rule.field)) {
    return problem(path, 'field_missing', {
      message: `The rule names no ${rule.object} property.`,
      remedy: 'Pick the property.',
    });
  }
  if (isOwnField(rule.field)) {
    return problem(path, 'own_field', {
      message: `${rule.field} is written by Passalong itself, so a rule on it would feed on its own decisions.`,
      remedy: 'Pick a property that your team or your CRM fills in.',
    });
  }
  // Looked at by its own reading of time and pipeline, which a bare value would miss.
  if (rule.object !== 'deal' || isStageRule(rule) || !isStageEntered(rule.field)) return [];
  return problem(path, 'field_unfit', {
    message: `${rule.field} says when a stage was entered, not what a deal holds.`,
    remedy: `Make it a rule on ${dealWordsOf(rule.field).stage} with that stage as the value.`,
  });
}
