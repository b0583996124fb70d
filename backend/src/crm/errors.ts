import { PassalongError, type ErrorDetails } from '../errors/passalong-error.ts';
import type { CallKind } from './port.ts';

/** The CRM account as a whole, or our way to it, is to blame: no item may lose a try for it, however long it lasts. */
export abstract class CrmConnectionFailure extends PassalongError {}

/** Out of calls, or told to wait. `retryAtMs` is absolute, on the service's clock. */
export class CrmRateLimited extends CrmConnectionFailure {
  readonly details: ErrorDetails = {
    code: 'crm_rate_limited',
    status: 503,
    retry: 'later',
    remedy: 'Nothing: the work goes on by itself when the CRM accepts calls again.',
  };
  readonly retryAtMs: number;
  /** Which calls ran out; null: the CRM named none. Those of the other kinds go on. */
  readonly kind: CallKind | null;

  constructor(retryAtMs: number, input: { readonly kind?: CallKind; readonly cause?: unknown } = {}) {
    super('The CRM accepts no more calls for this account at the moment.', { retryAtMs }, input.cause);
    this.retryAtMs = retryAtMs;
    this.kind = input.kind ?? null;
  }
}

/** No answer, a time-out, 5xx, or an account being moved (477) or locked (423). */
export class CrmUnavailable extends CrmConnectionFailure {
  readonly details: ErrorDetails = {
    code: 'crm_unavailable',
    status: 503,
    retry: 'later',
    remedy: 'Nothing: the work is kept and tried again. If it lasts, look at the status page of the CRM.',
  };
  /** Set when the CRM named a time before which it wants no call. */
  readonly retryAtMs: number | null;

  constructor(message: string, retryAtMs: number | null = null, cause?: unknown) {
    super(message, {}, cause);
    this.retryAtMs = retryAtMs;
  }
}

/** The grant is gone: uninstalled, revoked, or the user who granted it lost access. */
export class CrmAuthorizationRevoked extends CrmConnectionFailure {
  readonly details: ErrorDetails = {
    code: 'crm_authorization_revoked',
    status: 409,
    retry: 'after-reauthorization',
    remedy:
      'Connect the CRM account again from the install page. What arrived meanwhile is kept and will be processed.',
  };
}

/** The CRM says our app's own id, secret or scope list is wrong: not the customer's fault and not theirs to mend. */
export class CrmMisconfigured extends CrmConnectionFailure {
  readonly details: ErrorDetails = {
    code: 'crm_app_misconfigured',
    status: 500,
    retry: 'later',
    remedy: 'Check the client id, the client secrets and the scopes of the app against the CRM’s developer settings.',
  };
}

/** The account granted fewer scopes than this call needs. */
export class CrmScopeMissing extends CrmConnectionFailure {
  readonly details: ErrorDetails = {
    code: 'crm_scope_missing',
    status: 409,
    retry: 'after-reauthorization',
    remedy: 'Connect the CRM account again and grant the listed permissions.',
  };
}

/**
 * What the connected user may do in the CRM does not suffice. Other than a scope it is given in the CRM itself, without
 * connecting again, so the connection stays and what needs the permission waits.
 */
export abstract class CrmRightMissing extends CrmConnectionFailure {}

/** The connected user lacks a permission in the org that a call needs. */
export class CrmPermissionMissing extends CrmRightMissing {
  readonly details: ErrorDetails = {
    code: 'crm_permission_missing',
    status: 409,
    retry: 'later',
    remedy:
      'In Salesforce, give the connected user the permission set “Passalong Integration”, and look that nothing of what the message names is taken away by another one; the work then goes on by itself. Nothing has to be connected again.',
  };
}

/** The CRM refused the request as a whole; the same request will be refused again. */
export class CrmRejected extends PassalongError {
  readonly details: ErrorDetails = {
    code: 'crm_rejected',
    status: 502,
    retry: 'never',
    remedy: 'Read the CRM’s message, mend the field or the record it names, then replay the item.',
  };
}

/** The list that was to be read is not there any more. */
export class CrmListGone extends PassalongError {
  readonly details: ErrorDetails = {
    code: 'crm_list_gone',
    status: 422,
    retry: 'never',
    remedy: 'Pick another list of contacts: this one was deleted in the CRM, or never was there.',
  };
}

/** Our package is not in the org, or the connected user may not use all of it. */
export class CrmPackageMissing extends CrmRightMissing {
  readonly details: ErrorDetails = {
    code: 'crm_package_missing',
    status: 409,
    retry: 'later',
    remedy:
      'Install the Passalong package in the Salesforce org and give the connected user its permission set “Passalong Integration”; the work then goes on by itself.',
  };
}
