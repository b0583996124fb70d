import { PassalongError, type ErrorDetails } from '../errors/passalong-error.ts';

/** The platform used the id of an earlier event of this type for something else. */
export class EventIdReused extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'event_id_reused',
    status: 409,
    retry: 'never',
    remedy: 'Send each event under an id of its own; the entry named in entryId holds the one that was kept.',
  };

  constructor(entryId: string) {
    super('An event of this type and id was received before, and it said something else.', { entryId });
  }
}
