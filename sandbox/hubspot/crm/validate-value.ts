import { instantOf } from '../schema/instant.ts';
import type { PropertyDefinition } from '../schema/property-definition.ts';
import type { Portal } from '../state/state.ts';
import type { Problem } from './problems.ts';

export type Verdict = { value: string } | { problem: Problem };

const LONGEST_STRING = 65_536;
const DAY_MS = 86_400_000;
const EMAIL = /^[^\s@,;<>()[\]\\]+@[^\s@.,;]+(\.[^\s@.,;]+)+$/;

/** Judges one value by its definition and answers it as HubSpot stores it. Empty clears the property. */
export function validateValue(portal: Portal, definition: PropertyDefinition, given: string): Verdict {
  if (given === '') return { value: '' };
  switch (definition.type) {
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(given)
        ? { value: given }
        : refuse(definition, 'INVALID_INTEGER', `${given} was not a valid number.`);
    case 'bool':
      return given === 'true' || given === 'false'
        ? { value: given }
        : refuse(definition, 'INVALID_OPTION', `${given} was not one of the allowed options: [true, false]`);
    case 'date':
      return validateDate(definition, given);
    case 'datetime':
      return validateInstant(definition, given);
    case 'enumeration':
      return validateOption(portal, definition, given);
    default:
      return validateText(definition, given);
  }
}

function refuse(definition: PropertyDefinition, error: string, message: string): Verdict {
  return { problem: { name: definition.name, error, message } };
}

function validateText(definition: PropertyDefinition, given: string): Verdict {
  if (given.length > LONGEST_STRING)
    return refuse(definition, 'PROPERTY_VALUE_TOO_LONG', `The value is longer than ${LONGEST_STRING} characters.`);
  if (definition.name !== 'email') return { value: given };
  if (!EMAIL.test(given)) return refuse(definition, 'INVALID_EMAIL', `Email address ${given} is invalid`);
  return { value: given.toLowerCase() };
}

function validateDate(definition: PropertyDefinition, given: string): Verdict {
  const atMs = instantOf(given);
  if (atMs === null) return refuse(definition, 'INVALID_DATE', `${given} was not a valid date.`);
  if (atMs % DAY_MS !== 0)
    return refuse(
      definition,
      'INVALID_DATE',
      `${given} is at ${new Date(atMs).toISOString().slice(11, 23)} UTC, not midnight!`,
    );
  return { value: new Date(atMs).toISOString().slice(0, 10) };
}

function validateInstant(definition: PropertyDefinition, given: string): Verdict {
  const atMs = instantOf(given);
  if (atMs === null) return refuse(definition, 'INVALID_LONG', `${given} was not a valid long.`);
  return { value: new Date(atMs).toISOString() };
}

function validateOption(portal: Portal, definition: PropertyDefinition, given: string): Verdict {
  const allowed = allowedOptions(portal, definition);
  if (allowed === null) return { value: given };
  const chosen = definition.fieldType === 'checkbox' ? given.split(';').filter(Boolean) : [given];
  const wrong = chosen.find((option) => !allowed.includes(option));
  if (wrong === undefined) return { value: given };
  return refuse(definition, 'INVALID_OPTION', `${wrong} was not one of the allowed options: [${allowed.join(', ')}]`);
}

function allowedOptions(portal: Portal, definition: PropertyDefinition): string[] | null {
  if (!definition.externalOptions) return definition.options.map((option) => option.value);
  if (definition.name === 'pipeline') return [...portal.dealPipelines.keys()];
  if (definition.name === 'dealstage')
    return [...portal.dealPipelines.values()].flatMap(({ stages }) => stages.map(({ id }) => id));
  if (definition.name === 'hubspot_owner_id')
    return portal.owners.filter(({ archivedAtMs }) => archivedAtMs === null).map(({ id }) => id);
  return null;
}
