import { randomUUID } from 'node:crypto';

import { HubSpotError } from '../errors.ts';

/** RFC 6749's `error` beside HubSpot's `status`. */
const KINDS = {
  BAD_REFRESH_TOKEN: { error: 'invalid_grant', message: 'missing or invalid refresh token' },
  BAD_AUTH_CODE: { error: 'invalid_grant', message: 'missing or unknown auth code' },
  EXPIRED_AUTH_CODE: { error: 'invalid_grant', message: 'the auth code has expired' },
  BAD_REDIRECT_URI: {
    error: 'invalid_grant',
    message: 'redirect uri does not match the initial authorization request',
  },
  BAD_CODE_VERIFIER: { error: 'invalid_grant', message: 'missing or invalid code verifier' },
  BAD_CLIENT_ID: { error: 'invalid_client', message: 'missing or invalid client id' },
  BAD_CLIENT_SECRET: { error: 'invalid_client', message: 'missing or invalid client secret' },
  BAD_GRANT_TYPE: { error: 'unsupported_grant_type', message: 'missing or unknown grant type' },
  BAD_SCOPES: { error: 'invalid_scope', message: 'missing or unknown scopes' },
  BAD_HUB: { error: 'access_denied', message: 'the account cannot be reached' },
} as const;

export type OAuthErrorKind = keyof typeof KINDS;

export class OAuthError extends HubSpotError {
  readonly kind: OAuthErrorKind;

  constructor(kind: OAuthErrorKind) {
    super({ status: 400, category: 'VALIDATION_ERROR', message: KINDS[kind].message });
    this.kind = kind;
  }

  override body(): Record<string, unknown> {
    return {
      status: this.kind,
      message: this.message,
      correlationId: randomUUID(),
      error: KINDS[this.kind].error,
      error_description: this.message,
    };
  }
}
