import type { CrmPort } from '../port.ts';

/** Promises to customers, like every name in `shared/crm-fields.ts`; the others are HubSpot's own. */
export const CONTACT_FIELD_NAMES: CrmPort['contactFields'] = {
  email: 'email',
  referralId: 'passalong_referral_id',
  owner: 'hubspot_owner_id',
  company: 'associatedcompanyid',
};

export const PERSON_FIELD_NAMES: CrmPort['personFieldNames'] = {
  firstName: 'firstname',
  lastName: 'lastname',
  phone: 'phone',
};

export const DEAL_FIELD_NAMES: CrmPort['dealFields'] = {
  referralId: 'passalong_referral_id',
  pipeline: 'pipeline',
  stage: 'dealstage',
  closed: 'hs_is_closed',
};

export const INTEGRITY_FIELD_NAMES: CrmPort['integrityFields'] = {
  otherEmails: 'hs_additional_emails',
  phones: ['phone', 'mobilephone'],
  lifecycle: { stage: 'lifecyclestage', customer: 'customer', customerSince: 'hs_v2_date_entered_customer' },
  deal: { owner: 'hubspot_owner_id', won: 'hs_is_closed_won', closedAt: 'closedate' },
};
