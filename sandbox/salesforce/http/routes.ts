import { authorizationRoutes } from '../oauth/routes.ts';
import { createRecords, deleteRecords, updateRecords } from '../rest/collections.ts';
import { basicInformation, describeGlobal, describeObject } from '../rest/describe.ts';
import { describeLayout, describeLayouts } from '../rest/layouts.ts';
import { listResources, listVersions, readLimits, readOrganization } from '../rest/org-resources.ts';
import { nextRecords, query, queryAll } from '../rest/query.ts';
import {
  changeRecord,
  createRecord,
  readByExternalId,
  readRecord,
  removeRecord,
  upsertRecord,
} from '../rest/single.ts';
import { upsertRecords } from '../rest/upsert-collection.ts';
import type { Handler } from './exchange.ts';
import type { Method, Route } from './router.ts';

const data = (method: Method, path: string, handle: Handler): Route => ({
  method,
  path: `/services/data/:version${path}`,
  needs: 'data',
  handle,
});

/** What an org's own host answers. */
export const INSTANCE_ROUTES: readonly Route[] = [
  ...authorizationRoutes,
  { method: 'GET', path: '/services/data', needs: 'none', handle: listVersions },
  data('GET', '', listResources),
  data('GET', '/limits', readLimits),
  data('GET', '/connect/organization', readOrganization),
  data('GET', '/query', query),
  data('GET', '/queryAll', queryAll),
  data('GET', '/query/:locator', nextRecords),
  data('GET', '/queryAll/:locator', nextRecords),
  data('POST', '/composite/sobjects', createRecords),
  data('PATCH', '/composite/sobjects', updateRecords),
  data('DELETE', '/composite/sobjects', deleteRecords),
  data('PATCH', '/composite/sobjects/:object/:field', upsertRecords),
  data('GET', '/sobjects', describeGlobal),
  data('GET', '/sobjects/:object', basicInformation),
  data('POST', '/sobjects/:object', createRecord),
  data('GET', '/sobjects/:object/describe', describeObject),
  data('GET', '/sobjects/:object/describe/layouts', describeLayouts),
  data('GET', '/sobjects/:object/describe/layouts/:recordTypeId', describeLayout),
  data('GET', '/sobjects/:object/:id', readRecord),
  data('PATCH', '/sobjects/:object/:id', changeRecord),
  data('DELETE', '/sobjects/:object/:id', removeRecord),
  data('GET', '/sobjects/:object/:field/:value', readByExternalId),
  data('PATCH', '/sobjects/:object/:field/:value', upsertRecord),
];

/** What login.salesforce.com and test.salesforce.com answer. */
export const LOGIN_ROUTES: readonly Route[] = authorizationRoutes;
