import type { CrmPort } from '../port.ts';

/** Promises to customers, like every name in `shared/crm-fields.ts`; the others are HubSpot's own. */
export const CONTACT_FIELD_NAMES: CrmPort['contactFields'] = {
  email: 'email',
  referralId: 'passalong_referral_id',
  owner: 'hubspot_owner_id',
  company: 'associatedcompanyid',
};

export const DEAL_FIELD_NAMES: CrmPort['dealFields'] = {
  referralId: 'passalong_referral_id',
  pipeline: 'pipeline',
  stage: 'dealstage',
  closed: 'hs_is_closed',
};
