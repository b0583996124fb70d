import type { WriteRefusal } from '../port.ts';
import { listOrEmpty, textOrNull, type JsonObject } from './answer-shape.ts';
import type { ErrorBody } from './rejection.ts';
import { readInvalidProperties } from './safe-message.ts';

const EXISTING_ID = /Existing ID:\s*(\d+)/i;
const HOLDER_ID = /(\d+) already has that value/i;
const MAX_CHARACTERS = 500;
const UNWRITABLE: ReadonlySet<string> = new Set(['PROPERTY_DOESNT_EXIST', 'READ_ONLY_VALUE']);

/** A value only one record of its kind may hold, e-mails in lower case: it identifies a record that is being created. */
export type UniqueValue = { readonly property: string; readonly value: string };

/**
 * Why HubSpot refused one record: `status` is that of the call, 207 for one element of a partial failure. A conflict on
 * `unique` means that the record exists; one on any other property is a value HubSpot does not take.
 */
export function toWriteRefusal(error: ErrorBody, status: number, unique?: UniqueValue): WriteRefusal {
  const words = wordsOf(error);
  const conflicts = unique === undefined ? [] : conflictsOn(error, unique.property);
  const existingRecordId = [
    ...words.map((text) => EXISTING_ID.exec(text)?.[1]),
    ...conflicts.map((text) => HOLDER_ID.exec(text)?.[1]),
  ].find((id) => id !== undefined);
  const unwritable = readInvalidProperties(error.message).filter(({ code }) => UNWRITABLE.has(code));
  const exists = existingRecordId !== undefined || conflicts.length > 0;
  return {
    code: refusalCode(error, status, exists),
    message: explanation(error, words).slice(0, MAX_CHARACTERS),
    fields: [...new Set(fieldNames(error))],
    ...(unwritable.length === 0 ? {} : { unwritableFields: [...new Set(unwritable.map(({ name }) => name))] }),
    ...(existingRecordId === undefined ? {} : { existingRecordId }),
  };
}

/** HubSpot's words about another record that holds the value this property was to get; empty when that is not why. */
export function conflictsOn(error: ErrorBody, property: string): readonly string[] {
  const listed = error.errors.map((entry) => ({
    names: [textOrNull(entry['in']), ...propertyNames(entry['context'])],
    code: textOrNull(entry['code']) ?? '',
    text: textOrNull(entry['message']) ?? '',
  }));
  const invalid = readInvalidProperties(error.message).map(({ name, code, explanation: text }) => ({
    names: [name],
    code,
    text,
  }));
  return [...invalid, ...listed]
    .filter(({ names, code, text }) => names.includes(property) && (/UNIQUE/i.test(code) || HOLDER_ID.test(text)))
    .map(({ text }) => text);
}

function refusalCode(error: ErrorBody, status: number, exists: boolean): WriteRefusal['code'] {
  const category = (error.category ?? '').toUpperCase();
  if (status === 404 || category.includes('NOT_FOUND')) return 'record_gone';
  if (status === 409 || exists || category === 'CONFLICT' || category.includes('ALREADY_EXISTS'))
    return 'record_exists';
  if (status === 423 || category.includes('LOCK')) return 'record_locked';
  return 'record_rejected';
}

function wordsOf(error: ErrorBody): readonly string[] {
  return [error.message, ...error.errors.map((entry) => textOrNull(entry['message']))].filter((text) => text !== null);
}

function explanation(error: ErrorBody, words: readonly string[]): string {
  const invalid = readInvalidProperties(error.message);
  if (invalid.length > 0) return invalid.map(({ name, explanation: why, code }) => `${name}: ${why || code}`).join(' ');
  return words[0] ?? 'HubSpot refused this record without saying why.';
}

function fieldNames(error: ErrorBody): readonly string[] {
  const named = error.errors.map((entry) => textOrNull(entry['in'])).filter((name) => name !== null);
  const inContext = [error.context, ...error.errors.map((entry) => entry['context'])].flatMap(propertyNames);
  return [...readInvalidProperties(error.message).map(({ name }) => name), ...named, ...inContext];
}

function propertyNames(context: unknown): readonly string[] {
  if (typeof context !== 'object' || context === null) return [];
  return listOrEmpty((context as JsonObject)['propertyName']).filter(
    (name): name is string => typeof name === 'string',
  );
}
