import { PassalongError, type ErrorDetails } from '../errors/passalong-error.ts';

/** No such re-evaluation in this workspace. */
export class ReEvaluationNotFound extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 're_evaluation_not_found',
    status: 404,
    retry: 'never',
    remedy: 'Check the id: starting a re-evaluation answers with it.',
  };
}

/** One of this program is under way, or waits to be applied. */
export class ReEvaluationLive extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 're_evaluation_live',
    status: 409,
    retry: 'never',
    remedy: 'Apply or cancel the one named in `reEvaluationId` first.',
  };
}

/** There is no CRM account whose records could be looked at. */
export class ReEvaluationWithoutConnection extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 're_evaluation_without_connection',
    status: 409,
    retry: 'never',
    remedy: 'Connect a CRM account first, or authorise the one you have again. GET /api/v1/connections lists yours.',
  };
}

/** Its state does not allow what was asked. */
export class ReEvaluationStateRefused extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 're_evaluation_state_refused',
    status: 409,
    retry: 'never',
    remedy: 'Look at its state: only one that is previewed is applied, and one that is done cannot be cancelled.',
  };
}

/** Another version was published since the preview began, so it would say something else now. */
export class ReEvaluationOutdated extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 're_evaluation_outdated',
    status: 409,
    retry: 'never',
    remedy: 'Cancel it and start another one: it previews the version that is published now.',
  };
}
