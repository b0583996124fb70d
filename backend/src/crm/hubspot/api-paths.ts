import type { CrmObjectType } from '../port.ts';

/** The only place that knows HubSpot's dated version: moving to the next one is a change of this file. */
const VERSION = '2026-09';

const OBJECTS: Readonly<Record<CrmObjectType, string>> = { contact: 'contacts', company: 'companies', deal: 'deals' };

type BatchVerb = 'read' | 'create' | 'update';

/** What HubSpot takes at the most, but for owners: of those it states only the default. */
const PAGE = { owners: 100, listMembers: 250 } as const;

function page(path: string, limit: number, after: string | null): string {
  return `${path}?limit=${String(limit)}${after === null ? '' : `&after=${encodeURIComponent(after)}`}`;
}

/** Every HubSpot path the service calls, relative to the API's base URL. */
export const API_PATHS = {
  token: `/oauth/${VERSION}/token`,
  introspect: `/oauth/${VERSION}/token/introspect`,
  revoke: `/oauth/${VERSION}/token/revoke`,
  accountDetails: `/account-info/${VERSION}/details`,
  externalInstall: `/appinstalls/${VERSION}/external-install`,
  dealPipelines: `/crm/pipelines/${VERSION}/deals`,
  owners: (after: string | null) => page(`/crm/owners/${VERSION}`, PAGE.owners, after),
  listSearch: `/crm/lists/${VERSION}/search`,
  listMembers: (listId: string, after: string | null) =>
    page(`/crm/lists/${VERSION}/${encodeURIComponent(listId)}/memberships`, PAGE.listMembers, after),
  objectBatch: (objectType: CrmObjectType, verb: BatchVerb) =>
    `/crm/objects/${VERSION}/${OBJECTS[objectType]}/batch/${verb}`,
  search: (objectType: CrmObjectType) => `/crm/objects/${VERSION}/${OBJECTS[objectType]}/search`,
  associationsRead: (from: CrmObjectType, to: CrmObjectType) =>
    `/crm/associations/${VERSION}/${OBJECTS[from]}/${OBJECTS[to]}/batch/read`,
  associationLabels: (from: CrmObjectType, to: CrmObjectType) =>
    `/crm/associations/${VERSION}/${OBJECTS[from]}/${OBJECTS[to]}/labels`,
  properties: (objectType: CrmObjectType) => `/crm/properties/${VERSION}/${OBJECTS[objectType]}`,
  propertyBatch: (objectType: CrmObjectType, verb: 'read' | 'create') =>
    `/crm/properties/${VERSION}/${OBJECTS[objectType]}/batch/${verb}`,
  propertyGroups: (objectType: CrmObjectType) => `/crm/properties/${VERSION}/${OBJECTS[objectType]}/groups`,
} as const;
