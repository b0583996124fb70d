import { replayDeadLetter } from '../../../../shared/contracts/dead-letters.ts';
import type { Database } from '../../db/database.ts';
import { deadLetterExists } from '../../ingest/dead-letters-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import type { ReferralUseCases } from '../api.ts';
import { NotFound } from '../http-errors.ts';

export function replayDeadLetterRoute(
  database: Database,
  useCases: Pick<ReferralUseCases, 'replayDeadLetter'>,
): ApiRoute {
  return apiRoute(replayDeadLetter, async ({ workspaceId, actor, params: { deadLetterId } }) => {
    if (!(await deadLetterExists(database, workspaceId, deadLetterId))) throw new NotFound('dead letter', deadLetterId);
    await useCases.replayDeadLetter(workspaceId, actor, deadLetterId);
    return { status: 202, body: { deadLetterId, replayed: true as const } };
  });
}
