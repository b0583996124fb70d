import { PassalongError, type ErrorDetails } from '../errors/passalong-error.ts';

/** No such enrolment in this workspace. */
export class EnrolmentNotFound extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'enrolment_not_found',
    status: 404,
    retry: 'never',
    remedy: 'Check the enrolment id; GET /api/v1/programs/{id}/enrolments lists yours.',
  };
}

/** The program's enrolment is switched off, or its maps are not complete. */
export class EnrolmentOff extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'enrolment_off',
    status: 409,
    retry: 'never',
    remedy: 'Switch on enrolment.enabled in the program’s settings and publish it.',
  };
}

/** There is no CRM account to take contacts from, or several and none was named. */
export class EnrolmentWithoutConnection extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'enrolment_without_connection',
    status: 409,
    retry: 'never',
    remedy: 'Connect a CRM account first; with several, name one in connectionId. GET /api/v1/connections lists yours.',
  };
}

/** Its state does not allow what was asked. */
export class EnrolmentStateRefused extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'enrolment_state_refused',
    status: 409,
    retry: 'never',
    remedy: 'Look at the enrolment’s state: only a running one pauses, only a paused or failed one resumes.',
  };
}
