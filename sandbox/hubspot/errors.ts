import { randomUUID } from 'node:crypto';

export interface ErrorDetail {
  message: string;
  code?: string;
  in?: string;
  subCategory?: string;
  context?: Record<string, string[]>;
}

export interface ErrorInput {
  status: number;
  category: string;
  message: string;
  subCategory?: string;
  errors?: ErrorDetail[];
  context?: Record<string, string[]>;
  links?: Record<string, string>;
  headers?: Record<string, string>;
}

/** A refusal in HubSpot's error shape; thrown by handlers, printed by the server. */
export class HubSpotError extends Error {
  readonly status: number;
  readonly input: ErrorInput;

  constructor(input: ErrorInput) {
    super(input.message);
    this.status = input.status;
    this.input = input;
  }

  body(): Record<string, unknown> {
    const { category, message, subCategory, errors, context, links } = this.input;
    return {
      status: 'error',
      message,
      correlationId: randomUUID(),
      ...(errors && { errors }),
      ...(context && { context }),
      ...(links && { links }),
      ...(subCategory && { subCategory }),
      category,
    };
  }
}

export const invalid = (message: string, more: Partial<ErrorInput> = {}): HubSpotError =>
  new HubSpotError({ status: 400, category: 'VALIDATION_ERROR', message, ...more });

export const malformed = (reason: string): HubSpotError => invalid(`Invalid input JSON on line 1, column 1: ${reason}`);

export const notFound = (message = 'resource not found'): HubSpotError =>
  new HubSpotError({ status: 404, category: 'OBJECT_NOT_FOUND', message });

export const conflict = (message: string): HubSpotError =>
  new HubSpotError({ status: 409, category: 'CONFLICT', message });

const SCOPES_LINK = 'https://developers.hubspot.com/scopes';

export const missingScopes = (requiredGranularScopes: string[]): HubSpotError =>
  new HubSpotError({
    status: 403,
    category: 'MISSING_SCOPES',
    message: `This app hasn't been granted all required scopes to make this call. Read more about required scopes here: ${SCOPES_LINK}.`,
    errors: [
      {
        message: 'One or more of the following scopes are required.',
        context: { requiredGranularScopes },
      },
    ],
    links: { scopes: SCOPES_LINK },
  });

export const unauthenticated = (): HubSpotError =>
  new HubSpotError({
    status: 401,
    category: 'INVALID_AUTHENTICATION',
    message:
      'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
  });
