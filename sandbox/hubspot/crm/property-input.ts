import { invalid, malformed } from '../errors.ts';
import { objectWith, optionalString, requiredString } from '../http/shape.ts';
import type { Fields } from '../http/shape.ts';
import type { PropertyDefinition, PropertyOption, PropertyType } from '../schema/property-definition.ts';

/** Which field types go with which type. */
const FIELD_TYPES: Record<PropertyType, readonly string[]> = {
  bool: ['booleancheckbox', 'calculation_equation'],
  enumeration: ['booleancheckbox', 'checkbox', 'radio', 'select', 'calculation_equation'],
  date: ['date'],
  datetime: ['date'],
  number: ['number', 'calculation_equation'],
  phone_number: ['phonenumber'],
  string: ['file', 'text', 'textarea', 'html', 'phonenumber', 'calculation_equation'],
};

export const UPDATE_FIELDS = [
  'calculationFormula',
  'description',
  'displayOrder',
  'fieldType',
  'formField',
  'groupName',
  'hidden',
  'label',
  'options',
  'type',
];
export const CREATE_FIELDS = [
  ...UPDATE_FIELDS,
  'name',
  'hasUniqueValue',
  'dataSensitivity',
  'externalOptions',
  'referencedObjectType',
];

export function newDefinition(fields: Fields, nowMs: number): PropertyDefinition {
  const name = requiredString(fields, 'name');
  if (!/^[a-z][a-z0-9_]*$/.test(name) || name.length > 100)
    throw invalid(
      `Property name '${name}' is invalid: lower-case letters, digits and underscores, starting with a letter`,
    );
  const { type, fieldType } = typesOf(requiredString(fields, 'type'), requiredString(fields, 'fieldType'));
  const hasUniqueValue = flag(fields, 'hasUniqueValue') ?? false;
  if (hasUniqueValue && type !== 'string' && type !== 'number')
    throw invalid(`A property of type ${type} cannot have unique values`);
  return {
    name,
    label: requiredString(fields, 'label'),
    type,
    fieldType,
    groupName: requiredString(fields, 'groupName'),
    description: optionalString(fields, 'description') ?? '',
    options: optionsOf(fields, type) ?? [],
    displayOrder: order(fields) ?? -1,
    hasUniqueValue,
    hidden: flag(fields, 'hidden') ?? false,
    formField: flag(fields, 'formField') ?? false,
    hubspotDefined: false,
    calculated: false,
    externalOptions: false,
    readOnlyValue: false,
    archived: false,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}

export function changedDefinition(property: PropertyDefinition, fields: Fields, nowMs: number): PropertyDefinition {
  const { type, fieldType } = typesOf(
    optionalString(fields, 'type') ?? property.type,
    optionalString(fields, 'fieldType') ?? property.fieldType,
  );
  return {
    ...property,
    type,
    fieldType,
    label: optionalString(fields, 'label') ?? property.label,
    groupName: optionalString(fields, 'groupName') ?? property.groupName,
    description: optionalString(fields, 'description') ?? property.description,
    options: fields['options'] === undefined ? property.options : (optionsOf(fields, type) ?? []),
    displayOrder: order(fields) ?? property.displayOrder,
    hidden: flag(fields, 'hidden') ?? property.hidden,
    formField: flag(fields, 'formField') ?? property.formField,
    updatedAtMs: nowMs,
  };
}

function typesOf(type: string, fieldType: string): { type: PropertyType; fieldType: string } {
  const allowed = (FIELD_TYPES as Record<string, readonly string[]>)[type];
  if (!allowed) throw malformed(`"type" cannot be "${type}"`);
  if (!allowed.includes(fieldType))
    throw invalid(`Property type ${type} and field type ${fieldType} do not go together`);
  return { type: type as PropertyType, fieldType };
}

function optionsOf(fields: Fields, type: PropertyType): PropertyOption[] | null {
  const given = fields['options'];
  if (given === undefined || (Array.isArray(given) && given.length === 0)) {
    if (type === 'bool' || type === 'enumeration') throw invalid(`A property of type ${type} needs options`);
    return null;
  }
  if (!Array.isArray(given)) throw malformed('"options" must be an array');
  const options = given.map((item) =>
    optionOf(objectWith(item, ['label', 'value', 'displayOrder', 'hidden', 'description'], 'options')),
  );
  if (new Set(options.map(({ value }) => value)).size < options.length)
    throw invalid('Two options have the same value');
  if (type === 'bool' && !sameValues(options, ['true', 'false']))
    throw invalid('The options of a bool are true and false');
  return options;
}

function optionOf(fields: Fields): PropertyOption {
  const displayOrder = order(fields);
  const hidden = flag(fields, 'hidden');
  if (displayOrder === undefined || hidden === undefined)
    throw invalid('Some required fields were not set: [displayOrder, hidden]');
  return { label: requiredString(fields, 'label'), value: requiredString(fields, 'value'), displayOrder, hidden };
}

const sameValues = (options: PropertyOption[], values: string[]): boolean =>
  options.length === values.length && options.every(({ value }) => values.includes(value));

function flag(fields: Fields, key: string): boolean | undefined {
  const value = fields[key];
  if (value !== undefined && typeof value !== 'boolean') throw malformed(`"${key}" must be a boolean`);
  return value;
}

function order(fields: Fields): number | undefined {
  const value = fields['displayOrder'];
  if (value !== undefined && !Number.isInteger(value)) throw malformed('"displayOrder" must be an integer');
  return value as number | undefined;
}
