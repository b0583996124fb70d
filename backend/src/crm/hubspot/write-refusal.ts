import type { WriteRefusal } from '../port.ts';
import { listOrEmpty, textOrNull, type JsonObject } from './answer-shape.ts';
import type { ErrorBody } from './rejection.ts';
import { readInvalidProperties } from './safe-message.ts';

const EXISTING_ID = /Existing ID:\s*(\d+)/i;
const MAX_CHARACTERS = 500;

/** Why HubSpot refused one record: `status` is that of the call, 207 for one element of a partial failure. */
export function toWriteRefusal(error: ErrorBody, status: number): WriteRefusal {
  const words = wordsOf(error);
  const existingRecordId = words.map((text) => EXISTING_ID.exec(text)?.[1]).find((id) => id !== undefined);
  return {
    code: refusalCode(error, status, existingRecordId !== undefined),
    message: explanation(error, words).slice(0, MAX_CHARACTERS),
    fields: [...new Set(fieldNames(error))],
    ...(existingRecordId === undefined ? {} : { existingRecordId }),
  };
}

function refusalCode(error: ErrorBody, status: number, namesExisting: boolean): WriteRefusal['code'] {
  const category = (error.category ?? '').toUpperCase();
  if (status === 404 || category.includes('NOT_FOUND')) return 'record_gone';
  if (status === 409 || namesExisting || category === 'CONFLICT' || category.includes('ALREADY_EXISTS'))
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
