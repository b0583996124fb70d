import { accountDetails, uninstallSelf } from '../crm/account.ts';
import {
  archiveAssociations,
  associateDefault,
  createAssociations,
  deleteAssociation,
  listAssociationLabels,
  putAssociation,
  putDefaultAssociation,
  readAssociations,
} from '../crm/associations.ts';
import { batchArchive, batchCreate, batchUpdate, batchUpsert } from '../crm/batch.ts';
import { batchRead } from '../crm/batch-read.ts';
import { listRecords } from '../crm/list.ts';
import { objectTypeOf } from '../crm/object-types.ts';
import { listOwners, readOwner } from '../crm/owners.ts';
import { listPipelines, listStages, readPipeline } from '../crm/pipelines.ts';
import {
  archiveProperties,
  archiveProperty,
  createProperties,
  createProperty,
  listProperties,
  readProperties,
  readProperty,
  updateProperty,
} from '../crm/properties.ts';
import { archiveGroup, createGroup, listGroups, readGroup, updateGroup } from '../crm/property-groups.ts';
import { search } from '../crm/search.ts';
import { archiveOne, createOne, eraseOne, mergeTwo, readOne, updateOne } from '../crm/single.ts';
import { listMemberships } from '../lists/memberships.ts';
import { readList } from '../lists/read-list.ts';
import { searchLists } from '../lists/search-lists.ts';
import { decideConsent, showConsent } from '../oauth/authorize.ts';
import { introspect, revoke } from '../oauth/introspect.ts';
import { issueToken } from '../oauth/token.ts';
import type { Route } from './router.ts';

type Params = Record<string, string>;

const plural = (params: Params, key = 'type'): string => objectTypeOf(params[key] ?? '').plural;

/** Tickets never got scopes of their own per verb. */
const recordScope = (type: string, verb: 'read' | 'write'): string =>
  type === 'tickets' ? 'tickets' : `crm.objects.${type}.${verb}`;
const readsRecords = (params: Params) => [[recordScope(plural(params), 'read')]];
const writesRecords = (params: Params) => [[recordScope(plural(params), 'write')]];
const readsSchema = (params: Params) => {
  const type = plural(params);
  return [[`crm.schemas.${type}.read`, recordScope(type, 'read'), recordScope(type, 'write')]];
};
const writesSchema = (params: Params) => [[`crm.schemas.${plural(params)}.write`]];
const readsBothEnds = (params: Params) => ['from', 'to'].map((end) => [recordScope(plural(params, end), 'read')]);
const writesABond = (params: Params) => [
  ...readsBothEnds(params),
  ['from', 'to'].map((end) => recordScope(plural(params, end), 'write')),
];
const base = () => [['oauth']];
const readsOwners = () => [['crm.objects.owners.read']];
const readsLists = () => [['crm.lists.read']];

const OBJECTS = '/crm/objects/2026-09/:type';
const PROPERTIES = '/crm/properties/2026-09/:type';
const PIPELINES = '/crm/pipelines/2026-09/:type';
const LISTS = '/crm/lists/2026-09';
const BETWEEN = '/crm/associations/2026-09/:from/:to';
const BONDS = `${BETWEEN}/batch`;
const BOND = '/crm/objects/2026-09/:from/:fromId/associations';

/** Every address HubSpot answers at. Only the dated paths exist: the undated ones end in 2027. */
export const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/oauth/authorize', handle: showConsent },
  { method: 'POST', path: '/oauth/authorize', handle: decideConsent },
  { method: 'GET', path: '/oauth/:portalId/authorize', handle: showConsent },
  { method: 'POST', path: '/oauth/:portalId/authorize', handle: decideConsent },
  { method: 'POST', path: '/oauth/2026-09/token', handle: issueToken },
  { method: 'POST', path: '/oauth/2026-09/token/introspect', handle: introspect },
  { method: 'POST', path: '/oauth/2026-09/token/revoke', handle: revoke },

  { method: 'GET', path: '/account-info/2026-09/details', scopes: base, limit: 'default', handle: accountDetails },
  {
    method: 'DELETE',
    path: '/appinstalls/2026-09/external-install',
    scopes: base,
    limit: 'default',
    handle: uninstallSelf,
  },
  { method: 'GET', path: '/crm/owners/2026-09', scopes: readsOwners, limit: 'default', handle: listOwners },
  { method: 'GET', path: '/crm/owners/2026-09/:ownerId', scopes: readsOwners, limit: 'default', handle: readOwner },

  { method: 'POST', path: `${OBJECTS}/batch/read`, scopes: readsRecords, limit: 'default', handle: batchRead },
  { method: 'POST', path: `${OBJECTS}/batch/create`, scopes: writesRecords, limit: 'default', handle: batchCreate },
  { method: 'POST', path: `${OBJECTS}/batch/update`, scopes: writesRecords, limit: 'default', handle: batchUpdate },
  { method: 'POST', path: `${OBJECTS}/batch/upsert`, scopes: writesRecords, limit: 'default', handle: batchUpsert },
  { method: 'POST', path: `${OBJECTS}/batch/archive`, scopes: writesRecords, limit: 'default', handle: batchArchive },
  { method: 'POST', path: `${OBJECTS}/search`, scopes: readsRecords, limit: 'search', handle: search },
  { method: 'POST', path: `${OBJECTS}/merge`, scopes: writesRecords, limit: 'default', handle: mergeTwo },
  { method: 'POST', path: `${OBJECTS}/gdpr-delete`, scopes: writesRecords, limit: 'default', handle: eraseOne },
  { method: 'GET', path: OBJECTS, scopes: readsRecords, limit: 'default', handle: listRecords },
  { method: 'POST', path: OBJECTS, scopes: writesRecords, limit: 'default', handle: createOne },
  { method: 'GET', path: `${OBJECTS}/:id`, scopes: readsRecords, limit: 'default', handle: readOne },
  { method: 'PATCH', path: `${OBJECTS}/:id`, scopes: writesRecords, limit: 'default', handle: updateOne },
  { method: 'DELETE', path: `${OBJECTS}/:id`, scopes: writesRecords, limit: 'default', handle: archiveOne },

  { method: 'GET', path: `${BETWEEN}/labels`, scopes: readsBothEnds, limit: 'default', handle: listAssociationLabels },
  { method: 'POST', path: `${BONDS}/read`, scopes: readsBothEnds, limit: 'default', handle: readAssociations },
  { method: 'POST', path: `${BONDS}/create`, scopes: writesABond, limit: 'default', handle: createAssociations },
  { method: 'POST', path: `${BONDS}/archive`, scopes: writesABond, limit: 'default', handle: archiveAssociations },
  {
    method: 'POST',
    path: `${BONDS}/associate/default`,
    scopes: writesABond,
    limit: 'default',
    handle: associateDefault,
  },
  {
    method: 'PUT',
    path: `${BOND}/default/:to/:toId`,
    scopes: writesABond,
    limit: 'default',
    handle: putDefaultAssociation,
  },
  { method: 'PUT', path: `${BOND}/:to/:toId`, scopes: writesABond, limit: 'default', handle: putAssociation },
  { method: 'DELETE', path: `${BOND}/:to/:toId`, scopes: writesABond, limit: 'default', handle: deleteAssociation },

  { method: 'POST', path: `${LISTS}/search`, scopes: readsLists, limit: 'default', handle: searchLists },
  { method: 'GET', path: `${LISTS}/:listId`, scopes: readsLists, limit: 'default', handle: readList },
  {
    method: 'GET',
    path: `${LISTS}/:listId/memberships`,
    scopes: readsLists,
    limit: 'default',
    handle: listMemberships,
  },

  { method: 'GET', path: `${PROPERTIES}/groups`, scopes: readsSchema, limit: 'default', handle: listGroups },
  { method: 'POST', path: `${PROPERTIES}/groups`, scopes: writesSchema, limit: 'default', handle: createGroup },
  { method: 'GET', path: `${PROPERTIES}/groups/:group`, scopes: readsSchema, limit: 'default', handle: readGroup },
  { method: 'PATCH', path: `${PROPERTIES}/groups/:group`, scopes: writesSchema, limit: 'default', handle: updateGroup },
  {
    method: 'DELETE',
    path: `${PROPERTIES}/groups/:group`,
    scopes: writesSchema,
    limit: 'default',
    handle: archiveGroup,
  },
  {
    method: 'POST',
    path: `${PROPERTIES}/batch/create`,
    scopes: writesSchema,
    limit: 'default',
    handle: createProperties,
  },
  { method: 'POST', path: `${PROPERTIES}/batch/read`, scopes: readsSchema, limit: 'default', handle: readProperties },
  {
    method: 'POST',
    path: `${PROPERTIES}/batch/archive`,
    scopes: writesSchema,
    limit: 'default',
    handle: archiveProperties,
  },
  { method: 'GET', path: PROPERTIES, scopes: readsSchema, limit: 'default', handle: listProperties },
  { method: 'POST', path: PROPERTIES, scopes: writesSchema, limit: 'default', handle: createProperty },
  { method: 'GET', path: `${PROPERTIES}/:name`, scopes: readsSchema, limit: 'default', handle: readProperty },
  { method: 'PATCH', path: `${PROPERTIES}/:name`, scopes: writesSchema, limit: 'default', handle: updateProperty },
  { method: 'DELETE', path: `${PROPERTIES}/:name`, scopes: writesSchema, limit: 'default', handle: archiveProperty },

  { method: 'GET', path: PIPELINES, scopes: readsSchema, limit: 'default', handle: listPipelines },
  { method: 'GET', path: `${PIPELINES}/:pipelineId`, scopes: readsSchema, limit: 'default', handle: readPipeline },
  { method: 'GET', path: `${PIPELINES}/:pipelineId/stages`, scopes: readsSchema, limit: 'default', handle: listStages },
];
