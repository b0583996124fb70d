/** One error as Salesforce states it. */
type Stated = { readonly code: string; readonly message: string; readonly fields: readonly string[] };

/** What Salesforce means by its codes. Its own sentences repeat values of people, and not always in quotation marks. */
const MEANINGS: Readonly<Record<string, string>> = {
  API_CURRENTLY_DISABLED: 'its API is switched off at the moment',
  API_DISABLED_FOR_ORG: 'the org, or its edition, has no access to the API',
  CLIENT_NOT_ACCESSIBLE_FOR_USER: 'the connected user may not use this app',
  FORBIDDEN: 'the connected user may not do this',
  FUNCTIONALITY_NOT_ENABLED: 'a feature that the call needs is not switched on in the org',
  INSUFFICIENT_ACCESS: 'the connected user may not do this',
  INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: 'the connected user may not use a record that this one refers to',
  INSUFFICIENT_ACCESS_OR_READONLY: 'the connected user may not change this',
  INVALID_FIELD: 'there is no such field for the connected user',
  INVALID_FIELD_FOR_INSERT_UPDATE: 'the connected user may not write the field',
  INVALID_QUERY_LOCATOR: 'a page of a list has expired',
  INVALID_TYPE: 'there is no such object for the connected user',
  JSON_PARSER_ERROR: 'a value is not of the type of its field',
  MALFORMED_ID: 'an id is not one of its own',
  MALFORMED_QUERY: 'it cannot read a query of ours',
  NOT_FOUND: 'there is nothing at this address',
  ORG_LOCKED: 'the org is locked',
  QUERY_TIMEOUT: 'a query took too long',
  QUERY_TOO_COMPLICATED: 'a query is too large for it',
  REQUEST_LIMIT_EXCEEDED: 'the org has no calls left',
  STRING_TOO_LONG: 'a value is too long for its field',
  UNSUPPORTED_API_VERSION: 'it does not know this version of its API',
};

const CODE = /^[A-Z][A-Z0-9_]{1,79}$/;
const NAME = /^[A-Za-z]\w{0,79}$/;
/** Where Salesforce's sentences name a field or an object of its own, which is never a value. */
const NAMED = [/No such column '([A-Za-z]\w*)'/, /sObject type '([A-Za-z]\w*)'/];
const NAMING: ReadonlySet<string> = new Set(['INVALID_FIELD', 'INVALID_FIELD_FOR_INSERT_UPDATE', 'INVALID_TYPE']);
const MOST_NAMES = 10;

/** A sentence about a refusal that is fit for logs and for everybody: a meaning of ours, the code, and names of fields. */
export function safeWords(errors: readonly Stated[]): string {
  const [first] = errors;
  if (first === undefined) return 'Salesforce did not say why.';
  const code = safeCode(first.code);
  const meaning = MEANINGS[code] ?? 'it did not say why in words that may be repeated';
  const names = [...new Set(errors.flatMap(namesIn))].slice(0, MOST_NAMES);
  return `Salesforce says: ${meaning}${names.length === 0 ? '' : ` (${names.join(', ')})`}. Its code: ${code}.`;
}

/** What should be a code and is none could be anything. */
export function safeCode(code: string): string {
  return CODE.test(code) ? code : 'UNKNOWN';
}

function namesIn({ code, message, fields }: Stated): readonly string[] {
  const named = NAMING.has(code) ? NAMED.flatMap((pattern) => pattern.exec(message)?.[1] ?? []) : [];
  return [...fields, ...named].filter((name) => NAME.test(name));
}
