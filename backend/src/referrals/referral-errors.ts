import { PassalongError, type ErrorDetails } from '../errors/passalong-error.ts';

/** The program is not there, or belongs to somebody else. */
export class ProgramNotFound extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'program_not_found',
    status: 404,
    retry: 'never',
    remedy: 'Check the program id; GET /api/v1/programs lists yours.',
  };
}

/** A draft decides nothing and has no links. */
export class ProgramNotPublished extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'program_not_published',
    status: 409,
    retry: 'never',
    remedy: 'Publish the program first: POST /api/v1/programs/{id}/publish.',
  };
}

/** No advocate of the program has this code. The request is kept as an entry, so that somebody can correct the code. */
export class ReferralCodeUnknown extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'referral_code_unknown',
    status: 422,
    retry: 'never',
    remedy: 'Correct the code and send it again, or edit and retry the entry named in entryId.',
  };
}

/** The advocate left the list they were enrolled from, and the program pauses such links. Kept as an entry. */
export class AdvocatePaused extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'advocate_paused',
    status: 422,
    retry: 'never',
    remedy:
      'Put the advocate back on the list, or let the program keep the links of those who leave; then retry the entry named in entryId.',
  };
}

/** Not an e-mail address. The request is kept as an entry, so that somebody can correct a typing error. */
export class EmailMalformed extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'email_malformed',
    status: 422,
    retry: 'never',
    remedy: 'Correct the email address and send it again, or edit and retry the entry named in entryId.',
  };
}

/** Advocates cannot refer themselves; plus-aliases of one mailbox are one person. */
export class SelfReferral extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'self_referral',
    status: 422,
    retry: 'never',
    remedy: 'Refer somebody else: the email belongs to the advocate.',
  };
}

/** Another advocate referred this person in this program before; the first referral stands. */
export class AlreadyReferred extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'already_referred',
    status: 409,
    retry: 'never',
    remedy: 'Nothing to do: the earlier referral stands. The entry named in entryId keeps this one visible.',
  };
}

/** An external id names one referral, or one advocate, of a program. */
export class ExternalIdTaken extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'external_id_taken',
    status: 409,
    retry: 'never',
    remedy: 'Send another external id, or none: the id belongs to somebody else in this program.',
  };
}

/** Neither an e-mail nor a CRM record says who should become an advocate. */
export class AdvocateUnidentified extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'advocate_unidentified',
    status: 422,
    retry: 'never',
    remedy: 'Give an email address, or the id of the contact in the connected CRM.',
  };
}

/** A privacy deletion took everything that said who this is, and their link with it. Nothing brings it back. */
export class PersonErased extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'person_erased',
    status: 409,
    retry: 'never',
    remedy: 'If they ask to take part again, make a new contact for them in the CRM and enrol that one.',
  };

  constructor() {
    super('This person was erased by a privacy deletion, so they cannot be enrolled.');
  }
}
