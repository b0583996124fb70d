import type { CrmObjectType } from '../port.ts';

/** The only place that knows HubSpot's dated version: moving to the next one is a change of this file. */
const VERSION = '2026-09';

const OBJECTS: Readonly<Record<CrmObjectType, string>> = { contact: 'contacts', company: 'companies', deal: 'deals' };

type BatchVerb = 'read' | 'create' | 'update';

/** Every HubSpot path the service calls, relative to the API's base URL. */
export const API_PATHS = {
  token: `/oauth/${VERSION}/token`,
  introspect: `/oauth/${VERSION}/token/introspect`,
  revoke: `/oauth/${VERSION}/token/revoke`,
  accountDetails: `/account-info/${VERSION}/details`,
  externalInstall: `/appinstalls/${VERSION}/external-install`,
  dealPipelines: `/crm/pipelines/${VERSION}/deals`,
  objectBatch: (objectType: CrmObjectType, verb: BatchVerb) =>
    `/crm/objects/${VERSION}/${OBJECTS[objectType]}/batch/${verb}`,
  search: (objectType: CrmObjectType) => `/crm/objects/${VERSION}/${OBJECTS[objectType]}/search`,
  associationsRead: (from: CrmObjectType, to: CrmObjectType) =>
    `/crm/associations/${VERSION}/${OBJECTS[from]}/${OBJECTS[to]}/batch/read`,
  properties: (objectType: CrmObjectType) => `/crm/properties/${VERSION}/${OBJECTS[objectType]}`,
  propertyBatch: (objectType: CrmObjectType, verb: 'read' | 'create') =>
    `/crm/properties/${VERSION}/${OBJECTS[objectType]}/batch/${verb}`,
  propertyGroups: (objectType: CrmObjectType) => `/crm/properties/${VERSION}/${OBJECTS[objectType]}/groups`,
} as const;
