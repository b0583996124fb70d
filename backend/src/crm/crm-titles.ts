import type { CrmName } from './port.ts';

/** What people call the CRMs. */
export const CRM_TITLES: Readonly<Record<CrmName, string>> = { hubspot: 'HubSpot', salesforce: 'Salesforce' };
