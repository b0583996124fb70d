import { useSalesforceCertificate } from '../../../../shared/contracts/connections.ts';
import type { Database } from '../../db/database.ts';
import { findConnectionReport } from '../../workspaces/connection-reports-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import type { ConnectionUseCases } from '../api.ts';
import { NotFound } from '../http-errors.ts';

export function salesforceCertificateRoute(
  database: Database,
  useCases: Pick<ConnectionUseCases, 'useCertificate'>,
): ApiRoute {
  return apiRoute(useSalesforceCertificate, async ({ workspaceId, actor, body }) => {
    const connectionId = await useCases.useCertificate(workspaceId, actor, body);
    const report = await findConnectionReport(database, workspaceId, connectionId);
    if (!report) throw new NotFound('connection', connectionId);
    return { status: 200, body: report };
  });
}
