import { PassalongError, type ErrorDetails } from '../errors/passalong-error.ts';

/** No such entry in this workspace. */
export class EntryNotFound extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'entry_not_found',
    status: 404,
    retry: 'never',
    remedy: 'Check the entry id; GET /api/v1/entries lists yours.',
  };
}

/** Only what failed and still has its input can run again; a processed entry never pays twice. */
export class EntryNotRetryable extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'entry_not_retryable',
    status: 409,
    retry: 'never',
    remedy:
      'Retry entries that say `retryable`; what is decided, was erased or asks a question does not run again. A question is answered with approve or reject.',
  };
}

/** A field that an entry of this kind does not have. */
export class EntryEditInvalid extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'entry_edit_invalid',
    status: 422,
    retry: 'never',
    remedy: 'Edit only the fields that GET /api/v1/entries/{entryId} lists under `editable`.',
  };
}

/** Somebody gave the other answer before, or the time to answer ran out: the first answer stands. */
export class EntryAlreadyAnswered extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'entry_already_answered',
    status: 409,
    retry: 'never',
    remedy:
      'Read the entry to see who answered what and when; to settle the referral in another way use POST /api/v1/referrals/{referralId}/decide.',
  };
}

/** The entry asks nothing that a yes or a no would answer. */
export class EntryNotAnswerable extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'entry_not_answerable',
    status: 409,
    retry: 'never',
    remedy:
      'Approve entries that say `approvable`. Where it asks which one is meant, or cannot be done, retry it with the right id or code, or reject it.',
  };
}
