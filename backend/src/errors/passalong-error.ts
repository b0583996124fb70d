/** When trying again can help: never, later by itself, or only after a person authorised the CRM account again. */
export type RetryPolicy = 'never' | 'later' | 'after-reauthorization';

export type ErrorDetails = {
  /** Stable, snake_case; listed in docs/errors.md (a test keeps the list complete). */
  readonly code: string;
  /** HTTP status when the error answers a request. */
  readonly status: number;
  readonly retry: RetryPolicy;
  /** What a person can do about it, in plain words. */
  readonly remedy: string;
};

/**
 * Base of every error we raise on purpose. Subclasses fix code, status, retry policy and remedy, so that a handler
 * never has to guess them from a message.
 */
export abstract class PassalongError extends Error {
  abstract readonly details: ErrorDetails;
  /** Extra machine-readable facts for the answer (field errors, ids); never personal data or secrets. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(message: string, facts: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.facts = facts;
  }

  get code(): string {
    return this.details.code;
  }

  get retry(): RetryPolicy {
    return this.details.retry;
  }
}
