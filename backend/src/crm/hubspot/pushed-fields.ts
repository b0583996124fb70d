import type { CrmPort } from '../port.ts';

/**
 * The properties our app subscribes to. HubSpot's subscriptions are fixed for all accounts when the app is uploaded:
 * a test keeps this list the same as the app's `webhooks-hsmeta.json`.
 */
export const PUSHED_FIELDS: CrmPort['pushedFields'] = {
  contact: ['email', 'hs_lead_status', 'lifecyclestage'],
  company: [],
  deal: ['amount', 'deal_currency_code', 'dealstage', 'pipeline'],
};
