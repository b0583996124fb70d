import { PassalongError, type ErrorDetails } from '../../errors/passalong-error.ts';

/** Too many unknown codes or forms came from one address; nothing of this request was looked at. */
export class TooManyTries extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'too_many_tries',
    status: 429,
    retry: 'later',
    remedy:
      'Wait as long as Retry-After says. Operators: behind a proxy, TRUSTED_PROXY_HOPS must say how many there are, or all visitors count as one.',
  };

  constructor(retryAtMs: number) {
    super('There were too many tries from this address.', { retryAtMs });
  }
}

/** What was posted is not a web form. */
export class FormUnreadable extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'form_unreadable',
    status: 415,
    retry: 'never',
    remedy: 'Open the page and send its own form: application/x-www-form-urlencoded, not compressed.',
  };

  constructor() {
    super('The form could not be read.');
  }
}
