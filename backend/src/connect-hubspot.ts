import type { Clock } from './clock.ts';
import type { HubSpotConfig } from './config.ts';
import { createHubSpotAdapter } from './crm/hubspot/adapter.ts';
import { createHubSpotOAuth } from './crm/hubspot/oauth.ts';
import { HUBSPOT_SCOPES } from './crm/hubspot/scopes.ts';
import { createHubSpotTokenSource } from './crm/hubspot/token-source.ts';
import type { CrmPort, TokenSource } from './crm/port.ts';
import type { TokenVault } from './crm/token-vault.ts';
import type { Database } from './db/database.ts';
import type { Logger } from './observability/logger.ts';
import type { Metrics } from './observability/metrics.ts';
import { createCallBudget, type CallLimit } from './sync/budget-store.ts';
import { hubspotInstall } from './workspaces/install-hubspot.ts';
import type { CrmInstall } from './workspaces/install.ts';
import type { Seal } from './workspaces/seal.ts';
import { createTokenVault } from './workspaces/token-vault.ts';

export type ConnectInput = {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly seal: Seal;
  /** Without a trailing slash. */
  readonly publicUrl: string;
};

/** What a CRM is to the rest of the service. */
export type CrmParts = {
  readonly port: CrmPort;
  readonly callLimit: CallLimit;
  readonly tokens: TokenSource;
  readonly install: CrmInstall;
};

export type HubSpotParts = CrmParts & { readonly config: HubSpotConfig };

/** HubSpot allows 110 calls per 10 s and account, and 5 searches per second; one of each is kept back for clock skew. */
const HUBSPOT_WINDOW: CallLimit = { calls: 109, windowMs: 10_000 };
const HUBSPOT_SEARCHES: CallLimit = { calls: 4, windowMs: 1_000 };

export function connectHubSpot(input: ConnectInput & { readonly hubspot: HubSpotConfig }): HubSpotParts {
  const { hubspot, database, clock, publicUrl, metrics } = input;
  const callLimit = { ...HUBSPOT_WINDOW, calls: Math.max(1, HUBSPOT_WINDOW.calls - hubspot.callReserve) };
  const oauth = createHubSpotOAuth({
    apiUrl: hubspot.apiUrl,
    appUrl: hubspot.appUrl,
    clientId: hubspot.clientId,
    clientSecret: hubspot.clientSecrets[0] ?? '',
    clock,
  });
  const tokens = createHubSpotTokenSource({ oauth, ...sharedTokens(input) });
  const port = createHubSpotAdapter({
    apiUrl: hubspot.apiUrl,
    tokens,
    clock,
    budget: createCallBudget({ database, clock, limits: { default: callLimit, search: HUBSPOT_SEARCHES } }),
    observe: (fact) => metrics.crmCalled({ crm: 'hubspot', status: fact.status, seconds: fact.durationMs / 1000 }),
  });
  const redirectUri = `${publicUrl}/hubspot/oauth/callback`;
  const install = hubspotInstall({ oauth, redirectUri, requiredScopes: HUBSPOT_SCOPES });
  return { config: hubspot, port, callLimit, tokens, install };
}

type SharedTokens = { readonly vault: TokenVault; readonly clock: Clock } & {
  readonly onRefreshFailure: (account: { readonly connectionId: string }, error: unknown) => void;
};

/** Where tokens are kept, and who hears of it when they cannot be renewed: the same for every CRM. */
export function sharedTokens({ database, clock, logger, seal }: ConnectInput): SharedTokens {
  return {
    vault: createTokenVault({
      database,
      seal,
      clock,
      onBroken: ({ workspaceId, connectionId }, reason) =>
        logger.warn({ workspaceId, connectionId, reason }, 'connection needs re-authorisation; its work is kept'),
    }),
    clock,
    onRefreshFailure: ({ connectionId }, error) => logger.warn({ err: error, connectionId }, 'token refresh failed'),
  };
}
