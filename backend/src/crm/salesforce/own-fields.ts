import type { CrmPort } from '../port.ts';

/** Promises to customers, like every name in `shared/crm-fields.ts`; the others are Salesforce's own. */
export const CONTACT_FIELD_NAMES: CrmPort['contactFields'] = {
  email: 'Email',
  referralId: 'Referral_Id__c',
  owner: 'OwnerId',
  company: 'AccountId',
};

export const PERSON_FIELD_NAMES: CrmPort['personFieldNames'] = {
  firstName: 'FirstName',
  lastName: 'LastName',
  phone: 'Phone',
};

export const DEAL_FIELD_NAMES: CrmPort['dealFields'] = {
  referralId: 'Referral_Id__c',
  pipeline: 'RecordTypeId',
  stage: 'StageName',
  closed: 'IsClosed',
};

export const INTEGRITY_FIELD_NAMES: CrmPort['integrityFields'] = {
  otherEmails: null,
  phones: ['Phone', 'MobilePhone'],
  lifecycle: null,
  deal: { owner: 'OwnerId', won: 'IsWon', closedAt: 'CloseDate' },
};

/** Streams join the poll later; until then Salesforce pushes nothing. */
export const PUSHED_FIELDS: CrmPort['pushedFields'] = { contact: [], company: [], deal: [] };
