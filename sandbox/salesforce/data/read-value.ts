import { RecordRefusal, unreadableValue } from '../errors.ts';
import { prefixOf, readId } from '../ids.ts';
import { dateTimeText, readDate, readDateTime } from '../instant.ts';
import type { Field } from '../schema/field.ts';
import { rowOf, typeOfId } from '../state/find-row.ts';
import type { Org } from '../state/org.ts';
import type { Value } from '../state/table.ts';

const NUMBERS = ['double', 'currency', 'percent', 'int'];
const EMAIL = /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\]+\.[^\s@.]+$/;

/** A value as it came in JSON, checked against its column, as Salesforce would store it. */
export function readValue(org: Org, field: Field, given: unknown): Value {
  if (given === null || given === '') return emptied(field);
  if (NUMBERS.includes(field.type)) return numberOf(field, given);
  if (field.type === 'boolean') return typeof given === 'boolean' ? given : refuseType('boolean', given);
  if (typeof given !== 'string') return refuseType(field.type === 'string' ? 'string' : field.type, given);
  if (field.type === 'datetime') return dateTimeOf(given);
  if (field.type === 'date') return readDate(given) ?? refuseType('date', given);
  if (field.type === 'reference') return referenceOf(org, field, given);
  return textOf(field, given);
}

function emptied(field: Field): Value {
  if (field.type !== 'boolean') return null;
  throw new RecordRefusal(
    'INVALID_TYPE_ON_FIELD_IN_RECORD',
    `${field.label}: value not of required type: `,
    named(field),
  );
}

const named = (field: Field) => ({ fields: [field.name] });

function refuseType(type: string, given: unknown): never {
  throw unreadableValue(type, given);
}

function numberOf(field: Field, given: unknown): number {
  if (typeof given !== 'number') return refuseType(field.type === 'int' ? 'int' : 'double', given);
  if (field.type === 'int') return Number.isInteger(given) ? given : refuseType('int', given);
  const rounded = Number(given.toFixed(field.scale));
  if (Math.abs(rounded) < 10 ** (field.precision - field.scale)) return rounded;
  throw new RecordRefusal(
    'NUMBER_OUTSIDE_VALID_RANGE',
    `${field.label}: value outside of valid range on numeric field: ${given}`,
    named(field),
  );
}

function dateTimeOf(given: string): string {
  const atMs = readDateTime(given);
  if (atMs === null) return refuseType('datetime', given);
  return dateTimeText(Math.floor(atMs / 1000) * 1000);
}

function textOf(field: Field, given: string): string | null {
  const kept = given.trim();
  if (kept === '') return null;
  if (kept.length > field.length)
    throw new RecordRefusal(
      'STRING_TOO_LONG',
      `${field.label}: data value too large: ${kept} (max length=${field.length})`,
      named(field),
    );
  if (field.type === 'email' && !EMAIL.test(kept))
    throw new RecordRefusal('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${kept}`, named(field));
  if (field.restrictedPicklist && !field.picklistValues.some(({ value, active }) => active && value === kept))
    throw new RecordRefusal(
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      `${field.label}: bad value for restricted picklist field: ${kept}`,
      named(field),
    );
  return kept;
}

/** Whether the record is there is asked too, because nothing can be linked to what is gone. */
function referenceOf(org: Org, field: Field, given: string): string {
  const id = readId(given);
  if (id === null)
    throw new RecordRefusal('MALFORMED_ID', `${field.label}: id value of incorrect type: ${given}`, named(field));
  const type = typeOfId(org, id);
  if (type && !field.referenceTo.includes(type.name))
    throw new RecordRefusal(
      'FIELD_INTEGRITY_EXCEPTION',
      `${field.label}: id value of incorrect type: ${given}`,
      named(field),
    );
  const row = rowOf(org, id);
  if (!row) throw new RecordRefusal('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  if (row['IsDeleted'] === true) throw new RecordRefusal('ENTITY_IS_DELETED', 'entity is deleted');
  if (field.name === 'OwnerId' && prefixOf(id) === '005' && row['IsActive'] !== true)
    throw new RecordRefusal('INACTIVE_OWNER_OR_USER', `operation performed with inactive user [${id}] as owner`);
  return id;
}
