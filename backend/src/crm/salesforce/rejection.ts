import { listOrEmpty, objectOrEmpty, textOrNull, type JsonObject } from '../answer-shape.ts';
import { CrmRejected } from '../errors.ts';
import { safeCode, safeWords } from './safe-words.ts';

/** One error of Salesforce in our words, of a call or of one record of a collection. */
export type ErrorEntry = {
  readonly code: string;
  readonly message: string;
  readonly fields: readonly string[];
  /** Of DUPLICATES_DETECTED: which records a duplicate rule found. */
  readonly duplicates: JsonObject;
};

/** Reads a list of errors; one that has another form is left out. Never throws. */
export function readErrors(body: unknown): readonly ErrorEntry[] {
  return (Array.isArray(body) ? body : [body]).flatMap((raw) => {
    const source = objectOrEmpty(raw);
    const code = textOrNull(source['errorCode']) ?? textOrNull(source['statusCode']) ?? textOrNull(source['error']);
    if (code === null) return [];
    return {
      code,
      message: textOrNull(source['message']) ?? textOrNull(source['error_description']) ?? code,
      fields: listOrEmpty(source['fields']).filter((field) => typeof field === 'string'),
      // Salesforce's own spelling of the key has been both.
      duplicates: objectOrEmpty(source['duplicateResult'] ?? source['duplicateResut']),
    };
  });
}

export type RejectionInput = {
  readonly status: number;
  readonly path: string;
  readonly errors: readonly ErrorEntry[];
};

/**
 * A refusal of a whole call to Salesforce. `errors` holds Salesforce's own words, which may repeat values: a getter over
 * a private field, so that no logger copies it along.
 */
export class SalesforceRejected extends CrmRejected {
  readonly status: number;
  readonly #errors: readonly ErrorEntry[];

  constructor({ status, path, errors }: RejectionInput) {
    const codes = errors.map(({ code }) => safeCode(code));
    super(`Salesforce refused the call. ${safeWords(errors)}`, { status, path, codes });
    this.status = status;
    this.#errors = errors;
  }

  get errors(): readonly ErrorEntry[] {
    return this.#errors;
  }

  has(code: string): boolean {
    return this.#errors.some((error) => error.code === code);
  }
}
