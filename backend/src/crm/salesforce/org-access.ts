import type { CrmAccount } from '../port.ts';
import type { Currencies } from './currencies.ts';
import type { SalesforceGateway } from './gateway.ts';
import type { ObjectDescriptions } from './object-descriptions.ts';

/** What every operation of the adapter works with. */
export type OrgAccess = {
  readonly gateway: SalesforceGateway;
  readonly descriptions: ObjectDescriptions;
  readonly currencies: Currencies;
  /** Rows of one page of a walk through an org. */
  readonly pageSize: number;
  /** Ends our grant at Salesforce. */
  readonly endGrant: (account: CrmAccount) => Promise<void>;
};
