import {
  applyReEvaluation,
  cancelReEvaluation,
  getReEvaluation,
  startReEvaluation,
} from '../../../../shared/contracts/re-evaluations.ts';
import type { Database } from '../../db/database.ts';
import { ReEvaluationNotFound } from '../../re-evaluation/re-evaluation-errors.ts';
import { findReEvaluation } from '../../re-evaluation/re-evaluation-reports-store.ts';
import type { ReEvaluationSteering } from '../../re-evaluation/steer-re-evaluation.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import type { ReEvaluationUseCases } from '../api.ts';

/** Previewing, applying and stopping the move of live referrals to the published version. */
export function reEvaluationRoutes(database: Database, useCases: ReEvaluationUseCases): readonly ApiRoute[] {
  return [
    apiRoute(startReEvaluation, async ({ workspaceId, actor, params: { programId }, requestKey }) => {
      return { status: 201, body: await useCases.startReEvaluation(workspaceId, actor, { programId, requestKey }) };
    }),
    apiRoute(getReEvaluation, async ({ workspaceId, params: { reEvaluationId } }) => {
      const report = await findReEvaluation(database, workspaceId, reEvaluationId);
      if (!report) throw new ReEvaluationNotFound(`There is no re-evaluation ${reEvaluationId} in this workspace.`);
      return { status: 200, body: report };
    }),
    steer(applyReEvaluation, 'apply', useCases),
    steer(cancelReEvaluation, 'cancel', useCases),
  ];
}

function steer(
  endpoint: typeof applyReEvaluation | typeof cancelReEvaluation,
  steering: ReEvaluationSteering,
  useCases: ReEvaluationUseCases,
): ApiRoute {
  return apiRoute(endpoint, async ({ workspaceId, actor, params: { reEvaluationId } }) => ({
    status: 200,
    body: await useCases.steerReEvaluation(workspaceId, actor, { reEvaluationId, steering }),
  }));
}
