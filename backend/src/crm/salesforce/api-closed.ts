import type { ErrorDetails } from '../../errors/passalong-error.ts';
import { CrmMisconfigured } from '../errors.ts';

/** The Salesforce org, or the profile of the connected user, does not let applications in. */
export class SalesforceApiClosed extends CrmMisconfigured {
  override readonly details: ErrorDetails = {
    code: 'crm_api_closed',
    status: 409,
    retry: 'later',
    remedy:
      'In Salesforce, check that the edition of the org includes API access, that the connected user is active and may use the API (“API Enabled”), and that the Passalong app is allowed; the work then goes on by itself.',
  };
}

/** Salesforce has retired the version of its API that this release calls. */
export class SalesforceApiRetired extends CrmMisconfigured {
  override readonly details: ErrorDetails = {
    code: 'crm_api_retired',
    status: 500,
    retry: 'later',
    remedy: 'Install a newer release of Passalong: this one calls a version of Salesforce’s API that is gone.',
  };
}
