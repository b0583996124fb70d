import type { CrmPort } from '../port.ts';
import { readAccount } from './account-details.ts';
import { readAllContacts } from './all-contacts.ts';
import { readAssociatedRoles, readAssociations } from './associations.ts';
import { readChangedRecords } from './changed-records.ts';
import { createContacts } from './contact-creation.ts';
import { findLists } from './contact-lists.ts';
import { readContactRoles } from './contact-roles.ts';
import { findContactsByEmail } from './contacts-by-email.ts';
import { Currencies } from './currencies.ts';
import { createDeals } from './deal-creation.ts';
import { readFields } from './fields.ts';
import { createSalesforceGateway, SLOW_TIMEOUT_MS, type GatewayInput } from './gateway.ts';
import { readListMembers } from './list-members.ts';
import { toSalesforcePerson } from './mapping.ts';
import { ObjectDescriptions } from './object-descriptions.ts';
import type { OrgAccess } from './org-access.ts';
import {
  CONTACT_FIELD_NAMES,
  DEAL_FIELD_NAMES,
  INTEGRITY_FIELD_NAMES,
  PERSON_FIELD_NAMES,
  PUSHED_FIELDS,
} from './own-fields.ts';
import { readOwners } from './owners.ts';
import { readPipelines } from './pipelines.ts';
import { provisionFields } from './provision-fields.ts';
import { updateRecords } from './record-update.ts';
import { readRecords } from './records.ts';
import { upsertReferralRecords } from './referral-records.ts';
import { uninstall } from './uninstall.ts';

export type SalesforceAdapterInput = GatewayInput & {
  /** Rows of one page of a walk through an org; Salesforce's own maximum unless a test makes it smaller. */
  readonly pageSize?: number;
};

const PAGE = 2_000;
const BATCH = 200;

/**
 * Salesforce behind `CrmPort`. Of its own it knows what the objects of each org look like, what their currencies are worth,
 * and how far their clocks are off: budget and tokens are the caller's.
 */
export function createSalesforceAdapter(input: SalesforceAdapterInput): CrmPort {
  const org = toOrgAccess(input);
  return {
    crm: 'salesforce',
    clockOffsetMs: (account) => org.gateway.clockOffsetMs(account),
    batchSize: BATCH,
    longestWriteMs: SLOW_TIMEOUT_MS,
    onePersonPerEmail: false,
    associationBatchSize: BATCH,
    personFields: toSalesforcePerson,
    contactFields: CONTACT_FIELD_NAMES,
    dealFields: DEAL_FIELD_NAMES,
    integrityFields: INTEGRITY_FIELD_NAMES,
    personFieldNames: PERSON_FIELD_NAMES,
    pushedFields: PUSHED_FIELDS,
    readAccount: (account) => readAccount(org, account),
    provisionFields: (account) => provisionFields(org, account),
    readPipelines: (account) => readPipelines(org, account),
    readFields: (account, object) => readFields(org, account, object),
    readContactRoles: (account) => readContactRoles(org, account),
    readRecords: (account, request) => readRecords(org, account, request),
    findContactsByEmail: (account, request) => findContactsByEmail(org, account, request),
    readAssociations: (account, request) => readAssociations(org, account, request),
    readAssociatedRoles: (account, request) => readAssociatedRoles(org, account, request),
    readChangedRecords: (account, request) => readChangedRecords(org, account, request),
    createContacts: (account, drafts) => createContacts(org, account, drafts),
    updateRecords: (account, request) => updateRecords(org, account, request),
    createDeals: (account, drafts) => createDeals(org, account, drafts),
    hasReferralRecords: true,
    upsertReferralRecords: (account, writes) => upsertReferralRecords(org, account, writes),
    findLists: (account, request) => findLists(org, account, request),
    readListMembers: (account, request) => readListMembers(org, account, request),
    readAllContacts: (account, request) => readAllContacts(org, account, request),
    readOwners: (account) => readOwners(org, account),
    // Whatever a program writes is in the package already.
    provisionProgramFields: () => Promise.resolve({ created: [], alreadyThere: [] }),
    uninstall: (account) => uninstall(org, account),
  };
}

function toOrgAccess(input: SalesforceAdapterInput): OrgAccess {
  const gateway = createSalesforceGateway(input);
  return {
    gateway,
    descriptions: new ObjectDescriptions(gateway),
    currencies: new Currencies(gateway),
    pageSize: input.pageSize ?? PAGE,
    endGrant: async (account) => input.tokens.revoke?.(account),
  };
}
