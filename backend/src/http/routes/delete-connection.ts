import { deleteConnection } from '../../../../shared/contracts/connections.ts';
import type { Database } from '../../db/database.ts';
import { findConnectionReport } from '../../workspaces/connection-reports-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import type { ReferralUseCases } from '../api.ts';
import { NotFound } from '../http-errors.ts';

export function deleteConnectionRoute(database: Database, useCases: Pick<ReferralUseCases, 'disconnect'>): ApiRoute {
  return apiRoute(deleteConnection, async ({ workspaceId, actor, params: { connectionId } }) => {
    const known = await findConnectionReport(database, workspaceId, connectionId);
    if (!known) throw new NotFound('connection', connectionId);
    await useCases.disconnect(workspaceId, actor, connectionId);
    return { status: 200, body: (await findConnectionReport(database, workspaceId, connectionId)) ?? known };
  });
}
