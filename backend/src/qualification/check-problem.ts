import { CRM_FIELDS, DEAL_ADVOCATE_FIELD } from '../../../shared/crm-fields.ts';

/** Something a person has to change before the definition can be published. */
export type FieldProblem = {
  /** Where, with dots and indexes from 0: `rewardRules.0.saleValue.object`. */
  readonly path: string;
  /** Stable, snake_case. */
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
};

type Words = Pick<FieldProblem, 'message' | 'remedy'>;

export function problem(path: string, code: string, words: Words): FieldProblem[] {
  return [{ path, code, ...words }];
}

export function isBlank(text: string): boolean {
  return text.trim() === '';
}

const OWN_FIELDS: ReadonlySet<string> = new Set([
  ...CRM_FIELDS.flatMap((field) => [field.hubspot, field.salesforce]).filter((name) => name !== null),
  DEAL_ADVOCATE_FIELD.salesforce,
]);

/** Written by Passalong itself, the fields of single programs included: nobody else's decision may rest on them. */
export function isOwnField(field: string): boolean {
  return OWN_FIELDS.has(field) || /^passalong_/i.test(field);
}

/** The field by which contacts are matched, as both CRMs call it. */
function isEmailField(field: string): boolean {
  return field.toLowerCase() === 'email';
}

/** One field of a contact that a setting writes. */
export type Target = {
  readonly path: string;
  readonly field: string;
  /** True only for the friend's own e-mail address, as given. */
  readonly isTheirEmail: boolean;
};

/** What holds for every field a map writes: not ours, not the e-mail with anything else, not twice in one list. */
export function checkTargets(targets: readonly Target[]): FieldProblem[] {
  return targets.flatMap(({ path, field, isTheirEmail }, index) => {
    if (isBlank(field)) {
      return problem(path, 'field_missing', {
        message: 'This line names no CRM property.',
        remedy: 'Pick the property, or remove the line.',
      });
    }
    if (isOwnField(field)) {
      return problem(path, 'own_field', {
        message: `${field} is written by Passalong itself, so a map may not write it too.`,
        remedy: 'Pick a property of your own; Passalong keeps its properties up to date without a map.',
      });
    }
    if (isEmailField(field) && !isTheirEmail) {
      return problem(path, 'email_field_taken', {
        message: 'The e-mail property tells people apart, so it holds the person’s own address and nothing else.',
        remedy: 'Map it from friend.email without a fixed value, or pick another property.',
      });
    }
    if (targets.findIndex((other) => other.field === field) === index) return [];
    return problem(path, 'duplicate_field', {
      message: `Two lines write ${field}, and only one of them could win.`,
      remedy: 'Keep one line for each property.',
    });
  });
}

/** A detail without which a part of the program cannot work, and is not mapped (RF-33, RF-40). */
export function requiredMapMissing(
  path: string,
  input: { readonly detail: string; readonly part: string; readonly remedy: string },
): FieldProblem[] {
  return problem(path, 'required_map_missing', {
    message: `${input.detail} is not mapped, and ${input.part} cannot be switched on without it.`,
    remedy: input.remedy,
  });
}
