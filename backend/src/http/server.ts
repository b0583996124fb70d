import express, { type Express } from 'express';
import type { Clock } from '../clock.ts';
import type { CrmName } from '../crm/port.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { AccountReader } from '../qualification/read-account.ts';
import type { ProgramDeps } from '../qualification/save-program.ts';
import { liveConnections } from '../workspaces/connections-store.ts';
import { accessLog } from './access-log.ts';
import { apiRoutes } from './api-routes.ts';
import type { CardUseCases, ReferralUseCases } from './api.ts';
import { authenticateApiKey } from './authenticate/api-key.ts';
import { createFormKeyGate } from './authenticate/form-key.ts';
import { authenticateCard } from './authenticate/hubspot-card.ts';
import { hubspotSignature } from './authenticate/hubspot-signature.ts';
import { errorResponse } from './error-response.ts';
import { HubSpotNotConfigured, RouteNotFound } from './http-errors.ts';
import type { InstallUseCase } from './install-use-case.ts';
import { mountApiRoute } from './mount-api-route.ts';
import { mountCardRoute } from './mount-card-route.ts';
import { mountInstalls } from './mount-installs.ts';
import { openApiDocument } from './openapi.ts';
import { createGuards, type Guards } from './public/guards.ts';
import { mountPublicPages } from './public/mount-public.ts';
import { pageFailure } from './public/page-failure.ts';
import type { Visit } from './public/visit-counter.ts';
import { refuseOtherMethods } from './refuse-method.ts';
import { requestId } from './request-id.ts';
import type { ChoiceReader } from './routes/crm-choices.ts';
import { frontPage } from './routes/front-page.ts';
import { health } from './routes/health.ts';
import { hubspotCardRoutes } from './routes/hubspot-cards.ts';
import { hubspotWebhooks, type AcceptSignals } from './routes/hubspot-webhooks.ts';
import { metricsText } from './routes/metrics.ts';
import { openApi } from './routes/openapi-document.ts';
import { postman } from './routes/postman-collection.ts';
import { ready } from './routes/ready.ts';
import { reference } from './routes/reference-page.ts';
import { workbench } from './routes/workbench.ts';
import { securityHeaders } from './security-headers.ts';

/** Everything the HTTP side needs; it reads no environment and opens nothing by itself. */
export type HttpServerDeps = {
  /** Without a trailing slash. The only base of links and of signed addresses. */
  readonly publicUrl: string;
  /** Sandbox mode only: who answers `/` and `/workbench/*`. */
  readonly workbenchUrl: string | null;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Resolves while the queue works; a rejection makes `/ready` 503. */
  readonly checkQueue: () => Promise<unknown>;
  /** Null: the service runs without HubSpot; its routes answer 503 `hubspot_not_configured`. */
  readonly hubspot: {
    readonly clientSecrets: readonly string[];
    /** HUBSPOT_APP_URL: where a browser may be sent back to. */
    readonly appUrl: string;
    readonly installs: InstallUseCase;
    readonly acceptSignals: AcceptSignals;
    /** HUBSPOT_APP_ID; null: not known. */
    readonly appId: string | null;
    readonly cards: CardUseCases;
  } | null;
  /** (Default: null) Null: the service runs without Salesforce; its routes answer 503 `salesforce_not_configured`. */
  readonly salesforce?: { readonly installs: InstallUseCase } | null;
  readonly useCases: ReferralUseCases;
  /** How to ask a connected account what it offers: when a program is saved, and for pickers. */
  readonly accountReaders: Readonly<Partial<Record<CrmName, AccountReader & ChoiceReader>>>;
  /** Somebody opened a referral link. (Default: nobody counts) */
  readonly countVisit?: (visit: Visit) => void;
  /** TRUSTED_PROXY_HOPS. (Default: 0) */
  readonly trustedProxyHops?: number;
  /** How long saving a program waits for the CRM. (Default: 5000) */
  readonly crmPatienceMs?: number;
  /** How long a webhook waits for the intake. (Default: 4500) */
  readonly webhookPatienceMs?: number;
  /** Checks every API answer against its contract; for tests. (Default: false) */
  readonly verifyAnswers?: boolean;
};

/** The whole HTTP side as one express app. Order matters and is explained where it does. */
export function createHttpServer(deps: HttpServerDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', false);
  app.set('query parser', 'simple');
  app.enable('case sensitive routing');
  app.enable('strict routing');
  // First of all: the hottest path pays for no middleware.
  mountWebhooks(app, deps);
  app.use(requestId, accessLog(deps.logger, deps.metrics));
  // Before our headers: the workbench is a page of its own with scripts of its own.
  if (deps.workbenchUrl !== null) app.use(workbench(deps.workbenchUrl));
  app.use(securityHeaders(deps.publicUrl));
  mountPublicRoutes(app, deps);
  const { clock, logger, trustedProxyHops = 0 } = deps;
  const guards = createGuards({ clock, logger, trustedProxyHops });
  mountEdge(app, deps, guards);
  mountCards(app, deps);
  mountApi(app, deps, guards);
  refuseOtherMethods(app);
  app.use(() => {
    throw new RouteNotFound();
  });
  app.use(pageFailure(deps.logger, deps.clock));
  app.use(errorResponse(deps.logger, deps.clock));
  return app;
}

function mountWebhooks(app: Express, deps: HttpServerDeps): void {
  const { clock, hubspot, logger, metrics, publicUrl, webhookPatienceMs } = deps;
  const verify = hubspot && hubspotSignature({ publicUrl, clientSecrets: hubspot.clientSecrets, clock });
  const acceptSignals: AcceptSignals = hubspot?.acceptSignals ?? (() => Promise.reject(new Error('No HubSpot.')));
  const patience = webhookPatienceMs === undefined ? {} : { patienceMs: webhookPatienceMs };
  app.post('/hubspot/webhooks', hubspotWebhooks({ verify, acceptSignals, metrics, logger, ...patience }));
}

/** Without HubSpot the addresses exist all the same, and say so. */
function mountCards(app: Express, deps: HttpServerDeps): void {
  const { clock, database, hubspot, metrics, publicUrl } = deps;
  const verify = hubspot && hubspotSignature({ publicUrl, clientSecrets: hubspot.clientSecrets, clock });
  const authenticate = authenticateCard({ verify, appId: hubspot?.appId ?? null, database, metrics });
  const mount = { app, authenticate, database, clock, metrics, verifyAnswers: deps.verifyAnswers ?? false };
  for (const route of hubspotCardRoutes(hubspot?.cards ?? NO_CARDS)) mountCardRoute(mount, route);
}

/** Never reached: no request passes the authentication then. */
const NO_CARDS = new Proxy({} as CardUseCases, {
  get: () => () => Promise.reject(new HubSpotNotConfigured()),
});

function mountPublicRoutes(app: Express, deps: HttpServerDeps): void {
  const { database, hubspot, salesforce = null, logger, publicUrl } = deps;
  const document = openApiDocument(publicUrl);
  app.get('/', frontPage({ hubspot: hubspot !== null, salesforce: salesforce !== null }));
  app.get('/health', health);
  app.get('/ready', ready({ database, checkQueue: deps.checkQueue }));
  app.get('/metrics', metricsText(deps.metrics));
  app.get('/openapi.json', openApi(document));
  app.get('/reference', reference(document));
  app.get('/postman.json', postman(document));
  mountInstalls(app, { publicUrl, logger, hubspot, salesforce });
}

function mountEdge(app: Express, deps: HttpServerDeps, guards: Guards): void {
  const { clock, database, publicUrl, useCases, countVisit = () => undefined } = deps;
  mountPublicPages(app, { database, clock, publicUrl, useCases, guards, countVisit });
}

function mountApi(app: Express, deps: HttpServerDeps, guards: Guards): void {
  const { accountReaders, clock, crmPatienceMs, database, metrics, publicUrl, useCases } = deps;
  const patience = crmPatienceMs === undefined ? {} : { crmPatienceMs };
  const connectedAccounts: ProgramDeps['connectedAccounts'] = (workspaceId) =>
    database.inWorkspace(workspaceId, (tx) => liveConnections(tx, workspaceId));
  const programs: ProgramDeps = { database, clock, connectedAccounts, accountReaders, ...patience };
  const choices = { database, choiceReaders: accountReaders, ...patience };
  const authenticate = authenticateApiKey(database, metrics);
  const formKeys = createFormKeyGate({ database, metrics, guards, authenticateApiKey: authenticate });
  const mount = { app, authenticate, formKeys, database, clock, metrics, verifyAnswers: deps.verifyAnswers ?? false };
  for (const route of apiRoutes({ database, publicUrl, useCases, programs, choices })) mountApiRoute(mount, route);
}
