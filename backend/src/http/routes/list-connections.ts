import { listConnections } from '../../../../shared/contracts/connections.ts';
import type { Database } from '../../db/database.ts';
import * as connections from '../../workspaces/connection-reports-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import { pageAnswer, readPage } from '../cursor.ts';

export function listConnectionsRoute(database: Database): ApiRoute {
  return apiRoute(listConnections, async ({ workspaceId, query }) => {
    const page = await connections.listConnections(database, workspaceId, readPage(query, 'newest'));
    return { status: 200, body: pageAnswer(page) };
  });
}
