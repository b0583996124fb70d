import { PassalongError, type ErrorDetails } from '../../errors/passalong-error.ts';

/** A form key was used by a page whose origin its program does not name. */
export class OriginNotAllowed extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'origin_not_allowed',
    status: 403,
    retry: 'never',
    remedy:
      'Add the page’s origin to the program’s page.allowedOrigins and publish. Servers call with an API key instead.',
  };

  constructor(reason: 'missing' | 'unknown') {
    super(
      reason === 'missing'
        ? 'A form key is for pages in a browser, and this call has no Origin header.'
        : 'The program does not let pages of this origin use its form key.',
    );
  }
}

/** The program takes no advocates from forms. */
export class JoinClosed extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'join_closed',
    status: 403,
    retry: 'never',
    remedy: 'Switch page.joinOpen on and publish, or enrol advocates from the CRM or with an API key.',
  };

  constructor() {
    super('Nobody can join this program by a form.');
  }
}
