import { crmOfField } from '../../../shared/crm-fields.ts';
import type { EnrolmentSettings } from '../../../shared/enrolment-settings.ts';
import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import { checkTargets, isBlank, problem, requiredMapMissing, type FieldProblem } from './check-problem.ts';

/** RF-40: nobody can be made an advocate without these. */
const REQUIRED = [
  { to: 'firstName', detail: 'The advocate’s first name' },
  { to: 'email', detail: 'The advocate’s e-mail address' },
] as const;

/** What keeps contacts from becoming advocates, as far as it can be told without the CRM. */
export function checkEnrolment({ enrolment }: ProgramDefinition): FieldProblem[] {
  const { mapOut, contactValues } = enrolment;
  const targets = [
    ...mapOut.map(({ field }, index) => ({ path: `enrolment.mapOut.${String(index)}.field`, field })),
    ...contactValues.map(({ field }, index) => ({ path: `enrolment.contactValues.${String(index)}.field`, field })),
  ];
  return [
    ...checkRequired(enrolment),
    ...checkMapIn(enrolment),
    ...checkTargets(targets.map((target) => ({ ...target, isTheirEmail: false }))),
  ];
}

function checkRequired({ enabled, mapIn }: EnrolmentSettings): FieldProblem[] {
  if (!enabled) return [];
  return REQUIRED.filter(({ to }) => !mapIn.some((line) => line.to === to)).flatMap(({ to, detail }) =>
    requiredMapMissing('enrolment.mapIn', {
      detail,
      part: 'enrolling contacts',
      remedy: `Add a line that reads ${to} from a contact property, or switch enrolment off.`,
    }),
  );
}

/** A detail may come from either CRM: each record is in one of them. */
function isOfOneCrm(one: { readonly field: string }, other: { readonly field: string }): boolean {
  return crmOfField(one.field) === crmOfField(other.field);
}

function checkMapIn({ mapIn }: EnrolmentSettings): FieldProblem[] {
  return mapIn.flatMap((line, index) => {
    const path = `enrolment.mapIn.${String(index)}`;
    const problems: FieldProblem[] = [];
    if (isBlank(line.field)) {
      problems.push(
        ...problem(`${path}.field`, 'field_missing', {
          message: 'This line names no CRM property.',
          remedy: 'Pick the property, or remove the line.',
        }),
      );
    }
    if (line.to === 'email' && line.default !== null) {
      problems.push(
        ...problem(`${path}.default`, 'default_not_allowed', {
          message: 'With a default, everybody without an e-mail address would become one and the same person.',
          remedy: 'Remove the default: contacts without an address are enrolled by their id.',
        }),
      );
    }
    if (mapIn.findIndex((other) => other.to === line.to && isOfOneCrm(other, line)) === index) return problems;
    const words = {
      message: `Two lines fill ${line.to}, and only one of them could win.`,
      remedy: 'Keep one line for each detail.',
    };
    return [...problems, ...problem(`${path}.to`, 'duplicate_target', words)];
  });
}
