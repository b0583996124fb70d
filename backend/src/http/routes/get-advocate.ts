import { getAdvocate } from '../../../../shared/contracts/advocates.ts';
import type { Database } from '../../db/database.ts';
import { findAdvocate } from '../../referrals/advocate-reports-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import { NotFound } from '../http-errors.ts';

export function getAdvocateRoute(database: Database, publicUrl: string): ApiRoute {
  return apiRoute(getAdvocate, async ({ workspaceId, params: { advocateId } }) => {
    const advocate = await findAdvocate(database, workspaceId, { advocateId, publicUrl });
    if (!advocate) throw new NotFound('advocate', advocateId);
    return { status: 200, body: advocate };
  });
}
