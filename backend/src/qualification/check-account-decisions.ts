import type { MatchHolds, MemberHolds } from '../../../shared/matching-settings.ts';
import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import type { ProgramObject } from '../../../shared/person-fields.ts';
import type { FieldDescription } from '../crm/port.ts';
import { fieldsOf, type AccountFacts } from './account-facts.ts';
import { asChoice, findField, unknownField, unknownValue } from './check-choices.ts';
import { isBlank, problem, type FieldProblem } from './check-problem.ts';

type Named = { readonly object: ProgramObject; readonly field: string };

const TEXT: readonly FieldDescription['type'][] = ['text'];
/** Shops and billing systems number what they sell, and people keep numbers in number properties. */
const TEXT_OR_NUMBER: readonly FieldDescription['type'][] = ['text', 'number'];

const HOLDING: Readonly<Record<MatchHolds | MemberHolds, readonly FieldDescription['type'][]>> = {
  referral_id: TEXT,
  external_id: TEXT_OR_NUMBER,
  friend_email: TEXT,
  friend_phone: TEXT_OR_NUMBER,
  advocate_code: TEXT,
  advocate_link: TEXT,
  advocate_email: TEXT,
  advocate_external_id: TEXT_OR_NUMBER,
};

/** Properties that are copied or matched by, and the primary role: what of them the account does not have or cannot hold. */
export function checkAccountDecisions(
  { decisions, matching }: Pick<ProgramDefinition, 'decisions' | 'matching'>,
  facts: AccountFacts,
): FieldProblem[] {
  return [
    ...checkRole(decisions, facts),
    ...decisions.fieldUpdates.flatMap((update, index) =>
      checkThere(update, `decisions.fieldUpdates.${String(index)}.field`, facts),
    ),
    ...(['target', 'additional', 'member'] as const).flatMap((list) =>
      matching[list].flatMap((line, index) => {
        const path = `matching.${list}.${String(index)}.field`;
        return [...checkThere(line, path, facts), ...checkHolds(line, path, facts)];
      }),
    ),
  ];
}

function checkRole(
  { severalContacts, primaryRole }: ProgramDefinition['decisions'],
  { contactRoles }: AccountFacts,
): FieldProblem[] {
  if (severalContacts !== 'primary' || primaryRole === null || isBlank(primaryRole) || !contactRoles) return [];
  return unknownValue(primaryRole, 'decisions.primaryRole', {
    code: 'role_unknown',
    what: 'a label that contacts may have on deals',
    choices: contactRoles.map(asChoice),
  });
}

function checkThere({ object, field }: Named, path: string, facts: AccountFacts): FieldProblem[] {
  const fields = fieldsOf(facts, object);
  if (!fields || isBlank(field) || findField(fields, field)) return [];
  return unknownField(path, { object, field, fields });
}

function checkHolds(
  line: Named & { readonly holds: MatchHolds | MemberHolds },
  path: string,
  facts: AccountFacts,
): FieldProblem[] {
  const field = findField(fieldsOf(facts, line.object) ?? [], line.field);
  const types = HOLDING[line.holds];
  if (!field || types.includes(field.type)) return [];
  return problem(path, 'field_type_unsupported', {
    message: `${field.label} holds a ${field.type}, which cannot be ${line.holds.replaceAll('_', ' ')}.`,
    remedy: `Pick a property of the type ${types.join(' or ')}.`,
  });
}
