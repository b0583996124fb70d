import type { RequestListener } from 'node:http';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { connectCrms, grantEndersOf, meansOf, type Crms } from './connect-crms.ts';
import type { CrmParts, HubSpotParts } from './connect-hubspot.ts';
import type { CrmAccount, CrmName } from './crm/port.ts';
import { openPool, type Database } from './db/database.ts';
import type { ReferralUseCases } from './http/api.ts';
import { startEnrolment } from './enrolment/start-enrolment.ts';
import { steerEnrolment } from './enrolment/steer-enrolment.ts';
import { createVisitCounter, type VisitCounter } from './http/public/visit-counter.ts';
import { HubSpotNotConfigured, SalesforceNotConfigured } from './http/http-errors.ts';
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
import { replayDeadLetter } from './sync/replay-dead-letter.ts';
import { settleEffects } from './sync/settle-effects.ts';
import { liveConnections } from './workspaces/connections-store.ts';
import { disconnect } from './workspaces/disconnect.ts';
import { createInstall, type InstallDeps } from './workspaces/install.ts';
import { createJoinSigner, type JoinSigner } from './workspaces/join-link.ts';
import { makeJoinLink } from './workspaces/make-join-link.ts';
import { createSeal, type Seal } from './workspaces/seal.ts';
import { useCertificate } from './workspaces/use-certificate.ts';

export type ServiceInput = {
  readonly config: Pick<Config, 'role' | 'hubspot' | 'inboxRetentionDays' | 'enrolmentCheckMinutes' | 'workbenchUrl'> &
    Partial<Pick<Config, 'trustedProxyHops' | 'salesforce'>>;
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

/** Puts the parts together. Nothing runs until `start`. */
export function createService(input: ServiceInput): Service {
  const { config, clock, logger, publicUrl } = input;
  const database = openPool({ url: input.databaseUrl });
  const metrics = createMetrics({ processMetrics: true });
  const seal = createSeal(input.secretKeys);
  const parts = { ...input, database, metrics, seal, joins: createJoinSigner(input.secretKeys) };
  const crms = connectCrms(config, parts);
  const { hubspot, salesforce } = crms;
  const worker = config.role !== 'web';
  const queue = input.queue ?? createJobQueue({ databaseUrl: input.databaseUrl, logger, worker });
  const wakeUps = createWakeUps({ clock, logger, send: (ref) => queue.wake(ref) });
  const wake = wakeConnections(wakeUps, clock);
  const processDeps: ProcessDeps = {
    database,
    clock,
    logger,
    publicUrl,
    ...meansOf(crms),
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
    hubspot: hubspot && hubspotRoutes(hubspot, { ...parts, wake, useCases: deps }),
    salesforce: salesforce && { installs: createInstall(installDeps(salesforce, { ...parts, wake })) },
    useCases: { ...bindUseCases(deps, processDeps), ...bindConnections(deps, { ...parts, crms, wake }) },
    accountReaders: { ...processDeps.ports, ...(salesforce ? { salesforce: salesforce.userPort } : {}) },
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
function bindUseCases(
  deps: UseCaseDeps,
  { ports }: Pick<ProcessDeps, 'ports'>,
): Omit<ReferralUseCases, 'makeJoinLink' | 'useCertificate' | 'disconnect'> {
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
    replayDeadLetter: (workspaceId, actor, id) => replayDeadLetter(deps, { workspaceId, actor }, id),
  };
}

type ConnectionsInput = PartsInput & { readonly crms: Crms };

/** How accounts come to a workspace, beyond the pages on which they are installed. */
function bindConnections(
  deps: UseCaseDeps,
  { crms, joins, seal, wake, logger }: ConnectionsInput,
): Pick<ReferralUseCases, 'makeJoinLink' | 'useCertificate' | 'disconnect'> {
  const onUninstallFailure = (connection: CrmAccount, error: unknown): void =>
    logger.warn({ err: error, connectionId: connection.connectionId }, 'the CRM could not be told that we left');
  return {
    disconnect: (workspaceId, actor, connectionId) =>
      disconnect(
        { ...deps, ...meansOf(crms), seal, endGrant: grantEndersOf(crms), onUninstallFailure },
        { workspaceId, actor },
        connectionId,
      ),
    makeJoinLink: async (workspaceId, actor, crm) => {
      requireConfigured(crms, crm);
      return makeJoinLink({ ...deps, joins }, { workspaceId, actor }, crm);
    },
    useCertificate: async (workspaceId, actor, request) => {
      const { certificate: oauth } = requireConfigured(crms, 'salesforce');
      const onLeftOver = (connection: CrmAccount, error: unknown): void =>
        logger.warn({ err: error, connectionId: connection.connectionId }, 'the former grant is left to expire');
      return useCertificate({ ...deps, seal, wake, oauth, onLeftOver }, { workspaceId, actor }, request);
    },
  };
}

function requireConfigured<C extends CrmName>(crms: Crms, crm: C): NonNullable<Crms[C]> {
  const parts = crms[crm];
  if (parts) return parts;
  throw crm === 'hubspot' ? new HubSpotNotConfigured() : new SalesforceNotConfigured();
}

function createVisits(input: Pick<UseCaseDeps, 'database' | 'clock'> & { readonly logger: Logger }): VisitCounter {
  const { database, clock, logger } = input;
  return createVisitCounter({
    clock,
    write: (counted) => countVisits(database, counted),
    onFailure: (error) => logger.warn({ err: error }, 'visits not written yet'),
  });
}

type PartsInput = Omit<IntakeInput, 'metrics'> & {
  readonly logger: Logger;
  readonly seal: Seal;
  readonly joins: JoinSigner;
};

function installDeps({ install, port }: CrmParts, input: PartsInput): InstallDeps {
  const { database, clock, logger, seal, joins, wake } = input;
  return {
    database,
    clock,
    seal,
    joins,
    install,
    wake,
    readAccount: (account) => port.readAccount(account),
    onLate: (account, error) =>
      logger.warn({ err: error, connectionId: account.connectionId }, 'account not described yet'),
    onLeftOver: (externalAccountId, error) =>
      logger.warn({ err: error, externalAccountId }, 'an unused grant is left to expire'),
  };
}

type RoutesInput = PartsInput & IntakeInput & { readonly useCases: UseCaseDeps };

type IntakeInput = {
  readonly database: Database;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly wake: (workspaceId: string, connectionIds: readonly string[], delayMs?: number) => void;
};

function hubspotRoutes(hubspot: HubSpotParts, input: RoutesInput): HttpServerDeps['hubspot'] {
  const { config, port } = hubspot;
  return {
    clientSecrets: config.clientSecrets,
    appUrl: config.appUrl,
    installs: createInstall(installDeps(hubspot, input)),
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
