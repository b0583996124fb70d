import { createAdvocate } from '../../../../shared/contracts/advocates.ts';
import type { Database } from '../../db/database.ts';
import { programNotFound } from '../../qualification/program-errors.ts';
import { findProgram } from '../../qualification/programs-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import type { ReferralUseCases } from '../api.ts';

export function createAdvocateRoute(database: Database, useCases: Pick<ReferralUseCases, 'enrolAdvocate'>): ApiRoute {
  return apiRoute(createAdvocate, async ({ workspaceId, actor, params: { programId }, body }) => {
    if (!(await findProgram(database, workspaceId, programId))) throw programNotFound(programId);
    const { advocateId, code, link, created } = await useCases.enrolAdvocate(workspaceId, actor, {
      programId,
      ...body,
    });
    return { status: created ? 201 : 200, body: { advocateId, code, link, created } };
  });
}
