import { getReferral } from '../../../../shared/contracts/referrals.ts';
import type { Database } from '../../db/database.ts';
import { findLastEntry } from '../../ingest/entry-reports-store.ts';
import { findReferral } from '../../referrals/referral-reports-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import { NotFound } from '../http-errors.ts';

export function getReferralRoute(database: Database): ApiRoute {
  return apiRoute(getReferral, async ({ workspaceId, params: { referralId } }) => {
    const referral = await findReferral(database, workspaceId, referralId);
    if (!referral) throw new NotFound('referral', referralId);
    const lastEntry = await findLastEntry(database, workspaceId, referralId);
    return { status: 200, body: { ...referral, lastEntry } };
  });
}
