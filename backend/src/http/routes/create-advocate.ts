import { createAdvocate } from '../../../../shared/contracts/advocates.ts';
import type { Database } from '../../db/database.ts';
import { programNotFound } from '../../qualification/program-errors.ts';
import { findProgram } from '../../qualification/programs-store.ts';
import { apiRoute, type ApiAnswer, type ApiRoute } from '../api-route.ts';
import type { ReferralUseCases } from '../api.ts';
import { JoinClosed } from '../authenticate/form-key-errors.ts';
import { isFormCall } from '../authenticate/form-key.ts';
import { RequestInvalid } from '../http-errors.ts';

type Answer = ApiAnswer<typeof createAdvocate>;

export function createAdvocateRoute(database: Database, useCases: Pick<ReferralUseCases, 'enrolAdvocate'>): ApiRoute {
  return apiRoute<typeof createAdvocate, Answer['status'], Answer['body']>(
    createAdvocate,
    async ({ workspaceId, actor, params: { programId }, body }) => {
      const program = await findProgram(database, workspaceId, programId);
      if (!program) throw programNotFound(programId);
      if (isFormCall({ actor })) {
        if (!program.published?.definition.page.joinOpen) throw new JoinClosed();
        if (body.crmRecordId !== null) throw new RequestInvalid([CONTACT_NAMED]);
        await useCases.enrolAdvocate(workspaceId, actor, { programId, ...body, externalId: null });
        // No code and no link: the address may be somebody else's, who has them already.
        return { status: 202, body: { received: true } };
      }
      const { advocateId, code, link, created } = await useCases.enrolAdvocate(workspaceId, actor, {
        programId,
        ...body,
      });
      return { status: created ? 201 : 200, body: { advocateId, code, link, created } };
    },
  );
}

const CONTACT_NAMED = {
  path: 'crmRecordId',
  message: 'A form cannot say which contact of the CRM somebody is.',
} as const;
