import { dataCall, ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import type { Field } from '../schema/field.ts';
import type { ObjectType } from '../schema/object-type.ts';
import { objectAccess, visibleFields, visibleType, writable } from '../state/access.ts';
import type { Org } from '../state/org.ts';
import { liveRows } from '../state/find-row.ts';
import { typeInPath } from './find-type.ts';

/** GET /sobjects */
export function describeGlobal(exchange: Exchange): Reply {
  const { org, version } = dataCall(exchange);
  const types = [...org.schema.values()].filter((type) => visibleType(org, type.name));
  return ok({ encoding: 'UTF-8', maxBatchSize: 200, sobjects: types.map((type) => summary(org, type, version)) });
}

/** GET /sobjects/:object/describe, or 304 where nothing changed since. */
export function describeObject(exchange: Exchange): Reply {
  const { org, version } = dataCall(exchange);
  const type = typeInPath(org, exchange.params['object'] ?? '');
  const modified = new Date(type.changedAtMs).toUTCString();
  const since = Date.parse(exchange.headers['if-modified-since'] ?? '');
  // Dates in headers have whole seconds.
  if (since >= Math.floor(type.changedAtMs / 1000) * 1000)
    return { status: 304, headers: { 'last-modified': modified } };
  return { status: 200, body: description(org, type, version), headers: { 'last-modified': modified } };
}

/** GET /sobjects/:object */
export function basicInformation(exchange: Exchange): Reply {
  const { org, version } = dataCall(exchange);
  const type = typeInPath(org, exchange.params['object'] ?? '');
  return ok({ objectDescribe: summary(org, type, version), recentItems: [] });
}

function summary(org: Org, type: ObjectType, version: string): Record<string, unknown> {
  const access = objectAccess(org, type);
  const base = `/services/data/v${version}/sobjects/${type.name}`;
  return {
    name: type.name,
    label: type.label,
    labelPlural: type.labelPlural,
    keyPrefix: type.keyPrefix,
    custom: type.custom,
    customSetting: false,
    createable: type.createable && access.create,
    updateable: type.updateable && access.edit,
    deletable: type.deletable && access.delete,
    undeletable: type.deletable && access.delete,
    mergeable: type.fields.has('masterrecordid') && access.edit,
    queryable: true,
    retrieveable: true,
    replicateable: true,
    searchable: true,
    layoutable: true,
    triggerable: true,
    urls: { sobject: base, describe: `${base}/describe`, rowTemplate: `${base}/{ID}` },
  };
}

function description(org: Org, type: ObjectType, version: string): Record<string, unknown> {
  const seen = type.children.filter(({ childObject }) => visibleType(org, childObject));
  return {
    ...summary(org, type, version),
    fields: visibleFields(org, type).map((field) => fieldDescription(org, type, field)),
    childRelationships: seen.map(({ relationshipName, childObject, field }) => ({
      childSObject: childObject,
      field,
      relationshipName,
      cascadeDelete: false,
      deprecatedAndHidden: false,
      restrictedDelete: false,
    })),
    recordTypeInfos: recordTypeInfos(org, type, version),
    namedLayoutInfos: [],
    supportedScopes: [{ label: `All ${type.labelPlural.toLowerCase()}`, name: 'everything' }],
  };
}

const SOAP_TYPES: Readonly<Record<string, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  int: 'xsd:int',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
};

function fieldDescription(org: Org, type: ObjectType, field: Field): Record<string, unknown> {
  const may = writable(org, type, field);
  const { childRelationshipName: _, ...told } = field;
  return {
    ...told,
    createable: may.create,
    updateable: may.update,
    byteLength: field.length * 3,
    digits: field.type === 'int' ? 8 : 0,
    soapType: SOAP_TYPES[field.type] ?? 'xsd:string',
    aggregatable: true,
    groupable: field.filterable,
    sortable: field.type !== 'textarea',
    defaultValueFormula: null,
    calculatedFormula: null,
    dependentPicklist: false,
    controllerName: null,
    deprecatedAndHidden: false,
    htmlFormatted: false,
    idLookup: field.externalId || field.name === 'Id' || field.type === 'email',
    inlineHelpText: null,
    namePointing: field.referenceTo.length > 1,
    permissionable: field.custom || field.nillable,
    picklistValues: field.picklistValues.map((value) => ({ ...value, validFor: null })),
    polymorphicForeignKey: field.referenceTo.length > 1,
    queryByDistance: false,
    searchPrefilterable: false,
  };
}

export const MASTER_RECORD_TYPE = '012000000000000AAA';

/** The master record type is there beside those of the org, and stands for the lack of one. */
export function recordTypeInfos(org: Org, type: ObjectType, version: string): Record<string, unknown>[] {
  const own = liveRows(org, 'RecordType', ['SobjectType', type.name]);
  const described = own.map((row, index) => ({
    active: row['IsActive'] === true,
    available: row['IsActive'] === true,
    defaultRecordTypeMapping: index === 0,
    developerName: row['DeveloperName'],
    master: false,
    name: row['Name'],
    recordTypeId: row['Id'],
    urls: { layout: layoutUrl(type, version, String(row['Id'])) },
  }));
  const master = {
    active: true,
    available: true,
    defaultRecordTypeMapping: own.length === 0,
    developerName: 'Master',
    master: true,
    name: 'Master',
    recordTypeId: MASTER_RECORD_TYPE,
    urls: { layout: layoutUrl(type, version, MASTER_RECORD_TYPE) },
  };
  return [...described, master];
}

const layoutUrl = (type: ObjectType, version: string, id: string): string =>
  `/services/data/v${version}/sobjects/${type.name}/describe/layouts/${id}`;
