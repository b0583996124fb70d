import { listPrograms } from '../../../../shared/contracts/programs.ts';
import type { Database } from '../../db/database.ts';
import * as programs from '../../qualification/programs-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import { pageAnswer, readPage } from '../cursor.ts';

export function listProgramsRoute(database: Database): ApiRoute {
  return apiRoute(listPrograms, async ({ workspaceId, query }) => {
    const page = await programs.listPrograms(database, workspaceId, readPage(query, 'newest'));
    return { status: 200, body: pageAnswer(page) };
  });
}
