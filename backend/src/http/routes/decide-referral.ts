import { decideReferral } from '../../../../shared/contracts/referrals.ts';
import type { Database } from '../../db/database.ts';
import { findLastEntry } from '../../ingest/entry-reports-store.ts';
import { findReferral } from '../../referrals/referral-reports-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import type { ReferralUseCases } from '../api.ts';
import { NotFound } from '../http-errors.ts';

export function decideReferralRoute(database: Database, useCases: Pick<ReferralUseCases, 'settleReferral'>): ApiRoute {
  return apiRoute(decideReferral, async ({ workspaceId, actor, params: { referralId }, body }) => {
    const known = await findReferral(database, workspaceId, referralId);
    if (!known) throw new NotFound('referral', referralId);
    await useCases.settleReferral(workspaceId, actor, { referralId, ...body });
    const referral = (await findReferral(database, workspaceId, referralId)) ?? known;
    return { status: 200, body: { ...referral, lastEntry: await findLastEntry(database, workspaceId, referralId) } };
  });
}
