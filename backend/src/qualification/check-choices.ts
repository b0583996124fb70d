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
  const remedy = `Use internal values, not labels: ${listChoices(choices)}.`;
  return problem(path, code, { message: `${value} is not ${what}.`, remedy });
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

export function unknownField(path: string, object: 'contact' | 'deal', name: string): FieldProblem[] {
  return problem(path, 'field_unknown', {
    message: `The CRM account has no ${object} property with the internal name ${name}.`,
    remedy: 'Use the internal name of a property, not its label; create it in the CRM first if need be.',
  });
}

export function findField(fields: readonly FieldDescription[], name: string): FieldDescription | undefined {
  return fields.find((field) => field.name === name);
}

export function unknownPipeline(path: string, pipelineId: string, pipelines: readonly Pipeline[]): FieldProblem[] {
  return problem(path, 'pipeline_unknown', {
    message: `The CRM account has no deal pipeline with the id ${pipelineId}.`,
    remedy: `Use the internal id of a pipeline: ${listChoices(pipelines.map(asChoice))}.`,
  });
}
