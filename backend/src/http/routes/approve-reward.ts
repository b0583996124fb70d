import { approveReward } from '../../../../shared/contracts/rewards.ts';
import type { Database } from '../../db/database.ts';
import { findReward } from '../../rewards/reward-reports-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import type { ReferralUseCases } from '../api.ts';
import { NotFound } from '../http-errors.ts';

export function approveRewardRoute(database: Database, useCases: Pick<ReferralUseCases, 'approveReward'>): ApiRoute {
  return apiRoute(approveReward, async ({ workspaceId, actor, params: { rewardId } }) => {
    const known = await findReward(database, workspaceId, rewardId);
    if (!known) throw new NotFound('reward', rewardId);
    await useCases.approveReward(workspaceId, actor, rewardId);
    return { status: 200, body: (await findReward(database, workspaceId, rewardId)) ?? known };
  });
}
