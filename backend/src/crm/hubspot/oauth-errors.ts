import { PassalongError, type ErrorDetails } from '../../errors/passalong-error.ts';
import { CrmConnectionFailure } from '../errors.ts';

/**
 * HubSpot refused the refresh token. That alone does not mean the grant is gone: a wrong client pair is answered in
 * the same words. The token source confirms it before it says `CrmAuthorizationRevoked`.
 */
export class HubSpotGrantRefused extends CrmConnectionFailure {
  readonly details: ErrorDetails = {
    code: 'hubspot_grant_refused',
    status: 503,
    retry: 'later',
    remedy: 'Nothing yet: the service asks HubSpot a second time before it takes the connection for revoked.',
  };
}

/** The code of an OAuth callback is used up, expired, or not HubSpot's. */
export class HubSpotCodeRefused extends PassalongError {
  readonly details: ErrorDetails = {
    code: 'hubspot_code_refused',
    status: 400,
    retry: 'never',
    remedy: 'Start the installation again: a code of HubSpot works once and for a few minutes.',
  };
}
