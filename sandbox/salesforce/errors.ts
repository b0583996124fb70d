/** One entry of Salesforce's error body, an array; thrown by handlers, printed by the server. */
export interface ErrorInput {
  status: number;
  errorCode: string;
  message: string;
  fields?: readonly string[];
  headers?: Record<string, string>;
  /** more keys of the entry, such as what duplicates were found */
  more?: Record<string, unknown>;
  /** the whole body, where it is not the usual array */
  body?: unknown;
}

export class SalesforceError extends Error {
  readonly input: ErrorInput;

  constructor(input: ErrorInput) {
    super(input.message);
    this.input = input;
  }

  get status(): number {
    return this.input.status;
  }

  body(): unknown {
    const { message, errorCode, fields, more, body } = this.input;
    return body ?? [{ ...more, message, errorCode, ...(fields && { fields }) }];
  }
}

/** Why one record was not written: an entry of `errors` in a collection, the whole answer of a single write. */
export class RecordRefusal extends Error {
  readonly statusCode: string;
  readonly fields: readonly string[];
  /** what a duplicate rule found */
  readonly duplicateResult: Record<string, unknown> | null;

  constructor(
    statusCode: string,
    message: string,
    more: { fields?: readonly string[]; duplicateResult?: object } = {},
  ) {
    super(message);
    this.statusCode = statusCode;
    this.fields = more.fields ?? [];
    this.duplicateResult = (more.duplicateResult as Record<string, unknown>) ?? null;
  }
}

const refused = (status: number, errorCode: string, message: string): SalesforceError =>
  new SalesforceError({ status, errorCode, message });

export const badRequest = (errorCode: string, message: string): SalesforceError => refused(400, errorCode, message);

export const notFound = (message = 'The requested resource does not exist'): SalesforceError =>
  refused(404, 'NOT_FOUND', message);

export const wrongMethod = (method: string): SalesforceError =>
  refused(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${method}' not allowed.`);

export const invalidSession = (): SalesforceError => refused(401, 'INVALID_SESSION_ID', 'Session expired or invalid');

export const malformedQuery = (message: string): SalesforceError => badRequest('MALFORMED_QUERY', message);

export const invalidField = (message: string): SalesforceError => badRequest('INVALID_FIELD', message);

/** A value that does not fit its field's type spoils the whole request: nothing of it is written. */
export const unreadableValue = (type: string, value: unknown): SalesforceError =>
  badRequest(
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance of ${type} from VALUE_${kindOf(value)} value ${JSON.stringify(value)} or request may be missing a required field at [line:1, column:1]`,
  );

function kindOf(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'NUMBER_INT' : 'NUMBER_FLOAT';
  return typeof value === 'boolean' ? String(value).toUpperCase() : typeof value === 'string' ? 'STRING' : 'OBJECT';
}

export const noSuchColumn = (field: string, object: string): SalesforceError =>
  invalidField(
    `No such column '${field}' on entity '${object}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
  );

export const unsupportedType = (object: string): SalesforceError =>
  badRequest(
    'INVALID_TYPE',
    `sObject type '${object}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`,
  );
