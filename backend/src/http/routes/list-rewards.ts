import { listRewards } from '../../../../shared/contracts/rewards.ts';
import type { Database } from '../../db/database.ts';
import * as rewards from '../../rewards/reward-reports-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import { pageAnswer, readPage } from '../cursor.ts';

export function listRewardsRoute(database: Database): ApiRoute {
  return apiRoute(listRewards, async ({ workspaceId, query }) => {
    const page = readPage(query, 'newest');
    return { status: 200, body: pageAnswer(await rewards.listRewards(database, workspaceId, { page, filter: query })) };
  });
}
