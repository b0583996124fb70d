import { crmOfField } from '../../../shared/crm-fields.ts';
import type { Authorities } from '../../../shared/decision-settings.ts';
import type { ProgramObject } from '../../../shared/person-fields.ts';
import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import { isBlank, isOwnField, problem, type FieldProblem } from './check-problem.ts';

/** Below this, names have so little in common that nearly everybody is alike. */
const LOWEST_THRESHOLD = 0.5;

/** What contradicts itself in how a program decides and matches, as far as it can be told without the CRM. */
export function checkDecisions({ decisions, matching, rules }: ProgramDefinition): FieldProblem[] {
  const { fieldUpdates } = decisions;
  return [
    ...checkPrimary(decisions),
    ...checkAuthority(decisions.authority, rules),
    ...fieldUpdates.flatMap((update, index) => {
      const path = `decisions.fieldUpdates.${String(index)}`;
      // A record is in one CRM, so a line for each may fill one key.
      const rivals = fieldUpdates.map(
        ({ to, field }) => to === update.to && crmOfField(field) === crmOfField(update.field),
      );
      const isRepeated = rivals.indexOf(true) !== index;
      return [...checkReadField(update, `${path}.field`), ...(isRepeated ? repeatedKey(`${path}.to`, update.to) : [])];
    }),
    ...(['target', 'additional', 'member'] as const).flatMap((list) => checkMatchFields(matching[list], list)),
    ...checkNames(matching.names),
  ];
}

const KIND: Readonly<Record<ProgramObject, keyof Authorities>> = {
  contact: 'person',
  lead: 'person',
  company: 'company',
  deal: 'deal',
};

/** Where one CRM is heard about something and no rule speaks in its words, nothing would ever count. */
function checkAuthority(authority: Authorities, rules: ProgramDefinition['rules']): FieldProblem[] {
  return (Object.keys(authority) as (keyof Authorities)[]).flatMap((kind) => {
    const word = authority[kind];
    const about = rules.filter(({ enabled, object }) => enabled && KIND[object] === kind);
    if (word === 'either' || about.length === 0 || about.some(({ field }) => crmOfField(field) === word)) return [];
    const title = word === 'hubspot' ? 'HubSpot' : 'Salesforce';
    return problem(`decisions.authority.${kind}`, 'authority_without_rule', {
      message: `${title} is to decide about ${PLURAL[kind]}, and no rule on them names a field of ${title}.`,
      remedy: `Add a rule in ${title}’s words, or let either CRM decide about ${PLURAL[kind]}.`,
    });
  });
}

const PLURAL: Readonly<Record<keyof Authorities, string>> = { person: 'people', company: 'companies', deal: 'deals' };

function checkPrimary({ severalContacts, primaryRole }: ProgramDefinition['decisions']): FieldProblem[] {
  if (primaryRole === null ? severalContacts !== 'primary' : !isBlank(primaryRole)) return [];
  return problem('decisions.primaryRole', 'primary_role_missing', {
    message:
      'Shared deals are to go to the primary contact, and no role is chosen that makes a contact the primary one.',
    remedy: 'Pick the association label of deals and contacts that marks the primary one, or choose another policy.',
  });
}

function repeatedKey(path: string, key: string): FieldProblem[] {
  return problem(path, 'duplicate_key', {
    message: `Two lines write ${key}, and only one of them could win.`,
    remedy: 'Give each line a key of its own.',
  });
}

type ReadField = { readonly object: string; readonly field: string };

function checkReadField({ field }: ReadField, path: string): FieldProblem[] {
  if (isBlank(field)) {
    return problem(path, 'field_missing', {
      message: 'This line names no CRM property.',
      remedy: 'Pick the property, or remove the line.',
    });
  }
  if (!isOwnField(field)) return [];
  return problem(path, 'own_field', {
    message: `${field} is written by Passalong itself, so it says nothing new.`,
    remedy: 'Pick a property that your team or your CRM fills in; our own referral id is always looked at.',
  });
}

function checkMatchFields(lines: readonly ReadField[], list: 'target' | 'additional' | 'member'): FieldProblem[] {
  return lines.flatMap((line, index) => {
    const path = `matching.${list}.${String(index)}.field`;
    const first = lines.findIndex(({ object, field }) => object === line.object && field === line.field);
    if (first === index) return checkReadField(line, path);
    return problem(path, 'duplicate_field', {
      message: `Two lines look at ${line.field} of the ${line.object}, and one property holds one thing.`,
      remedy: 'Keep one line for each property.',
    });
  });
}

function checkNames({ enabled, threshold, margin }: ProgramDefinition['matching']['names']): FieldProblem[] {
  if (!enabled) return [];
  const problems: FieldProblem[] = [];
  if (threshold < LOWEST_THRESHOLD) {
    problems.push(
      ...problem('matching.names.threshold', 'threshold_too_low', {
        message: `Names that are ${String(threshold)} alike belong to anybody.`,
        remedy: `Choose at least ${String(LOWEST_THRESHOLD)}; 0.9 is what a new program has.`,
      }),
    );
  }
  if (margin <= 0) {
    problems.push(
      ...problem('matching.names.margin', 'margin_missing', {
        message: 'Without a margin, two people of one name would be as likely as one.',
        remedy: 'Choose a margin above 0; 0.1 is what a new program has.',
      }),
    );
  }
  return problems;
}
