import { PassalongError, type ErrorDetails } from '../../errors/passalong-error.ts';
import { CrmConnectionFailure, CrmMisconfigured } from '../errors.ts';

/**
 * Salesforce has ended the grant of a connection, or never gave it: only a person can give it anew. The fact `ended` says
 * what is in the way: `org`, `user`, `approval` or `grant`.
 */
export class SalesforceGrantRefused extends CrmConnectionFailure {
  readonly details: ErrorDetails = {
    code: 'salesforce_grant_refused',
    status: 409,
    retry: 'after-reauthorization',
    remedy: 'Do what the message says in Salesforce, then connect the org again.',
  };
}

/** The code of an OAuth callback is used up, expired, or not Salesforce's. */
export class SalesforceCodeRefused extends PassalongError {
  readonly details: ErrorDetails = {
    code: 'salesforce_code_refused',
    status: 400,
    retry: 'never',
    remedy: 'Start the installation again: a code of Salesforce works once and for a few minutes.',
  };
}

/** Salesforce takes tokens of our app from stated addresses only, and this service calls from another one. */
export class SalesforceAddressRefused extends CrmMisconfigured {
  override readonly details: ErrorDetails = {
    code: 'salesforce_address_refused',
    status: 500,
    retry: 'later',
    remedy:
      'Add the address this service calls from to the refresh token IP allowlist of the Salesforce app, or call from one that is on it. No connection is lost meanwhile.',
  };
}

/** Somebody wanted to sign in at a host that is not Salesforce's. */
export class LoginHostRefused extends PassalongError {
  readonly details: ErrorDetails = {
    code: 'login_host_refused',
    status: 422,
    retry: 'never',
    remedy:
      'Leave login_url out for production, write “sandbox” for a sandbox, or write the My Domain of the org, such as https://acme.my.salesforce.com.',
  };
}

/** The service has no certificate to speak for users with. */
export class CertificateMissing extends CrmMisconfigured {
  override readonly details: ErrorDetails = {
    code: 'salesforce_certificate_missing',
    status: 503,
    retry: 'later',
    remedy:
      'Set SALESFORCE_JWT_PRIVATE_KEY to the private key whose certificate the Salesforce app holds, then start again.',
  };
}
