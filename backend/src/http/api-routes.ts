import type { Database } from '../db/database.ts';
import type { ProgramDeps } from '../qualification/save-program.ts';
import type { ApiRoute } from './api-route.ts';
import type { ReferralUseCases } from './api.ts';
import { approveEntryRoute, rejectEntryRoute } from './routes/answer-entry.ts';
import { approveRewardRoute } from './routes/approve-reward.ts';
import { createAdvocateRoute } from './routes/create-advocate.ts';
import { createEventRoute } from './routes/create-event.ts';
import { createProgramRoute } from './routes/create-program.ts';
import { createReferralRoute } from './routes/create-referral.ts';
import { crmChoiceRoutes, type CrmChoicesInput } from './routes/crm-choices.ts';
import { decideReferralRoute } from './routes/decide-referral.ts';
import { deleteConnectionRoute } from './routes/delete-connection.ts';
import { enrolmentRoutes } from './routes/enrolments.ts';
import { getAdvocateRoute } from './routes/get-advocate.ts';
import { getEntryRoute } from './routes/get-entry.ts';
import { getProgramRoute } from './routes/get-program.ts';
import { getReferralRoute } from './routes/get-referral.ts';
import { createJoinLinkRoute } from './routes/join-links.ts';
import { listConnectionsRoute } from './routes/list-connections.ts';
import { listDeadLettersRoute } from './routes/list-dead-letters.ts';
import { listEntriesRoute } from './routes/list-entries.ts';
import { listProgramsRoute } from './routes/list-programs.ts';
import { listReferralsRoute } from './routes/list-referrals.ts';
import { listRewardsRoute } from './routes/list-rewards.ts';
import { publishProgramRoute } from './routes/publish-program.ts';
import { reEvaluationRoutes } from './routes/re-evaluations.ts';
import { replayDeadLetterRoute } from './routes/replay-dead-letter.ts';
import { retryEntryRoute } from './routes/retry-entry.ts';
import { salesforceCertificateRoute } from './routes/salesforce-certificate.ts';
import { saveProgramRoute } from './routes/save-program.ts';

export type ApiRoutesInput = {
  readonly database: Database;
  readonly publicUrl: string;
  readonly useCases: ReferralUseCases;
  readonly programs: ProgramDeps;
  readonly choices: CrmChoicesInput;
};

/** Every `/api/v1` endpoint; a test compares this list with the contracts. */
export function apiRoutes(input: ApiRoutesInput): readonly ApiRoute[] {
  const { database, publicUrl, useCases, programs, choices } = input;
  return [
    listConnectionsRoute(database),
    deleteConnectionRoute(database, useCases),
    createJoinLinkRoute(useCases),
    salesforceCertificateRoute(database, useCases),
    ...crmChoiceRoutes(choices),
    listProgramsRoute(database),
    createProgramRoute(programs),
    getProgramRoute(database),
    saveProgramRoute(programs),
    publishProgramRoute(programs),
    ...enrolmentRoutes(database, useCases),
    ...reEvaluationRoutes(database, useCases),
    createReferralRoute(database, useCases),
    createAdvocateRoute(database, useCases),
    createEventRoute(useCases),
    listReferralsRoute(database),
    getReferralRoute(database),
    decideReferralRoute(database, useCases),
    getAdvocateRoute(database, publicUrl),
    listEntriesRoute(database),
    getEntryRoute(database),
    retryEntryRoute(database, useCases),
    approveEntryRoute(database, useCases),
    rejectEntryRoute(database, useCases),
    listRewardsRoute(database),
    approveRewardRoute(database, useCases),
    listDeadLettersRoute(database),
    replayDeadLetterRoute(database, useCases),
  ];
}
