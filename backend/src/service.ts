import type { RequestListener } from 'node:http';
import type { Clock } from './clock.ts';
import type { Config, HubSpotConfig } from './config.ts';
import { createHubSpotAdapter } from './crm/hubspot/adapter.ts';
import { createHubSpotOAuth } from './crm/hubspot/oauth.ts';
import { HUBSPOT_SCOPES } from './crm/hubspot/scopes.ts';
import { createHubSpotTokenSource } from './crm/hubspot/token-source.ts';
import type { CrmAccount, CrmPort } from './crm/port.ts';
import { openPool, type Database } from './db/database.ts';
import type { ReferralUseCases } from './http/api.ts';
import { startEnrolment } from './enrolment/start-enrolment.ts';
import { steerEnrolment } from './enrolment/steer-enrolment.ts';
import { createVisitCounter, type VisitCounter } from './http/public/visit-counter.ts';
import { createHttpServer, type HttpServerDeps } from './http/server.ts';
import { createSignalIntake } from './ingest/accept-signals.ts';
import { answerEntry } from './ingest/answer-entry.ts';
import { createCardUseCases, type CardDeps } from './cards/card-use-cases.ts';
import { adoptCompanyContacts } from './cards/company-contacts-store.ts';
import { markDirty } from './ingest/dirty-store.ts';
import { enrolAdvocate } from './ingest/enrol-advocate.ts';
import { HINT_WINDOW_MS, insertSignals } from './ingest/inbox-store.ts';
import { recordEvent } from './ingest/record-event.ts';
import { recordReferral } from './ingest/record-referral.ts';
import { retryEntry } from './ingest/retry-entry.ts';
import { settleReferral } from './ingest/settle-referral.ts';
import { createJobQueue, type JobQueue } from './jobs/job-queue.ts';
import { processConnection, type ConnectionRef, type ProcessDeps } from './jobs/process-connection.ts';
import { runAlone } from './jobs/run-alone.ts';
import { createSweep } from './jobs/sweep.ts';
import { timeOutReviews } from './jobs/time-out-reviews.ts';
import { runUpkeep } from './jobs/upkeep.ts';
import { createWakeUps, type WakeUps } from './jobs/wake-ups.ts';
import type { Logger } from './observability/logger.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { startReEvaluation } from './re-evaluation/start-re-evaluation.ts';
import { steerReEvaluation } from './re-evaluation/steer-re-evaluation.ts';
import { approveReward } from './rewards/approve-reward.ts';
import type { UseCaseDeps } from './referrals/use-case-deps.ts';
import { countVisits } from './referrals/visits-store.ts';
import { createCallBudget, type CallLimit } from './sync/budget-store.ts';
import { replayDeadLetter } from './sync/replay-dead-letter.ts';
import { settleEffects } from './sync/settle-effects.ts';
import { liveConnections } from './workspaces/connections-store.ts';
import { disconnect } from './workspaces/disconnect.ts';
import { createHubSpotInstall } from './workspaces/install-hubspot.ts';
import { createSeal, type Seal } from './workspaces/seal.ts';
import { createTokenVault } from './workspaces/token-vault.ts';

export type ServiceInput = {
  readonly config: Pick<Config, 'role' | 'hubspot' | 'inboxRetentionDays' | 'enrolmentCheckMinutes' | 'workbenchUrl'> &
    Partial<Pick<Config, 'trustedProxyHops'>>;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  /** The application role's URL. */
  readonly databaseUrl: string;
  readonly secretKeys: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** (Default: pg-boss) Tests that move time themselves bring one that runs nothing by itself. */
  readonly queue?: JobQueue;
};

export type Service = {
  /** The HTTP side; a worker has the same one, for its health and metrics. */
  readonly app: RequestListener;
  readonly metrics: Metrics;
  readonly database: Database;
  start(): Promise<void>;
  /** Finishes what is under way, then lets go of everything. */
  stop(): Promise<void>;
  /** Everything a connection has due now; for tests that move the clock themselves. */
  process(ref: ConnectionRef): Promise<number | null>;
  /** Answers the reviews nobody answered in time; for the same tests. */
  timeOutReviews(): Promise<number>;
};

/** HubSpot allows 110 calls per 10 s and account, and 5 searches per second; one of each is kept back for clock skew. */
const HUBSPOT_WINDOW: CallLimit = { calls: 109, windowMs: 10_000 };
const HUBSPOT_SEARCHES: CallLimit = { calls: 4, windowMs: 1_000 };

/** Puts the parts together. Nothing runs until `start`. */
export function createService(input: ServiceInput): Service {
  const { config, clock, logger, publicUrl } = input;
  const database = openPool({ url: input.databaseUrl });
  const metrics = createMetrics({ processMetrics: true });
  const seal = createSeal(input.secretKeys);
  const hubspot = config.hubspot
    ? connectHubSpot({ ...input, hubspot: config.hubspot, database, metrics, seal })
    : null;
  const worker = config.role !== 'web';
  const queue = input.queue ?? createJobQueue({ databaseUrl: input.databaseUrl, logger, worker });
  const wakeUps = createWakeUps({ clock, logger, send: (ref) => queue.wake(ref) });
  const wake = wakeConnections(wakeUps, clock);
  const processDeps: ProcessDeps = {
    database,
    clock,
    logger,
    publicUrl,
    ports: hubspot ? { hubspot: hubspot.port } : {},
    callLimits: hubspot ? { hubspot: hubspot.callLimit } : {},
    counters: metrics,
    enrolmentCheckMs: config.enrolmentCheckMinutes * 60_000,
  };
  const process = (ref: ConnectionRef): Promise<number | null> => processConnection(processDeps, ref);
  const work = runAlone(async (ref) => {
    const againAtMs = await process(ref);
    if (againAtMs !== null) wakeUps.at(ref, againAtMs);
  });
  const upkeep = (): Promise<void> => runUpkeep({ database, clock, retentionDays: config.inboxRetentionDays });
  const deps: UseCaseDeps = { database, clock, publicUrl, wake, settle: settleEffects };
  const timeOut = (): Promise<number> => timeOutReviews({ ...deps, logger });
  const sweep = createSweep({ database, clock, logger, send: (ref) => queue.wake(ref), eachMinute: timeOut });
  const visits = createVisits({ database, clock, logger });
  const app = createHttpServer({
    publicUrl,
    workbenchUrl: config.workbenchUrl,
    database,
    clock,
    logger,
    metrics,
    checkQueue: () => queue.check(),
    hubspot: hubspot && hubspotRoutes(hubspot, { database, clock, metrics, wake, useCases: deps }),
    useCases: bindUseCases(deps, processDeps),
    accountReaders: processDeps.ports,
    countVisit: (visit) => visits.count(visit),
    trustedProxyHops: config.trustedProxyHops ?? 0,
  });
  return {
    app,
    metrics,
    database,
    process,
    timeOutReviews: timeOut,
    async start() {
      await upkeep();
      await queue.start();
      if (!worker) return;
      await queue.work(work);
      await queue.daily(upkeep);
      sweep.start();
    },
    async stop() {
      await sweep.stop();
      wakeUps.stop();
      await queue.stop();
      await visits.stop();
      await database.close();
    },
  };
}

function wakeConnections(wakeUps: WakeUps, clock: Clock): IntakeInput['wake'] {
  return (workspaceId, connectionIds, delayMs = 0) => {
    for (const connectionId of connectionIds) wakeUps.at({ workspaceId, connectionId }, clock.now() + delayMs);
  };
}

function connectedAccounts(database: Database) {
  return (workspaceId: string): Promise<readonly CrmAccount[]> =>
    database.inWorkspace(workspaceId, (tx) => liveConnections(tx, workspaceId));
}

/** Use cases as the routes see them: with everything they work with already in their hands. */
function bindUseCases(deps: UseCaseDeps, { ports, logger }: Pick<ProcessDeps, 'ports' | 'logger'>): ReferralUseCases {
  const onUninstallFailure = (connection: CrmAccount, error: unknown): void =>
    logger.warn({ err: error, connectionId: connection.connectionId }, 'the CRM could not be told that we left');
  return {
    recordReferral: (workspaceId, actor, request) => recordReferral(deps, { workspaceId, actor }, request),
    enrolAdvocate: (workspaceId, actor, request) => enrolAdvocate(deps, { workspaceId, actor }, request),
    startEnrolment: (workspaceId, actor, request) =>
      startEnrolment(
        { ...deps, ports, liveConnections: connectedAccounts(deps.database) },
        { workspaceId, actor },
        request,
      ),
    startReEvaluation: (workspaceId, actor, request) => startReEvaluation(deps, { workspaceId, actor }, request),
    steerReEvaluation: (workspaceId, actor, request) => steerReEvaluation(deps, { workspaceId, actor }, request),
    steerEnrolment: (workspaceId, actor, request) => steerEnrolment(deps, { workspaceId, actor }, request),
    recordEvent: (workspaceId, actor, event) => recordEvent(deps, { workspaceId, actor }, event),
    retryEntry: (workspaceId, actor, request) => retryEntry(deps, { workspaceId, actor }, request),
    answerEntry: (workspaceId, actor, request) => answerEntry(deps, { workspaceId, actor }, request),
    settleReferral: (workspaceId, actor, request) => settleReferral(deps, { workspaceId, actor }, request),
    approveReward: (workspaceId, actor, rewardId) => approveReward(deps, { workspaceId, actor }, rewardId),
    disconnect: (workspaceId, actor, connectionId) =>
      disconnect({ ...deps, ports, onUninstallFailure }, { workspaceId, actor }, connectionId),
    replayDeadLetter: (workspaceId, actor, id) => replayDeadLetter(deps, { workspaceId, actor }, id),
  };
}

function createVisits(input: Pick<UseCaseDeps, 'database' | 'clock'> & { readonly logger: Logger }): VisitCounter {
  const { database, clock, logger } = input;
  return createVisitCounter({
    clock,
    write: (counted) => countVisits(database, counted),
    onFailure: (error) => logger.warn({ err: error }, 'visits not written yet'),
  });
}

type RoutesInput = IntakeInput & { readonly useCases: UseCaseDeps };

type IntakeInput = {
  readonly database: Database;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly wake: (workspaceId: string, connectionIds: readonly string[], delayMs?: number) => void;
};

function hubspotRoutes({ config, install, port }: HubSpotParts, input: RoutesInput): HttpServerDeps['hubspot'] {
  return {
    clientSecrets: config.clientSecrets,
    appUrl: config.appUrl,
    installs: createHubSpotInstall({ ...install, wake: input.wake }),
    acceptSignals: createIntake(input),
    appId: config.appId,
    cards: createCardUseCases({ ...cardDeps(input), port, appUrl: config.appUrl }),
  };
}

/** How long a card waits for the CRM: HubSpot gives up after fifteen seconds, a person sooner. */
const CARD_PATIENCE_MS = 8_000;

function cardDeps({ database, clock, wake, useCases }: RoutesInput): Omit<CardDeps, 'port' | 'appUrl'> {
  return {
    database,
    clock,
    useCases,
    recordReferral,
    enrolAdvocate,
    adoptCompanyContacts,
    wake,
    patienceMs: CARD_PATIENCE_MS,
    hint: (tx, { account, objectType, recordId, now }) =>
      markDirty(tx, { ...account, kind: 'linked', now, hints: [{ objectType, recordId }] }),
  };
}

function createIntake(input: IntakeInput): ReturnType<typeof createSignalIntake>['accept'] {
  const { database, clock, metrics } = input;
  const intake = createSignalIntake({
    crm: 'hubspot',
    insert: ({ crm, signals }) => insertSignals(database, { crm, signals, nowMs: clock.now() }),
    onStored: (answer) => {
      metrics.signals('accepted', answer.accepted);
      metrics.signals('repeated', answer.repeated);
      metrics.signals('unknown', answer.unknown);
      for (const { workspaceId, connectionId } of answer.connections) {
        input.wake(workspaceId, [connectionId], HINT_WINDOW_MS);
      }
    },
  });
  return (signals) => intake.accept(signals);
}

type HubSpotParts = {
  readonly config: HubSpotConfig;
  readonly port: CrmPort;
  readonly callLimit: CallLimit;
  readonly install: Omit<Parameters<typeof createHubSpotInstall>[0], 'wake'>;
};

function connectHubSpot(
  input: ServiceInput & {
    readonly hubspot: HubSpotConfig;
    readonly database: Database;
    readonly metrics: Metrics;
    readonly seal: Seal;
  },
): HubSpotParts {
  const { hubspot, database, clock, seal, publicUrl, logger, metrics } = input;
  const callLimit = { ...HUBSPOT_WINDOW, calls: Math.max(1, HUBSPOT_WINDOW.calls - hubspot.callReserve) };
  const oauth = createHubSpotOAuth({
    apiUrl: hubspot.apiUrl,
    appUrl: hubspot.appUrl,
    clientId: hubspot.clientId,
    clientSecret: hubspot.clientSecrets[0] ?? '',
    clock,
  });
  const tokens = createHubSpotTokenSource({
    vault: createTokenVault({
      database,
      seal,
      clock,
      onBroken: ({ workspaceId, connectionId }, reason) =>
        logger.warn({ workspaceId, connectionId, reason }, 'connection needs re-authorisation; its work is kept'),
    }),
    oauth,
    clock,
    onRefreshFailure: (account, error) =>
      logger.warn({ err: error, connectionId: account.connectionId }, 'token refresh failed'),
  });
  const port = createHubSpotAdapter({
    apiUrl: hubspot.apiUrl,
    tokens,
    clock,
    budget: createCallBudget({ database, clock, limits: { default: callLimit, search: HUBSPOT_SEARCHES } }),
    observe: (fact) => metrics.crmCalled({ crm: 'hubspot', status: fact.status, seconds: fact.durationMs / 1000 }),
  });
  return {
    config: hubspot,
    port,
    callLimit,
    install: {
      database,
      clock,
      seal,
      oauth,
      redirectUri: `${publicUrl}/hubspot/oauth/callback`,
      requiredScopes: HUBSPOT_SCOPES,
      readAccount: (account) => port.readAccount(account),
      onLate: (account, error) =>
        logger.warn({ err: error, connectionId: account.connectionId }, 'account not described yet'),
    },
  };
}
