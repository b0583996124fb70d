import { retryEntry } from '../../../../shared/contracts/entries.ts';
import type { Database } from '../../db/database.ts';
import { findEntry } from '../../ingest/entry-details-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import type { ReferralUseCases } from '../api.ts';
import { NotFound } from '../http-errors.ts';

export function retryEntryRoute(database: Database, useCases: Pick<ReferralUseCases, 'retryEntry'>): ApiRoute {
  return apiRoute(retryEntry, async ({ workspaceId, actor, params: { entryId }, body }) => {
    if (!(await findEntry(database, workspaceId, entryId))) throw new NotFound('entry', entryId);
    const retried = await useCases.retryEntry(workspaceId, actor, { entryId, edits: body?.edits ?? {} });
    return { status: 200, body: { entryId: retried.entryId, state: retried.state } };
  });
}
