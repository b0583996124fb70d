import { createReferral } from '../../../../shared/contracts/referrals.ts';
import type { Database } from '../../db/database.ts';
import { programNotFound } from '../../qualification/program-errors.ts';
import { findProgram } from '../../qualification/programs-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import type { ReferralUseCases } from '../api.ts';

export function createReferralRoute(database: Database, useCases: Pick<ReferralUseCases, 'recordReferral'>): ApiRoute {
  return apiRoute(createReferral, async ({ workspaceId, actor, params: { programId }, body }) => {
    if (!(await findProgram(database, workspaceId, programId))) throw programNotFound(programId);
    const { referralId, advocateId, status, created } = await useCases.recordReferral(workspaceId, actor, {
      programId,
      ...body,
    });
    return { status: created ? 201 : 200, body: { referralId, advocateId, status, created } };
  });
}
