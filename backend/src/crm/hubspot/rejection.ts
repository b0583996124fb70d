import { CrmRejected } from '../errors.ts';
import { isJsonObject, listOrEmpty, objectOrEmpty, textOrNull, type JsonObject } from './answer-shape.ts';

/** HubSpot's error body in our words; every part may be missing. */
export type ErrorBody = {
  readonly category: string | null;
  readonly message: string | null;
  readonly correlationId: string | null;
  readonly policyName: string | null;
  /** `{ ids: ['7'] }`, `{ missingScopes: [...] }`, `{ objectWriteTraceId: ['…'] }`, … */
  readonly context: JsonObject;
  readonly errors: readonly JsonObject[];
};

/** Reads the body of an error answer, or one element of a partial failure's `errors`. Never throws. */
export function readErrorBody(body: unknown): ErrorBody {
  const source = objectOrEmpty(body);
  return {
    category: textOrNull(source['category']) ?? textOrNull(source['errorType']) ?? textOrNull(source['status']),
    message: textOrNull(source['message']),
    correlationId: textOrNull(source['correlationId']),
    policyName: textOrNull(source['policyName']),
    context: objectOrEmpty(source['context']),
    errors: listOrEmpty(source['errors']).filter(isJsonObject),
  };
}

export type RejectionInput = {
  readonly status: number;
  readonly path: string;
  readonly error: ErrorBody;
  /** HubSpot's message without what we sent. */
  readonly message: string;
};

/**
 * A refusal of a whole HubSpot call. `error` holds HubSpot's own words, which may repeat property values: it is for
 * the adapter's fall-backs, and a getter over a private field so that no logger copies it along.
 */
export class HubSpotRejected extends CrmRejected {
  readonly status: number;
  readonly #error: ErrorBody;

  constructor(input: RejectionInput) {
    const { category, correlationId } = input.error;
    super(input.message, { status: input.status, path: input.path, category, correlationId });
    this.status = input.status;
    this.#error = input.error;
  }

  get error(): ErrorBody {
    return this.#error;
  }
}
