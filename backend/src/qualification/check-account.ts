import type { ProgramDefinition, QualificationRule } from '../../../shared/program-definition.ts';
import type { FieldDescription, Pipeline } from '../crm/port.ts';
import type { FieldProblem } from './check-definition.ts';

/** What a CRM account offers, as far as it could be read; null = not known. */
export type AccountFacts = {
  readonly pipelines: readonly Pipeline[] | null;
  readonly contactFields: readonly FieldDescription[] | null;
  readonly dealFields: readonly FieldDescription[] | null;
};

export type AccountNeeds = { readonly [K in keyof AccountFacts]: boolean };

/** RF-27 and C8: a rule compares whole values, so only these types can be met. */
const RULE_TYPES: ReadonlySet<FieldDescription['type']> = new Set(['text', 'choice', 'boolean']);
const SALE_VALUE_TYPES: ReadonlySet<FieldDescription['type']> = new Set(['number', 'text']);

/** What has to be known about the account to check this definition. */
export function accountNeeds(definition: ProgramDefinition): AccountNeeds {
  const { rules, rewardRules } = definition;
  const sales = rewardRules.flatMap((reward) => (reward.kind === 'percent' ? [reward.saleValue.object] : []));
  return {
    pipelines: rules.some((rule) => rule.object === 'deal'),
    contactFields: rules.some((rule) => rule.object === 'contact') || sales.includes('contact'),
    dealFields: sales.includes('deal'),
  };
}

/** Pipelines, stages, properties and options that the definition names and the account does not have. */
export function checkAccount(definition: ProgramDefinition, facts: AccountFacts): readonly FieldProblem[] {
  return [
    ...definition.rules.flatMap((rule, index) => checkRule(rule, `rules.${String(index)}`, facts)),
    ...definition.rewardRules.flatMap((reward, index) => {
      if (reward.kind !== 'percent') return [];
      const { object, field } = reward.saleValue;
      const fields = object === 'deal' ? facts.dealFields : facts.contactFields;
      return checkSaleValue({ path: `rewardRules.${String(index)}.saleValue.field`, object, field }, fields);
    }),
  ];
}

function checkRule(rule: QualificationRule, path: string, facts: AccountFacts): FieldProblem[] {
  if (rule.object === 'contact') return facts.contactFields ? checkOptions(rule, path, facts.contactFields) : [];
  if (!facts.pipelines) return [];
  const pipeline = facts.pipelines.find(({ id }) => id === rule.pipelineId);
  if (!pipeline) {
    const known = listChoices(facts.pipelines.map(asChoice));
    return [
      {
        path: `${path}.pipelineId`,
        code: 'pipeline_unknown',
        message: `The CRM account has no deal pipeline with the id ${rule.pipelineId}.`,
        remedy: `Use the internal id of a pipeline: ${known}.`,
      },
    ];
  }
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
  const field = fields.find(({ name }) => name === rule.field);
  if (!field) return [unknownField(`${path}.field`, 'contact', rule.field)];
  if (!RULE_TYPES.has(field.type)) {
    return [
      {
        path: `${path}.field`,
        code: 'field_type_unsupported',
        message: `${field.label} holds a ${field.type}, and a rule needs a text or a choice.`,
        remedy: 'Pick a single-line text or a drop-down property.',
      },
    ];
  }
  if (field.options.length === 0) return [];
  return unknownValues(rule.values, `${path}.values`, {
    code: 'option_unknown',
    what: `an option of ${field.label}`,
    choices: field.options,
  });
}

type Choice = { readonly value: string; readonly label: string };
type Naming = { readonly code: string; readonly what: string; readonly choices: readonly Choice[] };

function unknownValues(values: readonly string[], path: string, naming: Naming): FieldProblem[] {
  const known = new Set(naming.choices.map(({ value }) => value));
  const remedy = `Use internal values, not labels: ${listChoices(naming.choices)}.`;
  return values.flatMap((value, index) => {
    if (known.has(value)) return [];
    const message = `${value} is not ${naming.what}.`;
    return [{ path: `${path}.${String(index)}`, code: naming.code, message, remedy }];
  });
}

function asChoice({ id, label }: { readonly id: string; readonly label: string }): Choice {
  return { value: id, label };
}

/** Enough to find one's own; a property may have thousands. */
const MAX_LISTED = 30;

function listChoices(choices: readonly Choice[]): string {
  const listed = choices.slice(0, MAX_LISTED).map(({ value, label }) => `${value} (${label})`);
  return `${listed.join(', ')}${choices.length > MAX_LISTED ? ', …' : ''}`;
}

type SaleField = { readonly path: string; readonly object: 'contact' | 'deal'; readonly field: string };

function checkSaleValue(sale: SaleField, fields: readonly FieldDescription[] | null): FieldProblem[] {
  if (!fields) return [];
  const field = fields.find(({ name }) => name === sale.field);
  if (!field) return [unknownField(sale.path, sale.object, sale.field)];
  if (SALE_VALUE_TYPES.has(field.type)) return [];
  const message = `${field.label} holds a ${field.type}, and a sale value is a number.`;
  return [{ path: sale.path, code: 'field_type_unsupported', message, remedy: 'Pick a number property.' }];
}

function unknownField(path: string, object: 'contact' | 'deal', name: string): FieldProblem {
  return {
    path,
    code: 'field_unknown',
    message: `The CRM account has no ${object} property with the internal name ${name}.`,
    remedy: 'Use the internal name of a property, not its label; create it in the CRM first if need be.',
  };
}
