import type { CrmField, CrmFieldType } from '../../../../shared/crm-fields.ts';
import { HUBSPOT_PROPERTY_GROUP } from '../../../../shared/crm-fields.ts';
import type { FieldDescription } from '../port.ts';
import { isJsonObject, listOrEmpty, requireObject, requireText, textOrNull, type JsonObject } from './answer-shape.ts';

const OUR_TYPES: Readonly<Record<string, FieldDescription['type']>> = {
  string: 'text',
  phone_number: 'text',
  enumeration: 'choice',
  bool: 'boolean',
  number: 'number',
  date: 'date',
  datetime: 'datetime',
};

const HUBSPOT_TYPES: Readonly<Record<CrmFieldType, { readonly type: string; readonly fieldType: string }>> = {
  text: { type: 'string', fieldType: 'text' },
  number: { type: 'number', fieldType: 'number' },
  datetime: { type: 'datetime', fieldType: 'date' },
  choice: { type: 'enumeration', fieldType: 'select' },
};

const YES_NO = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
] as const;

/** One property of HubSpot's list as a rule's author sees it. */
export function fromHubSpotProperty(property: unknown): FieldDescription {
  const source = requireObject(property, 'a property');
  const name = requireText(source['name'], 'the name of a property');
  const type = OUR_TYPES[textOrNull(source['type']) ?? ''] ?? 'other';
  return { name, label: textOrNull(source['label']) ?? name, type, options: optionsOf(source, type) };
}

function optionsOf(source: JsonObject, type: FieldDescription['type']): FieldDescription['options'] {
  if (type !== 'choice' && type !== 'boolean') return [];
  const options = listOrEmpty(source['options'])
    .filter(isJsonObject)
    .map((option) => {
      const value = requireText(option['value'], 'the value of an option');
      return { value, label: textOrNull(option['label']) ?? value };
    });
  return type === 'boolean' && options.length === 0 ? YES_NO : options;
}

/** A field of ours that HubSpot has a name for, on whatever object. */
export type HubSpotField = Omit<CrmField, 'side' | 'hubspot' | 'salesforce'> & { readonly hubspot: string };

/** What HubSpot needs to create one of our fields. */
export function toHubSpotProperty(field: HubSpotField): JsonObject {
  const options = (field.options ?? []).map(({ value, label }, displayOrder) => ({
    value,
    label,
    displayOrder,
    hidden: false,
  }));
  return {
    groupName: HUBSPOT_PROPERTY_GROUP.name,
    name: field.hubspot,
    label: field.label,
    description: field.description,
    ...HUBSPOT_TYPES[field.type],
    ...(options.length > 0 ? { options } : {}),
    ...(field.unique === true ? { hasUniqueValue: true } : {}),
    formField: false,
  };
}
