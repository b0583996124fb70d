import type { ProgramObject } from '../../../shared/person-fields.ts';
import type { FieldDescription, Pipeline } from '../crm/port.ts';
import { problem, type FieldProblem } from './check-problem.ts';

export type Choice = { readonly value: string; readonly label: string };
type Naming = { readonly code: string; readonly what: string; readonly choices: readonly Choice[] };

/** Values that are none of the choices, each with its index behind the path. */
export function unknownValues(values: readonly string[], path: string, naming: Naming): FieldProblem[] {
  return values.flatMap((value, index) => unknownValue(value, `${path}.${String(index)}`, naming));
}

export function unknownValue(value: string, path: string, { code, what, choices }: Naming): FieldProblem[] {
  if (choices.some((choice) => choice.value === value)) return [];
  const remedy = labelHint(value, choices) ?? `Use internal values, not labels: ${listChoices(choices)}.`;
  return problem(path, code, { message: `${value} is not ${what}.`, remedy });
}

/** Somebody wrote what they read on the screen: the id behind it is what they meant. */
function labelHint(text: string, choices: readonly Choice[]): string | null {
  const meant = choices.filter(({ label }) => loosely(label) === loosely(text)).slice(0, MAX_LISTED);
  if (meant.length === 0) return null;
  const ids = meant.map(({ value }) => value).join(' or ');
  return `${text} is a label, which anybody may change. Send the internal value ${ids} instead.`;
}

function loosely(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s+/g, '');
}

export function asChoice({ id, label }: { readonly id: string; readonly label: string }): Choice {
  return { value: id, label };
}

/** Enough to find one's own; a property may have thousands. */
const MAX_LISTED = 30;

function listChoices(choices: readonly Choice[]): string {
  const listed = choices.slice(0, MAX_LISTED).map(({ value, label }) => `${value} (${label})`);
  return `${listed.join(', ')}${choices.length > MAX_LISTED ? ', …' : ''}`;
}

export function unknownField(
  path: string,
  named: { readonly object: ProgramObject; readonly field: string; readonly fields: readonly FieldDescription[] },
): FieldProblem[] {
  const { object, field, fields } = named;
  const choices = fields.map(({ name, label }) => ({ value: name, label }));
  return problem(path, 'field_unknown', {
    message: `The CRM account has no ${object} property with the internal name ${field}.`,
    remedy:
      labelHint(field, choices) ??
      'Use the internal name of a property, not its label; create it in the CRM first if need be.',
  });
}

export function findField(fields: readonly FieldDescription[], name: string): FieldDescription | undefined {
  return fields.find((field) => field.name === name);
}

export function unknownPipeline(path: string, pipelineId: string, pipelines: readonly Pipeline[]): FieldProblem[] {
  const choices = pipelines.map(asChoice);
  return problem(path, 'pipeline_unknown', {
    message: `The CRM account has no deal pipeline with the id ${pipelineId}.`,
    remedy: labelHint(pipelineId, choices) ?? `Use the internal id of a pipeline: ${listChoices(choices)}.`,
  });
}
