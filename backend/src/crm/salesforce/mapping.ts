import { requireText, textOrNull, type JsonObject } from '../answer-shape.ts';
import { CrmUnavailable } from '../errors.ts';
import type { CrmOwner, CrmRecord, FieldValues, PersonFields } from '../port.ts';
import { decimalText } from './decimal-text.ts';
import type { SalesforceField } from './object-description.ts';

/** What every read of a record asks for besides the caller's fields. */
export const ALWAYS_READ = ['Id', 'CreatedDate', 'SystemModstamp'] as const;

/** Text as the rest of the service keeps values; null where Salesforce has none, and for compound values. */
export function fromSalesforceValue(value: unknown): string | null {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' ? decimalText(value) : textOrNull(value);
}

/** A field's value in the type its JSON must have: Salesforce refuses a whole call for one number that is a text. */
export function toSalesforceValue(field: SalesforceField, value: string | null): unknown {
  if (value === null || value === '') return field.type === 'boolean' ? false : null;
  switch (field.type) {
    case 'boolean':
      return value === 'true';
    case 'int':
    case 'long':
    case 'double':
    case 'currency':
    case 'percent':
      return Number(value);
    default:
      return value;
  }
}

/** True when the text cannot be a value of this field's type at all. */
export function isOfOtherType(field: SalesforceField, value: string | null): boolean {
  if (value === null || value === '') return false;
  if (field.type === 'boolean') return value !== 'true' && value !== 'false';
  const numeric = ['int', 'long', 'double', 'currency', 'percent'].includes(field.type);
  return numeric && !/^-?\d+(?:\.\d+)?$/.test(value.trim());
}

export type SalesforceRecordInput = {
  readonly objectType: CrmRecord['objectType'];
  readonly row: JsonObject;
  readonly values: FieldValues;
  readonly mergedIds: readonly string[];
};

/** One live row. Raises `CrmUnavailable` when it has no id or no readable times. */
export function fromSalesforceRow({ objectType, row, values, mergedIds }: SalesforceRecordInput): CrmRecord {
  return {
    objectType,
    id: idOf(row),
    values,
    createdAt: time(row, 'CreatedDate'),
    modifiedAt: time(row, 'SystemModstamp'),
    mergedIds,
  };
}

export function idOf(row: JsonObject): string {
  return requireText(row['Id'], 'the id of a record');
}

export function time(row: JsonObject, field: string): Date {
  const date = new Date(textOrNull(row[field]) ?? Number.NaN);
  if (!Number.isNaN(date.getTime())) return date;
  throw new CrmUnavailable(`Salesforce answered a record without a readable ${field}.`);
}

/** A person's details by Salesforce's own names, of contacts and leads alike; empty ones are left out. */
export function toSalesforcePerson(person: PersonFields): FieldValues {
  const values: FieldValues = { FirstName: person.firstName, LastName: person.lastName, Phone: person.phone };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value.trim() !== ''));
}

/** An active user. */
export function fromSalesforceUser(row: JsonObject): CrmOwner {
  const [id, email] = [idOf(row), textOrNull(row['Email'])];
  return { id, name: textOrNull(row['Name']) ?? email ?? id, email };
}

/** Host of the org's own pages, where people see records; the API has another one. */
export function toUiDomain(instanceUrl: string): string | null {
  const url = URL.parse(instanceUrl);
  if (url === null) return null;
  return url.host.replace(/\.my\.salesforce\.com$/, '.lightning.force.com');
}
