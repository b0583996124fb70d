const ID = /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/;
const NAME = /^[A-Za-z]\w*(?:\.[A-Za-z]\w*)?$/;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/** A part of a query that needs no more quoting. Made by the functions of this file alone. */
export type Soql = { readonly soql: string };

export type SelectInput = {
  /** Names of fields, and child queries. */
  readonly select: readonly (string | Soql)[];
  readonly from: string;
  /** All of them hold. */
  readonly where?: readonly Soql[];
  readonly orderBy?: readonly string[];
  readonly limit?: number;
};

export function isRecordId(value: string): boolean {
  return ID.test(value);
}

/** A text between quotation marks. */
export function textLiteral(value: string): Soql {
  return { soql: `'${value.replace(/[\\'"\n\r\t\b\f]/g, (character) => ESCAPES[character] ?? character)}'` };
}

/** An id between quotation marks. Raises on anything else: no record has such an id, which the caller must have seen. */
export function idLiteral(id: string): Soql {
  if (!isRecordId(id)) throw new Error('Not a Salesforce id.');
  return { soql: `'${id}'` };
}

/** Names are never in quotation marks. */
export function instantLiteral(instant: Date): Soql {
  return { soql: instant.toISOString() };
}

/** A pattern for LIKE: the text wherever it stands. */
export function containsLiteral(text: string): Soql {
  return {
    soql: textLiteral(text)
      .soql.replace(/^'|'$/g, '')
      .replace(/[%_]/g, (sign) => `\\${sign}`),
  };
}

/** The name of a field or an object. Raises on anything else. */
export function nameOf(name: string): Soql {
  if (!NAME.test(name)) throw new Error(`Not a name of Salesforce: ${name.slice(0, 80)}`);
  return { soql: name };
}

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

export function compare(name: string, comparison: Comparison, value: Soql | boolean): Soql {
  return {
    soql: `${nameOf(name).soql} ${comparison} ${typeof value === 'boolean' ? String(value) : value.soql}`,
  };
}

export function contains(name: string, text: string): Soql {
  return { soql: `${nameOf(name).soql} LIKE '%${containsLiteral(text).soql}%'` };
}

/** Salesforce refuses an empty list: so does this. */
export function isIn(name: string, values: readonly Soql[]): Soql {
  if (values.length === 0) throw new Error('A list of a query must not be empty.');
  return { soql: `${nameOf(name).soql} IN (${values.map(({ soql }) => soql).join(',')})` };
}

/** In parentheses, as the grammar wants it beside an OR. */
export function allOf(conditions: readonly Soql[]): Soql {
  return { soql: `(${conditions.map(({ soql }) => soql).join(' AND ')})` };
}

export function anyOf(conditions: readonly Soql[]): Soql {
  return { soql: `(${conditions.map(({ soql }) => soql).join(' OR ')})` };
}

export function select(input: SelectInput): string {
  const names = input.select.map((part) => (typeof part === 'string' ? nameOf(part) : part).soql);
  const where = (input.where ?? []).map(({ soql }) => soql);
  const order = (input.orderBy ?? []).map((name) => nameOf(name).soql);
  return [
    `SELECT ${names.join(', ')} FROM ${nameOf(input.from).soql}`,
    ...(where.length > 0 ? [`WHERE ${where.join(' AND ')}`] : []),
    ...(order.length > 0 ? [`ORDER BY ${order.join(', ')}`] : []),
    ...(input.limit === undefined ? [] : [`LIMIT ${String(Math.trunc(input.limit))}`]),
  ].join(' ');
}

/** The rows of a child relationship, beside the fields of their parent. */
export function childQuery(input: SelectInput): Soql {
  return { soql: `(${select(input)})` };
}

export const COUNT: Soql = { soql: 'COUNT()' };
