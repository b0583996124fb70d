import {
  cancelEnrolment,
  getEnrolment,
  listEnrolments,
  pauseEnrolment,
  resumeEnrolment,
  saveEnrolment,
  startEnrolment,
} from '../../../../shared/contracts/enrolments.ts';
import type { Database } from '../../db/database.ts';
import { EnrolmentNotFound } from '../../enrolment/enrolment-errors.ts';
import * as reports from '../../enrolment/enrolment-reports-store.ts';
import type { Steering } from '../../enrolment/steering-store.ts';
import { programNotFound } from '../../qualification/program-errors.ts';
import { findProgram } from '../../qualification/programs-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import type { EnrolmentUseCases } from '../api.ts';
import { pageAnswer, readPage } from '../cursor.ts';

/** Starting enrolments, watching their progress and steering them: small routes over one resource. */
export function enrolmentRoutes(database: Database, useCases: EnrolmentUseCases): readonly ApiRoute[] {
  return [
    apiRoute(startEnrolment, async ({ workspaceId, actor, params: { programId }, body }) => {
      const { connectionId = null, source, listId, ongoing } = body;
      const started = await useCases.startEnrolment(workspaceId, actor, {
        programId,
        connectionId,
        source,
        listId,
        ongoing,
      });
      return { status: started.created ? 201 : 200, body: started.enrolment };
    }),
    apiRoute(listEnrolments, async ({ workspaceId, params: { programId }, query }) => {
      if (!(await findProgram(database, workspaceId, programId))) throw programNotFound(programId);
      const page = { ...readPage(query, 'newest'), programId };
      return { status: 200, body: pageAnswer(await reports.listEnrolments(database, workspaceId, page)) };
    }),
    apiRoute(getEnrolment, async ({ workspaceId, params: { enrolmentId } }) => {
      const enrolment = await reports.findEnrolment(database, workspaceId, enrolmentId);
      if (!enrolment) throw new EnrolmentNotFound(`There is no enrolment ${enrolmentId} in this workspace.`);
      return { status: 200, body: enrolment };
    }),
    apiRoute(saveEnrolment, async ({ workspaceId, actor, params: { enrolmentId }, body: { ongoing } }) => {
      const steering = ongoing ? 'ongoing_on' : 'ongoing_off';
      return { status: 200, body: await useCases.steerEnrolment(workspaceId, actor, { enrolmentId, steering }) };
    }),
    steer(pauseEnrolment, 'pause', useCases),
    steer(resumeEnrolment, 'resume', useCases),
    steer(cancelEnrolment, 'cancel', useCases),
  ];
}

function steer(
  endpoint: typeof pauseEnrolment | typeof resumeEnrolment | typeof cancelEnrolment,
  steering: Steering,
  useCases: EnrolmentUseCases,
): ApiRoute {
  return apiRoute(endpoint, async ({ workspaceId, actor, params: { enrolmentId } }) => ({
    status: 200,
    body: await useCases.steerEnrolment(workspaceId, actor, { enrolmentId, steering }),
  }));
}
