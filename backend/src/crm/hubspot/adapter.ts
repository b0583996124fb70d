import type { CrmPort } from '../port.ts';
import { readAccount, readFields, readPipelines } from './account-schema.ts';
import { readAssociations } from './associations.ts';
import { readChangedRecords } from './changed-records.ts';
import { createContacts } from './contact-creation.ts';
import { findContactsByEmail } from './contacts-by-email.ts';
import { createHubSpotGateway, type GatewayInput } from './gateway.ts';
import { toHubSpotPerson } from './mapping.ts';
import { provisionFields } from './provision-fields.ts';
import { PUSHED_FIELDS } from './pushed-fields.ts';
import { updateRecords } from './record-update.ts';
import { readRecords } from './records.ts';
import { uninstall } from './uninstall.ts';

/** A promise to customers, like every name in `shared/crm-fields.ts`. */
const CONTACT_FIELDS: CrmPort['contactFields'] = { email: 'email', referralId: 'passalong_referral_id' };

/** HubSpot behind `CrmPort`. Holds no state of its own: budget and tokens are the caller's. */
export function createHubSpotAdapter(input: GatewayInput): CrmPort {
  const gateway = createHubSpotGateway(input);
  return {
    crm: 'hubspot',
    batchSize: 100,
    associationBatchSize: 1_000,
    personFields: toHubSpotPerson,
    contactFields: CONTACT_FIELDS,
    pushedFields: PUSHED_FIELDS,
    readAccount: (account) => readAccount(gateway, account),
    provisionFields: (account) => provisionFields(gateway, account),
    readPipelines: (account) => readPipelines(gateway, account),
    readFields: (account, objectType) => readFields(gateway, account, objectType),
    readRecords: (account, request) => readRecords(gateway, account, request),
    findContactsByEmail: (account, request) => findContactsByEmail(gateway, account, request),
    readAssociations: (account, request) => readAssociations(gateway, account, request),
    readChangedRecords: (account, request) => readChangedRecords(gateway, account, request),
    createContacts: (account, drafts) => createContacts(gateway, account, drafts),
    updateRecords: (account, request) => updateRecords(gateway, account, request),
    uninstall: (account) => uninstall(gateway, account),
  };
}
