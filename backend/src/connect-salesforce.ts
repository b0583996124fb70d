import type { SalesforceConfig } from './config.ts';
import { sharedTokens, type ConnectInput, type CrmParts } from './connect-hubspot.ts';
import { createSalesforceAdapter } from './crm/salesforce/adapter.ts';
import { createSalesforceHosts } from './crm/salesforce/oauth-hosts.ts';
import { createSalesforceOAuth } from './crm/salesforce/oauth.ts';
import { createOrgTokens, type OrgTokens } from './crm/salesforce/org-tokens.ts';
import type { CrmPort } from './crm/port.ts';
import { createCallBudget, type CallLimit } from './sync/budget-store.ts';
import { salesforceInstall } from './workspaces/install-salesforce.ts';
import type { CertificateOAuth } from './workspaces/use-certificate.ts';

export type SalesforceParts = CrmParts & {
  readonly tokens: Required<OrgTokens>;
  /** For what a person at a screen waits for: it goes on when the org's daily calls run short. */
  readonly userPort: CrmPort;
  readonly certificate: CertificateOAuth;
};

/** Salesforce counts calls per day and has no window: nothing of ours ever fills one. */
const NO_WINDOW: CallLimit = { calls: Number.MAX_SAFE_INTEGER, windowMs: 0 };

export function connectSalesforce(input: ConnectInput & { readonly salesforce: SalesforceConfig }): SalesforceParts {
  const { salesforce, database, clock, publicUrl, metrics } = input;
  const hosts = createSalesforceHosts(salesforce);
  const { clientId, clientSecret, jwtPrivateKey } = salesforce;
  const oauth = createSalesforceOAuth({ clientId, clientSecret, jwtPrivateKey, hosts, clock });
  const tokens = createOrgTokens({ oauth, ...sharedTokens(input) });
  const budget = createCallBudget({ database, clock, limits: {} });
  const portFor = (urgency: 'worker' | 'user'): CrmPort =>
    createSalesforceAdapter({
      tokens,
      budget,
      clock,
      urgency,
      observe: (fact) => metrics.crmCalled({ crm: 'salesforce', status: fact.status, seconds: fact.durationMs / 1000 }),
    });
  return {
    port: portFor('worker'),
    userPort: portFor('user'),
    callLimit: NO_WINDOW,
    tokens,
    install: salesforceInstall({
      oauth,
      hosts,
      redirectUri: `${publicUrl}/salesforce/oauth/callback`,
      onLeftOver: (orgId, error) => input.logger.warn({ err: error, orgId }, 'an unused grant is left to expire'),
    }),
    certificate: { ...oauth, loginUrl: (wanted) => hosts.loginUrl(wanted) },
  };
}
