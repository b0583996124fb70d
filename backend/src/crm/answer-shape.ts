import { CrmUnavailable } from './errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** True for a JSON object; arrays and null are not objects here. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON object, or an empty one: for the optional parts of an answer. */
export function objectOrEmpty(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The list, or an empty one: for the optional parts of an answer. */
export function listOrEmpty(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A non-empty text, or null. Numbers become text: a CRM may state the same id both ways. */
export function textOrNull(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return null;
}

/** The JSON object an answer must have at this place; raises `CrmUnavailable` naming the place. */
export function requireObject(value: unknown, place: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw unexpected(place);
}

/** The list an answer must have at this place; raises `CrmUnavailable` naming the place. */
export function requireList(value: unknown, place: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw unexpected(place);
}

/** The text or whole number an answer must have at this place, as text; raises `CrmUnavailable` naming the place. */
export function requireText(value: unknown, place: string): string {
  const text = textOrNull(value);
  if (text !== null) return text;
  throw unexpected(place);
}

/** An answer we cannot read is no answer: retried later, and never taken for "nothing there". */
function unexpected(place: string): CrmUnavailable {
  return new CrmUnavailable(`The CRM answered in a form we do not know: ${place} is missing or of another type.`);
}
