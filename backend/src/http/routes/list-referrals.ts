import { listReferrals } from '../../../../shared/contracts/referrals.ts';
import type { Database } from '../../db/database.ts';
import * as referrals from '../../referrals/referral-reports-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import { pageAnswer, readPage } from '../cursor.ts';

export function listReferralsRoute(database: Database): ApiRoute {
  return apiRoute(listReferrals, async ({ workspaceId, query }) => {
    const page = readPage(query, 'newest');
    return {
      status: 200,
      body: pageAnswer(await referrals.listReferrals(database, workspaceId, { page, filter: query })),
    };
  });
}
