import { PassalongError, type ErrorDetails } from '../errors/passalong-error.ts';

/** The admin said no, or the CRM refused the authorisation. */
export class InstallDeclined extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'install_declined',
    status: 400,
    retry: 'never',
    remedy:
      'Start again and agree to what is asked; the person who connects must be allowed to install apps in the CRM.',
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

/** The CRM named one account with the token, and another one when it was asked whose token it is. */
export class InstallIdentityRefused extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'install_identity_refused',
    status: 400,
    retry: 'never',
    remedy: 'Start the installation again from the org itself; if it happens twice, tell us the request id.',
  };
}

/** A link that joins an account to a workspace does not open it: used, too old, for another CRM, or changed. */
export class JoinLinkInvalid extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'join_link_invalid',
    status: 400,
    retry: 'never',
    remedy: 'Make a new link in the workspace and open it within ten minutes; each works once.',
  };
}

/** The CRM account belongs to another workspace. */
export class AccountConnectedElsewhere extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'account_connected_elsewhere',
    status: 409,
    retry: 'never',
    remedy:
      'Use the workspace the account belongs to: connecting it without a link opens that one. Or connect another account of this CRM here.',
  };
}

/** The account is connected, and somebody else of it wants to put an authorisation of theirs in place of the present one. */
export class ConnectedByAnotherUser extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'connected_by_another_user',
    status: 409,
    retry: 'never',
    remedy:
      'Connect as the user who connected the account, or have the connection ended first: DELETE /api/v1/connections/{connectionId}.',
  };
}

/** The connection changed while something was being done with it. */
export class ConnectionChanged extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'connection_changed',
    status: 409,
    retry: 'later',
    remedy: 'Look at GET /api/v1/connections, and try again if it is still what you want.',
  };
}

/** Salesforce lets our certificate speak for nobody of this name in the workspace's org. */
export class CertificateUserRefused extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'certificate_user_refused',
    status: 409,
    retry: 'never',
    remedy:
      'Check the user name letter by letter, that the user is active and of this very org, the sign-in host (sandboxes have their own), and that an administrator has approved the user for the Passalong app: “Admin approved users are pre-authorized” and a permission set of theirs.',
  };
}

/** The workspace works with another account of this CRM. */
export class CrmAlreadyConnected extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'crm_already_connected',
    status: 409,
    retry: 'never',
    remedy: 'A workspace has one account of each CRM: disconnect the present one first, or connect that one again.',
  };
}

/** The workspace has no connected account of this CRM. */
export class CrmNotConnected extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'crm_not_connected',
    status: 409,
    retry: 'never',
    remedy: 'Have an administrator connect the account once in a browser; that proves whose it is. Then try again.',
  };
}
