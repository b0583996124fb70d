import { listDeadLetters } from '../../../../shared/contracts/dead-letters.ts';
import type { Database } from '../../db/database.ts';
import * as deadLetters from '../../ingest/dead-letters-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import { pageAnswer, readPage } from '../cursor.ts';

export function listDeadLettersRoute(database: Database): ApiRoute {
  return apiRoute(listDeadLetters, async ({ workspaceId, query }) => {
    const page = await deadLetters.listDeadLetters(database, workspaceId, readPage(query, 'newest'));
    return { status: 200, body: pageAnswer(page) };
  });
}
