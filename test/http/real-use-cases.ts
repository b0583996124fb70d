import type { ReferralUseCases } from '../../backend/src/http/api.ts';
import { answerEntry } from '../../backend/src/ingest/answer-entry.ts';
import { enrolAdvocate } from '../../backend/src/ingest/enrol-advocate.ts';
import { recordEvent } from '../../backend/src/ingest/record-event.ts';
import { recordReferral } from '../../backend/src/ingest/record-referral.ts';
import { retryEntry } from '../../backend/src/ingest/retry-entry.ts';
import { settleReferral } from '../../backend/src/ingest/settle-referral.ts';
import type { UseCaseDeps } from '../../backend/src/referrals/use-case-deps.ts';
import { PUBLIC_URL, recordingUseCases, type TestServer } from './test-server.ts';

/** What people and platforms ask for, for real; what follows in a CRM is left out. */
export function realUseCases({ database, clock }: Pick<TestServer, 'database' | 'clock'>): ReferralUseCases {
  const deps: UseCaseDeps = {
    database,
    clock,
    publicUrl: PUBLIC_URL,
    wake: () => {},
    settle: () => Promise.resolve([]),
  };
  return {
    ...recordingUseCases([]),
    recordEvent: (workspaceId, actor, event) => recordEvent(deps, { workspaceId, actor }, event),
    recordReferral: (workspaceId, actor, input) => recordReferral(deps, { workspaceId, actor }, input),
    enrolAdvocate: (workspaceId, actor, input) => enrolAdvocate(deps, { workspaceId, actor }, input),
    answerEntry: (workspaceId, actor, input) => answerEntry(deps, { workspaceId, actor }, input),
    settleReferral: (workspaceId, actor, input) => settleReferral(deps, { workspaceId, actor }, input),
    retryEntry: (workspaceId, actor, input) => retryEntry(deps, { workspaceId, actor }, input),
  };
}
