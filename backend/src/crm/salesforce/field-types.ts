import type { FieldDescription } from '../port.ts';
import type { SalesforceField } from './object-description.ts';
import { portName } from './object-description.ts';

const OUR_TYPES: Readonly<Record<string, FieldDescription['type']>> = {
  string: 'text',
  textarea: 'text',
  phone: 'text',
  email: 'text',
  url: 'text',
  combobox: 'text',
  id: 'text',
  reference: 'text',
  picklist: 'choice',
  multipicklist: 'choice',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
  date: 'date',
  datetime: 'datetime',
};

const YES_NO = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
] as const;

/** One field as a rule's author sees it. Of an encrypted one Salesforce answers neither searches nor, to most, the value. */
export function fromSalesforceFieldType(field: SalesforceField): FieldDescription {
  const type = field.encrypted ? 'other' : (OUR_TYPES[field.type] ?? 'other');
  const options = type === 'boolean' ? YES_NO : type === 'choice' ? field.options : [];
  return { name: portName(field.name), label: field.label, type, options };
}
