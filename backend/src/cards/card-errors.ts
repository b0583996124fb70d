import { PassalongError, type ErrorDetails } from '../errors/passalong-error.ts';

/** The record a card is on is not in the account it is shown in (E33). Nothing is told about it. */
export class CardRecordRefused extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'card_record_refused',
    status: 403,
    retry: 'never',
    remedy: 'Reload the record in the CRM. If it was deleted or merged, open the one that is left.',
  };

  constructor() {
    super('This record is not in this account.');
  }
}

/** Only somebody with a link can have referred people. */
export class ContactNotEnrolled extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'contact_not_enrolled',
    status: 409,
    retry: 'never',
    remedy: 'Enrol this contact in the program first, then add the referral again.',
  };

  constructor() {
    super('This contact does not refer in that program yet.');
  }
}

/** The referral is not one of this contact's. */
export class CardReferralNotFound extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'card_referral_not_found',
    status: 404,
    retry: 'never',
    remedy: 'Reload the card: the referral may have moved to another contact.',
  };

  constructor(referralId: string) {
    super(`This contact has no referral ${referralId}.`);
  }
}
