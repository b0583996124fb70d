import { getEntry } from '../../../../shared/contracts/entries.ts';
import type { Database } from '../../db/database.ts';
import { findEntry } from '../../ingest/entry-details-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import { NotFound } from '../http-errors.ts';

export function getEntryRoute(database: Database): ApiRoute {
  return apiRoute(getEntry, async ({ workspaceId, params: { entryId } }) => {
    const entry = await findEntry(database, workspaceId, entryId);
    if (!entry) throw new NotFound('entry', entryId);
    return { status: 200, body: entry };
  });
}
