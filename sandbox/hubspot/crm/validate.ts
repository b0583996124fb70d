import type { CrmRecord, Portal } from '../state/state.ts';
import type { ObjectType } from './object-types.ts';
import type { Problem, Refusal } from './problems.ts';
import { validateValue } from './validate-value.ts';

export interface ValidateInput {
  portal: Portal;
  type: ObjectType;
  given: Record<string, string>;
  /** null when the record is being created */
  record: CrmRecord | null;
}

export type Validated = { values: Record<string, string> } | { refusal: Refusal };

/** The values as they would be stored, or everything that is wrong with them. */
export function validateProperties(input: ValidateInput): Validated {
  const { portal, type, given, record } = input;
  const store = portal.objects[type.id];
  const values: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const name in given) {
    const definition = store.properties.get(name);
    if (!definition || definition.archived) problems.push(doesNotExist(name));
    else if (definition.readOnlyValue) problems.push(readOnly(name));
    else {
      const verdict = validateValue(portal, definition, appended(record, name, given[name] ?? ''));
      if ('problem' in verdict) problems.push(verdict.problem);
      else values[name] = verdict.value;
    }
  }
  if (type.id === '0-3') problems.push(...stageProblems(portal, values, record));
  if (problems.length > 0) return { refusal: { problems } };
  return uniqueRefusal(input, values) ?? { values };
}

/** `;b` means "add b to what is there" for multiple checkboxes. */
function appended(record: CrmRecord | null, name: string, given: string): string {
  if (!given.startsWith(';')) return given;
  const present = (record?.values[name] ?? '').split(';').filter(Boolean);
  return [...new Set([...present, ...given.split(';').filter(Boolean)])].join(';');
}

function stageProblems(portal: Portal, values: Record<string, string>, record: CrmRecord | null): Problem[] {
  const { dealstage, pipeline } = values;
  if (!dealstage && pipeline === undefined) return [];
  const pipelineId = pipeline ?? record?.values['pipeline'] ?? 'default';
  const stageId = dealstage ?? record?.values['dealstage'] ?? '';
  if (!stageId || portal.dealPipelines.get(pipelineId)?.stages.some(({ id }) => id === stageId)) return [];
  return [
    { name: 'dealstage', error: 'INVALID_OPTION', message: `${stageId} is not a stage of pipeline ${pipelineId}` },
  ];
}

function uniqueRefusal(
  { portal, type, record }: ValidateInput,
  values: Record<string, string>,
): { refusal: Refusal } | null {
  if (values['email'] && portal.blockedEmails.has(values['email']))
    return { refusal: { problems: [blocked(values['email'])] } };
  for (const [name, index] of portal.objects[type.id].unique) {
    const holder = values[name] ? index.get(values[name]) : undefined;
    if (holder === undefined || holder === record?.id) continue;
    if (name === 'email' && record === null) return { refusal: { existingId: holder } };
    const place = `PropertyValueCoordinates{portalId=${portal.portalId}, propertyName=${name}, value=${values[name]}}`;
    return { refusal: { problems: [taken(name, record ? `${place} on ${record.id}` : place, holder)] } };
  }
  return null;
}

const doesNotExist = (name: string): Problem => ({
  name,
  error: 'PROPERTY_DOESNT_EXIST',
  message: `Property "${name}" does not exist`,
});

const readOnly = (name: string): Problem => ({
  name,
  error: 'READ_ONLY_VALUE',
  message: `"${name}" is a read only property; its value cannot be set.`,
});

const blocked = (email: string): Problem => ({
  name: 'email',
  error: 'BLOCKED_EMAIL',
  message: `Email address ${email} was deleted for privacy and cannot be used`,
});

const taken = (name: string, place: string, holder: string): Problem => ({
  name,
  error: 'CONFLICTING_UNIQUE_VALUE',
  message: `Cannot set ${place}. ${holder} already has that value.`,
});
