import type { Config } from './config.ts';
import { connectHubSpot, type ConnectInput, type CrmParts, type HubSpotParts } from './connect-hubspot.ts';
import { connectSalesforce, type SalesforceParts } from './connect-salesforce.ts';
import type { CrmName } from './crm/port.ts';
import type { DisconnectDeps } from './workspaces/disconnect.ts';
import type { ProcessDeps } from './jobs/process-connection.ts';

/** The CRMs the service is set up for. */
export type Crms = { readonly hubspot: HubSpotParts | null; readonly salesforce: SalesforceParts | null };

export function connectCrms(
  { hubspot, salesforce = null }: Pick<Config, 'hubspot'> & Partial<Pick<Config, 'salesforce'>>,
  input: ConnectInput,
): Crms {
  return {
    hubspot: hubspot ? connectHubSpot({ ...input, hubspot }) : null,
    salesforce: salesforce ? connectSalesforce({ ...input, salesforce }) : null,
  };
}

/** What the work on connections needs of each. */
export function meansOf(crms: Crms): Pick<ProcessDeps, 'ports' | 'callLimits' | 'tokens'> {
  return {
    ports: ofEach(crms, ({ port }) => port),
    callLimits: ofEach(crms, ({ callLimit }) => callLimit),
    tokens: ofEach(crms, ({ tokens }) => tokens),
  };
}

/** What ends a grant whose tokens are at hand, where each authorisation makes one of its own. */
export function grantEndersOf({ hubspot, salesforce }: Crms): DisconnectDeps['endGrant'] {
  return {
    ...(hubspot?.install.endGrant ? { hubspot: hubspot.install.endGrant } : {}),
    ...(salesforce?.install.endGrant ? { salesforce: salesforce.install.endGrant } : {}),
  };
}

function ofEach<T>(crms: Crms, pick: (parts: CrmParts) => T): Partial<Record<CrmName, T>> {
  return {
    ...(crms.hubspot ? { hubspot: pick(crms.hubspot) } : {}),
    ...(crms.salesforce ? { salesforce: pick(crms.salesforce) } : {}),
  };
}
