import { PassalongError, type ErrorDetails } from '../errors/passalong-error.ts';

/** The admin said no, or HubSpot refused the authorisation. */
export class InstallDeclined extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'install_declined',
    status: 400,
    retry: 'never',
    remedy: 'Start again and choose “Connect app”; the person who connects must be allowed to install apps.',
  };
}

/** The attempt is unknown, used, expired, or was begun in another browser. */
export class InstallStateInvalid extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'install_state_invalid',
    status: 400,
    retry: 'never',
    remedy: 'Start the installation again, in one browser, and finish it within ten minutes.',
  };
}

/** The CRM granted fewer permissions than the app asked for. */
export class InstallScopesMissing extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'install_scopes_missing',
    status: 400,
    retry: 'never',
    remedy: 'Start again and grant every listed permission; each is used for what its name says.',
  };
}
