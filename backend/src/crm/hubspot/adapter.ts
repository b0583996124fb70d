import type { CrmPort } from '../port.ts';
import { readAccount, readContactRoles, readFields, readPipelines } from './account-schema.ts';
import { readAllContacts } from './all-contacts.ts';
import { readAssociatedRoles, readAssociations } from './associations.ts';
import { readChangedRecords } from './changed-records.ts';
import { createContacts } from './contact-creation.ts';
import { findLists } from './contact-lists.ts';
import { findContactsByEmail } from './contacts-by-email.ts';
import { createDeals } from './deal-creation.ts';
import { createHubSpotGateway, type GatewayInput } from './gateway.ts';
import { readListMembers } from './list-members.ts';
import { toHubSpotPerson } from './mapping.ts';
import { CONTACT_FIELD_NAMES, DEAL_FIELD_NAMES, INTEGRITY_FIELD_NAMES, PERSON_FIELD_NAMES } from './own-fields.ts';
import { readOwners } from './owners.ts';
import { provisionFields, provisionProgramFields } from './provision-fields.ts';
import { PUSHED_FIELDS } from './pushed-fields.ts';
import { updateRecords } from './record-update.ts';
import { readRecords } from './records.ts';
import { uninstall } from './uninstall.ts';

/** HubSpot behind `CrmPort`. Of its own it knows how far HubSpot's clock is off: budget and tokens are the caller's. */
export function createHubSpotAdapter(input: GatewayInput): CrmPort {
  const gateway = createHubSpotGateway(input);
  return {
    crm: 'hubspot',
    clockOffsetMs: (account) => gateway.clockOffsetMs(account),
    batchSize: 100,
    onePersonPerEmail: true,
    associationBatchSize: 1_000,
    personFields: toHubSpotPerson,
    contactFields: CONTACT_FIELD_NAMES,
    dealFields: DEAL_FIELD_NAMES,
    integrityFields: INTEGRITY_FIELD_NAMES,
    personFieldNames: PERSON_FIELD_NAMES,
    pushedFields: PUSHED_FIELDS,
    readAccount: (account) => readAccount(gateway, account),
    provisionFields: (account) => provisionFields(gateway, account),
    readPipelines: (account) => readPipelines(gateway, account),
    readFields: (account, object) => (object === 'lead' ? Promise.resolve([]) : readFields(gateway, account, object)),
    readContactRoles: (account) => readContactRoles(gateway, account),
    readRecords: (account, request) => readRecords(gateway, account, request),
    findContactsByEmail: (account, request) => findContactsByEmail(gateway, account, request),
    readAssociations: (account, request) => readAssociations(gateway, account, request),
    readAssociatedRoles: (account, request) => readAssociatedRoles(gateway, account, request),
    readChangedRecords: (account, request) => readChangedRecords(gateway, account, request),
    createContacts: (account, drafts) => createContacts(gateway, account, drafts),
    updateRecords: (account, request) => updateRecords(gateway, account, request),
    hasReferralRecords: false,
    upsertReferralRecords: () => Promise.reject(new Error('HubSpot has no records of referrals.')),
    createDeals: (account, drafts) => createDeals(gateway, account, drafts),
    findLists: (account, request) => findLists(gateway, account, request),
    readListMembers: (account, request) => readListMembers(gateway, account, request),
    readAllContacts: (account, request) => readAllContacts(gateway, account, request),
    readOwners: (account) => readOwners(gateway, account),
    provisionProgramFields: (account, programKeys) => provisionProgramFields(gateway, account, programKeys),
    uninstall: (account) => uninstall(gateway, account),
  };
}
