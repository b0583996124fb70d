import { listEntries } from '../../../../shared/contracts/entries.ts';
import type { Database } from '../../db/database.ts';
import * as entries from '../../ingest/entry-reports-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import { pageAnswer, readPage } from '../cursor.ts';

export function listEntriesRoute(database: Database): ApiRoute {
  return apiRoute(listEntries, async ({ workspaceId, query }) => {
    const page = readPage(query, 'sequence');
    const { notify, reviewOpen } = query;
    const filter = { ...query, notify: readFlag(notify), reviewOpen: readFlag(reviewOpen) };
    return { status: 200, body: pageAnswer(await entries.listEntries(database, workspaceId, { page, filter })) };
  });
}

function readFlag(flag: 'true' | 'false' | undefined): boolean | undefined {
  return flag === undefined ? undefined : flag === 'true';
}
