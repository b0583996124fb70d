import { badRequest, invalidField, malformedQuery } from '../errors.ts';
import { readId } from '../ids.ts';
import { dateTimeText, readDate, readDateTime } from '../instant.ts';
import type { Field } from '../schema/field.ts';
import type { Value } from '../state/table.ts';

export interface Literal {
  text: string;
  type: string;
}

const NUMBERS = ['double', 'currency', 'percent', 'int'];

/** A literal of a filter as the column would store it; each type of column takes its own kind of literal only. */
export function readLiteral(field: Field, { text, type }: Literal): Value {
  if (type === 'NULL') return field.type === 'boolean' ? mistyped(field, 'boolean', false) : null;
  if (NUMBERS.includes(field.type))
    return type === 'INTEGER' || type === 'DECIMAL' ? Number(text) : mistyped(field, 'double', false);
  if (field.type === 'boolean')
    return type === 'BOOLEAN' ? text.toUpperCase() === 'TRUE' : mistyped(field, 'boolean', false);
  if (field.type === 'datetime') return instant(field, { text, type });
  if (field.type === 'date') return (type === 'DATE' ? readDate(text) : null) ?? mistyped(field, 'date', false);
  if (type !== 'STRING') return mistyped(field, 'string', true);
  const value = unquote(text);
  if (field.type !== 'id' && field.type !== 'reference') return value === '' ? null : value;
  return value === '' ? null : (readId(value) ?? malformedId(value));
}

function instant(field: Field, { text, type }: Literal): string {
  const atMs = type === 'DATETIME' ? readDateTime(text) : null;
  return atMs === null ? mistyped(field, 'dateTime', false) : dateTimeText(atMs);
}

function mistyped(field: Field, type: string, quoted: boolean): never {
  throw invalidField(
    `value of filter criterion for field '${field.name}' must be of type ${type} and should ${quoted ? '' : 'not '}be enclosed in quotes`,
  );
}

function malformedId(value: string): never {
  throw badRequest('INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${value}`);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** The text between the quotes. Of a pattern, `\%` and `\_` stay as they are, for the matcher to read. */
export function unquote(quoted: string, pattern = false): string {
  return quoted.slice(1, -1).replaceAll(/\\(.?)/gs, (escape, next: string) => {
    if (next === "'" || next === '"' || next === '\\') return pattern && next === '\\' ? escape : next;
    if (pattern && (next === '%' || next === '_')) return escape;
    const control = ESCAPES[next.toLowerCase()];
    if (control === undefined)
      throw malformedQuery(`Illegal string literal: Invalid string literal '${quoted.slice(1, -1)}'`);
    return control;
  });
}

/** `%` is anything, `_` one character, in either case. */
export function patternOf(quoted: string): RegExp {
  const parts = unquote(quoted, true).match(/\\[%_\\]|[^]/g) ?? [];
  const source = parts.map((part) => (part === '%' ? '[^]*' : part === '_' ? '[^]' : plainPart(part))).join('');
  return new RegExp(`^${source}$`, 'i');
}

const plainPart = (part: string): string => part.slice(-1).replace(/[.*+?^${}()|[\]\\/-]/, '\\$&');
