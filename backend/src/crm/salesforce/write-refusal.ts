import { listOrEmpty, objectOrEmpty, textOrNull } from '../answer-shape.ts';
import type { WriteRefusal } from '../port.ts';
import { portName } from './object-description.ts';
import { isLeadId, toLongId } from './record-ids.ts';
import type { ErrorEntry } from './rejection.ts';
import { isRecordId } from './soql.ts';

const GONE: ReadonlySet<string> = new Set(['ENTITY_IS_DELETED', 'NOT_FOUND', 'INVALID_CROSS_REFERENCE_KEY']);
const EXISTS: ReadonlySet<string> = new Set(['DUPLICATES_DETECTED', 'DUPLICATE_VALUE']);
const UNWRITABLE: ReadonlySet<string> = new Set(['INVALID_FIELD_FOR_INSERT_UPDATE', 'INVALID_FIELD']);
const LOCKED_ROW = /\bUNABLE_TO_LOCK_ROW\b/;
/** What ends without anybody touching the record: Salesforce has a bad moment, or an approval keeps the record from all. */
const PASSING: ReadonlySet<string> = new Set([
  'ENTITY_IS_LOCKED',
  'SERVER_UNAVAILABLE',
  'UNKNOWN_EXCEPTION',
  'REQUEST_LIMIT_EXCEEDED',
  'REQUEST_RUNNING_TOO_LONG',
]);
const LOCKED_ENTITY = /\bENTITY_IS_LOCKED\b/;
const OVER_LIMIT = /System\.LimitException|Too many (SOQL queries|DML statements)|Apex CPU time limit exceeded/i;
const HOLDER_ID = /record with id:\s*(\w{15,18})/i;
const UNKNOWN_COLUMN = /No such column '(\w+)'/i;
const MAX_CHARACTERS = 500;

/** Why Salesforce refused one record: in the org's own words, with fields by the names behind the port (E37). */
export function toWriteRefusal(errors: readonly ErrorEntry[]): WriteRefusal {
  const code = refusalCode(errors);
  const fields = fieldsOf(errors);
  const unwritable = fieldsOf(errors.filter((error) => UNWRITABLE.has(error.code)));
  const existingRecordId = code === 'record_exists' ? existingIdOf(errors) : undefined;
  return {
    code,
    message: wordsOf(errors).slice(0, MAX_CHARACTERS),
    fields,
    ...(unwritable.length === 0 ? {} : { unwritableFields: unwritable }),
    ...(existingRecordId === undefined ? {} : { existingRecordId }),
  };
}

/** The same for a record that was to be made: there is none that could be gone, only one that it refers to. */
export function toCreationRefusal(errors: readonly ErrorEntry[]): WriteRefusal {
  const refusal = toWriteRefusal(errors);
  return refusal.code === 'record_gone' ? { ...refusal, code: 'record_rejected' } : refusal;
}

/** A trigger or flow that met the lock on another record says so in its words only. */
export function isLocked(errors: readonly ErrorEntry[]): boolean {
  return errors.some(({ code, message }) => LOCKED_ROW.test(code) || LOCKED_ROW.test(message));
}

/** The org's own code did more than one transaction may: it may do for fewer records. */
export function isOverLimit(errors: readonly ErrorEntry[]): boolean {
  return errors.some(({ message }) => OVER_LIMIT.test(message));
}

function isPassing(errors: readonly ErrorEntry[]): boolean {
  return errors.some(({ code, message }) => PASSING.has(code) || LOCKED_ENTITY.test(message));
}

export function isUnwritable(errors: readonly ErrorEntry[]): boolean {
  return errors.some(({ code }) => UNWRITABLE.has(code));
}

/** The record itself is no more, or is a lead that became a contact: writing goes on there. */
export function hasMoved(errors: readonly ErrorEntry[]): boolean {
  return errors.some((error) => isGone(error) || error.code === 'CANNOT_UPDATE_CONVERTED_LEAD');
}

function refusalCode(errors: readonly ErrorEntry[]): WriteRefusal['code'] {
  if (errors.some(isGone)) return 'record_gone';
  if (errors.some(({ code }) => EXISTS.has(code))) return 'record_exists';
  return [isLocked, isOverLimit, isPassing].some((is) => is(errors)) ? 'record_locked' : 'record_rejected';
}

/** Of a field with the id of another record that is gone the code is the same: then the field is named. */
function isGone({ code, fields }: ErrorEntry): boolean {
  return GONE.has(code) && fields.every((field) => field.toLowerCase() === 'id');
}

function wordsOf(errors: readonly ErrorEntry[]): string {
  const words = errors.map(({ message, duplicates }) => textOrNull(duplicates['errorMessage']) ?? message);
  return words.length > 0 ? [...new Set(words)].join(' ') : 'Salesforce refused this record without saying why.';
}

function fieldsOf(errors: readonly ErrorEntry[]): readonly string[] {
  const named = errors.flatMap(({ fields, message }) => [...fields, UNKNOWN_COLUMN.exec(message)?.[1] ?? []].flat());
  return [...new Set(named.map(portName))];
}

/** Of several records a rule found, a contact before a lead, else the first. */
function existingIdOf(errors: readonly ErrorEntry[]): string | undefined {
  const holders = errors.map(({ message }) => HOLDER_ID.exec(message)?.[1]).filter((id) => id !== undefined);
  const found = [...holders, ...errors.flatMap(matchedIds)].filter(isRecordId).map(toLongId);
  return found.find((id) => !isLeadId(id)) ?? found[0];
}

function matchedIds({ duplicates }: ErrorEntry): readonly string[] {
  return listOrEmpty(duplicates['matchResults'])
    .flatMap((result) => listOrEmpty(objectOrEmpty(result)['matchRecords']))
    .map((match) => textOrNull(objectOrEmpty(objectOrEmpty(match)['record'])['Id']))
    .filter((id) => id !== null);
}
