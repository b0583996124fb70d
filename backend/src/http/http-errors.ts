import { PassalongError, type ErrorDetails } from '../errors/passalong-error.ts';

/** One field of a request that was refused. */
export type RefusedField = {
  /** `rewardRules.0.saleValue`, `query.limit`, `header.Idempotency-Key`. */
  readonly path: string;
  readonly message: string;
  readonly code?: string;
  readonly remedy?: string;
};

/** The request does not have the shape its contract asks for. */
export class RequestInvalid extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'request_invalid',
    status: 422,
    retry: 'never',
    remedy: 'Mend the fields listed in `fields`; /openapi.json describes each of them.',
  };

  constructor(fields: readonly RefusedField[]) {
    super(fields.length === 1 ? 'One field was refused.' : `${fields.length} fields were refused.`, { fields });
  }
}

/** HubSpot signed the request, but it does not name one connected account of ours. The caller is told nothing else. */
export class CardAccountRefused extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'card_account_refused',
    status: 403,
    retry: 'never',
    remedy: 'Ask an administrator to connect this HubSpot account to Passalong, then reload the record.',
  };

  constructor() {
    super('This account is not connected to Passalong.');
  }
}

/** The id is unknown here. An id of another workspace is answered the same, as if it did not exist. */
export class NotFound extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'not_found',
    status: 404,
    retry: 'never',
    remedy: 'Check the id, and that the API key belongs to the workspace that owns it.',
  };

  constructor(kind: string, id: string) {
    super(`There is no ${kind} ${id} in this workspace.`);
  }
}

/** Nothing answers at this address. */
export class RouteNotFound extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'route_not_found',
    status: 404,
    retry: 'never',
    remedy: 'Check the address; /openapi.json lists every one that exists.',
  };

  constructor() {
    super('Nothing answers at this address.');
  }
}

/** The address exists, but not for this method. */
export class MethodNotAllowed extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'method_not_allowed',
    status: 405,
    retry: 'never',
    remedy: 'Use one of the methods in the Allow header.',
  };

  constructor(method: string, allowed: readonly string[]) {
    super(`This address does not answer ${method}.`, { allowed });
  }
}

/** The body is not JSON. */
export class BodyNotJson extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'body_not_json',
    status: 400,
    retry: 'never',
    remedy: 'Send one well-formed JSON object in UTF-8.',
  };

  constructor(cause?: unknown) {
    super('The body could not be read as JSON.', {}, cause);
  }
}

/** A name that may stand once stands twice in one object: nobody can say which one is meant. Nothing of it was kept. */
export class BodyAmbiguous extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'body_ambiguous',
    status: 400,
    retry: 'never',
    remedy: 'Send each field once.',
  };

  constructor(field: string) {
    super(`The field ${field} stands more than once in one object.`);
  }
}

/** The body is larger than this endpoint takes. */
export class BodyTooLarge extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'body_too_large',
    status: 413,
    retry: 'never',
    remedy: 'Send less at once.',
  };

  constructor(limitBytes: number) {
    super(`The body is larger than ${limitBytes} bytes.`, { limitBytes });
  }
}

/** The body came as something other than JSON, or in an encoding we do not read. */
export class MediaTypeUnsupported extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'media_type_unsupported',
    status: 415,
    retry: 'never',
    remedy: 'Send the body as UTF-8 with the header Content-Type: application/json.',
  };

  constructor() {
    super('The body is not declared as JSON.');
  }
}

/** No usable API key came with the call. Unknown and revoked keys are told alike. */
export class ApiKeyRefused extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'api_key_refused',
    status: 401,
    retry: 'never',
    remedy: 'Send the header Authorization: Bearer pk_…; `npm run api-key` makes a key.',
  };

  constructor(reason: 'missing' | 'malformed' | 'unknown') {
    super(reason === 'missing' ? 'No API key came with this call.' : 'The API key is not valid.');
  }
}

/** The call does not carry a valid signature of HubSpot; nothing of it was kept. */
export class SignatureRefused extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'signature_refused',
    status: 401,
    retry: 'never',
    remedy:
      'Check that PUBLIC_URL is what HubSpot calls, that HUBSPOT_CLIENT_SECRETS holds the app’s secret, and the clock.',
  };

  constructor() {
    super('The signature of this call is not valid.');
  }
}

/** The same Idempotency-Key came with another request. */
export class IdempotencyKeyReused extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'idempotency_key_reused',
    status: 409,
    retry: 'never',
    remedy: 'Use a new Idempotency-Key for a new request; repeat a key only with the very same method, path and body.',
  };

  constructor() {
    super('This Idempotency-Key was used for a different request.');
  }
}

/** The first request with this Idempotency-Key is still being answered. */
export class IdempotencyKeyBusy extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'idempotency_key_busy',
    status: 409,
    retry: 'later',
    remedy: 'Send the same request with the same key again in a few seconds: you will get the first one’s answer.',
  };

  constructor() {
    super('The first request with this Idempotency-Key is still being answered.');
  }
}

/** Webhook events could not be stored; nothing was lost, because the sender sends them again. */
export class IntakeUnavailable extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'intake_unavailable',
    status: 503,
    retry: 'later',
    remedy: 'Send the same delivery again; HubSpot does so by itself for a day.',
  };

  constructor(cause?: unknown) {
    super('The events could not be stored at the moment.', {}, cause);
  }
}

/** The database does not answer. */
export class DatabaseUnavailable extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'database_unavailable',
    status: 503,
    retry: 'later',
    remedy: 'Try again in a moment. Operators: see GET /ready and the log.',
  };

  constructor(cause?: unknown) {
    super('The database does not answer at the moment.', {}, cause);
  }
}

/** The service runs without HubSpot’s client id and secrets. */
export class HubSpotNotConfigured extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'hubspot_not_configured',
    status: 503,
    retry: 'never',
    remedy: 'Set HUBSPOT_CLIENT_ID and HUBSPOT_CLIENT_SECRETS, then start again.',
  };

  constructor() {
    super('This service is not set up for HubSpot.');
  }
}

/** The service runs without Salesforce’s consumer key and secret. */
export class SalesforceNotConfigured extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'salesforce_not_configured',
    status: 503,
    retry: 'never',
    remedy: 'Set SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET, then start again.',
  };

  constructor() {
    super('This service is not set up for Salesforce.');
  }
}

/** The workbench of the local CRMs does not answer. */
export class WorkbenchUnreachable extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'workbench_unreachable',
    status: 502,
    retry: 'later',
    remedy: 'Start the project with `npm start`, which starts the workbench too.',
  };

  constructor(cause?: unknown) {
    super('The workbench does not answer.', {}, cause);
  }
}

/** A fault of ours that nobody foresaw. */
export class InternalError extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'internal_error',
    status: 500,
    retry: 'later',
    remedy: 'Try again; if it stays, report the requestId. Operators: the log has the cause under it.',
  };

  constructor(cause?: unknown) {
    super('Something went wrong on our side.', {}, cause);
  }
}
