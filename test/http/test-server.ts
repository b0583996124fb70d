import { createHmac } from 'node:crypto';
import type { Express } from 'express';
import pino from 'pino';
import type { Clock } from '../../backend/src/clock.ts';
import { openPool, type Database } from '../../backend/src/db/database.ts';
import type { CardUseCases, ReferralUseCases } from '../../backend/src/http/api.ts';
import { createHttpServer, type HttpServerDeps } from '../../backend/src/http/server.ts';
import { createMetrics, type Metrics } from '../../backend/src/observability/metrics.ts';
import { createApiKey } from '../../backend/src/workspaces/api-keys-store.ts';
import type { CompanyCardView, ContactCardView, DealCardView } from '../../shared/card-view.ts';
import { getCompanyCard, getContactCard, getDealCard } from '../../shared/contracts/hubspot-cards.ts';
import { CrmNotConnected } from '../../backend/src/workspaces/install-errors.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

export const PUBLIC_URL = 'https://refer.example.com';
export const CLIENT_SECRET = 'test-secret';
export const APP_ID = '1160452';
export const NOW = Date.UTC(2026, 10, 20, 10, 0, 0);

export type MovableClock = Clock & { moveMs(ms: number): void };

export function movableClock(startMs = NOW): MovableClock {
  let now = startMs;
  return {
    now: () => now,
    moveMs: (ms) => {
      now += ms;
    },
  };
}

/** Use cases that say what they were asked; a test replaces the one it is about. */
export function recordingUseCases(calls: unknown[][]): ReferralUseCases {
  const record = (name: string, ...rest: unknown[]): void => void calls.push([name, ...rest]);
  return {
    recordReferral(...args) {
      record('recordReferral', ...args);
      return Promise.resolve({ referralId: 'ref_new', advocateId: 'adv_a', status: 'pending', created: true });
    },
    enrolAdvocate(...args) {
      record('enrolAdvocate', ...args);
      const code = 'k7m2x9qdwtz';
      return Promise.resolve({
        advocateId: 'adv_new',
        code,
        link: `${PUBLIC_URL}/r/${code}`,
        created: true,
        reopened: false,
      });
    },
    recordEvent(...args) {
      record('recordEvent', ...args);
      return Promise.resolve({ entryId: 'ent_new', state: 'processed', referralId: 'ref_new', created: true });
    },
    retryEntry(...args) {
      record('retryEntry', ...args);
      return Promise.resolve({ entryId: args[2].entryId, state: 'processed' });
    },
    answerEntry: (...args) => Promise.resolve(record('answerEntry', ...args)),
    settleReferral: (...args) => Promise.resolve(record('settleReferral', ...args)),
    startEnrolment: () => Promise.reject(new Error('not used')),
    startReEvaluation: () => Promise.reject(new Error('not used')),
    steerReEvaluation: () => Promise.reject(new Error('not used')),
    steerEnrolment: () => Promise.reject(new Error('not used')),
    approveReward: (...args) => Promise.resolve(record('approveReward', ...args)),
    makeJoinLink(...args) {
      record('makeJoinLink', ...args);
      const url = `${PUBLIC_URL}/${args[2]}/oauth/install?join=token`;
      return Promise.resolve({ url, expiresAt: new Date(NOW + 600_000) });
    },
    useCertificate(...args) {
      record('useCertificate', ...args);
      return Promise.reject(new CrmNotConnected('No Salesforce org is connected to this workspace.'));
    },
    disconnect: (...args) => Promise.resolve(record('disconnect', ...args)),
    replayDeadLetter: (...args) => Promise.resolve(record('replayDeadLetter', ...args)),
  };
}

/** Cards that say what they were asked and show an empty page. */
export function recordingCards(calls: unknown[][]): CardUseCases {
  const page = { page: { items: [], next: null }, total: 0 };
  const answer =
    <T>(name: string, given: T) =>
    (...args: unknown[]): Promise<T> => {
      calls.push([name, ...args]);
      return Promise.resolve(given);
    };
  return {
    contactCard: answer('contactCard', getContactCard.answers[200].example as unknown as ContactCardView),
    contactReferrals: answer('contactReferrals', page),
    dealCard: answer('dealCard', getDealCard.answers[200].example as unknown as DealCardView),
    companyCard: answer('companyCard', getCompanyCard.answers[200].example as unknown as CompanyCardView),
    companyReferrals: answer('companyReferrals', page),
    addSpokenReferral: answer('addSpokenReferral', { result: 'added', referralId: 'ref_new' }),
    enrolContact: answer('enrolContact', {
      result: 'enrolled',
      advocateId: 'adv_new',
      link: `${PUBLIC_URL}/r/k7m2x9qdwtz`,
    }),
    askForReview: answer('askForReview', { result: 'asked', askedAt: new Date(NOW).toISOString() }),
  };
}

export type TestServer = {
  readonly app: Express;
  readonly database: Database;
  readonly testDatabase: TestDatabase;
  readonly clock: MovableClock;
  readonly metrics: Metrics;
  /** Calls of use cases, oldest first: name, workspace, actor, input. */
  readonly calls: unknown[][];
  /** How the app was set up for HubSpot. */
  readonly hubspot: NonNullable<HttpServerDeps['hubspot']>;
  /** Log lines as objects. */
  readonly log: Record<string, unknown>[];
  /** The same database and clock behind other dependencies. */
  appWith(deps: Partial<HttpServerDeps>): Express;
  close(): Promise<void>;
};

/** The real express app over a real database; the use cases of others are recorded. */
export async function startTestServer(deps: Partial<HttpServerDeps> = {}): Promise<TestServer> {
  const testDatabase = await createTestDatabase();
  const database = openPool({ url: testDatabase.appUrl, maxConnections: 6 });
  const clock = movableClock();
  const metrics = createMetrics();
  const calls: unknown[][] = [];
  const log: Record<string, unknown>[] = [];
  const logger = pino(
    { level: 'info' },
    { write: (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const hubspot: TestServer['hubspot'] = {
    clientSecrets: [CLIENT_SECRET],
    appUrl: 'https://app.hubspot.com',
    installs: {
      invitation: () => Promise.reject(new Error('not used')),
      begin: () => Promise.reject(new Error('not used')),
      finish: () => Promise.reject(new Error('not used')),
    },
    acceptSignals: () => Promise.resolve({ accepted: 0, repeated: 0, unknown: 0 }),
    appId: APP_ID,
    cards: recordingCards(calls),
  };
  const base: HttpServerDeps = {
    publicUrl: PUBLIC_URL,
    workbenchUrl: null,
    database,
    clock,
    logger,
    metrics,
    checkQueue: () => Promise.resolve(),
    hubspot,
    useCases: recordingUseCases(calls),
    accountReaders: {},
    verifyAnswers: true,
  };
  const appWith = (more: Partial<HttpServerDeps>): Express => createHttpServer({ ...base, ...deps, ...more });
  return {
    app: appWith({}),
    database,
    testDatabase,
    clock,
    metrics,
    calls,
    hubspot,
    log,
    appWith,
    async close() {
      await database.close();
      await testDatabase.drop();
    },
  };
}

export type Workspace = { readonly workspaceId: string; readonly apiKeyId: string; readonly authorization: string };

/** A workspace of its own with an API key. */
export async function createWorkspace(database: Database, workspaceId: string): Promise<Workspace> {
  await database.inWorkspace(workspaceId, (tx) =>
    tx('workspaces').insert({ id: workspaceId, name: workspaceId, created_at: new Date(NOW) }),
  );
  const { key, apiKeyId } = await createApiKey(database, workspaceId, { label: 'test', now: new Date(NOW) });
  return { workspaceId, apiKeyId, authorization: `Bearer ${key}` };
}

/** HubSpot's v3 signature in our own few lines, from the platform's description: a second opinion on the verifier. */
export function signV3(input: {
  body: string;
  atMs: number;
  secret?: string;
  uri?: string;
  method?: string;
}): Record<string, string> {
  const uri = input.uri ?? `${PUBLIC_URL}/hubspot/webhooks`;
  const text = `${input.method ?? 'POST'}${uri}${input.body}${input.atMs}`;
  return {
    'X-HubSpot-Signature-v3': createHmac('sha256', input.secret ?? CLIENT_SECRET)
      .update(text)
      .digest('base64'),
    'X-HubSpot-Request-Timestamp': String(input.atMs),
  };
}
