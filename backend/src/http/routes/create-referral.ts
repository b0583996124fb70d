import { createReferral } from '../../../../shared/contracts/referrals.ts';
import type { Database } from '../../db/database.ts';
import { programNotFound } from '../../qualification/program-errors.ts';
import { findProgram } from '../../qualification/programs-store.ts';
import { AlreadyReferred, SelfReferral } from '../../referrals/referral-errors.ts';
import { apiRoute, type ApiAnswer, type ApiRoute } from '../api-route.ts';
import type { ReferralUseCases } from '../api.ts';
import { isFormCall } from '../authenticate/form-key.ts';

type Answer = ApiAnswer<typeof createReferral>;

export function createReferralRoute(database: Database, useCases: Pick<ReferralUseCases, 'recordReferral'>): ApiRoute {
  return apiRoute<typeof createReferral, Answer['status'], Answer['body']>(
    createReferral,
    async ({ workspaceId, actor, params: { programId }, body }) => {
      if (!(await findProgram(database, workspaceId, programId))) throw programNotFound(programId);
      if (isFormCall({ actor })) {
        await useCases
          .recordReferral(workspaceId, actor, { programId, ...body, source: 'form', externalId: null })
          .catch(ignoreWhatTellsOfPeople);
        return { status: 202, body: { received: true } };
      }
      const { referralId, advocateId, status, created } = await useCases.recordReferral(workspaceId, actor, {
        programId,
        ...body,
      });
      return { status: created ? 201 : 200, body: { referralId, advocateId, status, created } };
    },
  );
}

/** Both are kept as entries. A stranger who could tell them apart could ask who was referred, and who refers. */
function ignoreWhatTellsOfPeople(error: unknown): void {
  if (!(error instanceof AlreadyReferred) && !(error instanceof SelfReferral)) throw error;
}
