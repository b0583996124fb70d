import { lookup, picklist } from './field.ts';
import type { Field } from './field.ts';
import { fieldOf } from './object-type.ts';
import type { ObjectType } from './object-type.ts';
import { currencyType, otherObjects } from './other-objects.ts';
import { packageFields, packageObjects } from './package-fields.ts';
import { salesObjects } from './sales-objects.ts';

/** Objects by lower-cased name. */
export type Schema = Map<string, ObjectType>;

export interface SchemaInput {
  packageInstalled: boolean;
  namespace: string | null;
  currencies: readonly string[];
  /** objects that have record types: only these have a column for them */
  recordTypeObjects: readonly string[];
  atMs: number;
}

const WITH_CURRENCY = ['Account', 'Contact', 'Lead', 'Opportunity', 'OpportunityHistory', 'Campaign', 'Referral__c'];

export function createSchema(input: SchemaInput): Schema {
  const multiCurrency = input.currencies.length > 1;
  const types = [...salesObjects(), ...otherObjects(), ...(multiCurrency ? [currencyType()] : [])];
  const schema: Schema = new Map(types.map((type) => [type.name.toLowerCase(), type]));
  if (input.packageInstalled) addPackage(schema, input.namespace);
  for (const name of input.recordTypeObjects) addRecordTypeColumn(schema, name);
  if (multiCurrency) addCurrencyColumns(schema, input);
  for (const type of schema.values()) type.changedAtMs = input.atMs;
  linkChildren(schema);
  return schema;
}

export function addPackage(schema: Schema, namespace: string | null): void {
  const named = (name: string): string => namedIn(namespace, name);
  const rename = (field: Field): Field =>
    field.custom
      ? {
          ...field,
          name: named(field.name),
          relationshipName: field.relationshipName && named(field.relationshipName),
          childRelationshipName: field.childRelationshipName && named(field.childRelationshipName),
        }
      : field.childRelationshipName?.endsWith('__r')
        ? { ...field, childRelationshipName: named(field.childRelationshipName) }
        : field;
  for (const type of packageObjects()) {
    const fields = [...type.fields.values()].map(rename);
    const own = { ...type, name: named(type.name), fields: new Map(fields.map((each) => [keyOf(each), each])) };
    schema.set(own.name.toLowerCase(), own);
  }
  for (const [object, fields] of Object.entries(packageFields()))
    for (const field of fields) putField(schema, object, rename(field));
}

/** Takes away what `addPackage` brought. */
export function removePackage(schema: Schema, namespace: string | null): void {
  for (const [object, name] of packageColumns(schema, namespace))
    objectOf(schema, object).fields.delete(name.toLowerCase());
  for (const { name } of packageObjects()) schema.delete(namedIn(namespace, name).toLowerCase());
}

/** The package's columns on objects of Salesforce's own. */
export function packageColumns(schema: Schema, namespace: string | null): (readonly [object: string, name: string])[] {
  return Object.entries(packageFields()).flatMap(([object, fields]) =>
    fields
      .map(({ name }) => namedIn(namespace, name))
      .filter((name) => fieldOf(objectOf(schema, object), name))
      .map((name) => [object, name] as const),
  );
}

const namedIn = (namespace: string | null, name: string): string =>
  namespace === null ? name : `${namespace}__${name}`;

export function putField(schema: Schema, object: string, field: Field): void {
  objectOf(schema, object).fields.set(keyOf(field), field);
}

export function addRecordTypeColumn(schema: Schema, object: string): void {
  putField(schema, object, lookup(['RecordTypeId', 'Record Type ID'], 'RecordType'));
}

function addCurrencyColumns(schema: Schema, { currencies, namespace }: SchemaInput): void {
  const prefixed = namespace === null ? [] : [`${namespace}__Referral__c`];
  for (const name of [...WITH_CURRENCY, ...prefixed]) {
    const type = schema.get(name.toLowerCase());
    if (!type) continue;
    const writable = { createable: type.createable, updateable: type.updateable };
    const options = { ...writable, defaultedOnCreate: true, restrictedPicklist: true };
    type.fields.set('currencyisocode', picklist(['CurrencyIsoCode', 'Currency ISO Code'], currencies, options));
  }
}

/** Called again whenever a lookup was added. */
export function linkChildren(schema: Schema): void {
  for (const type of schema.values()) type.children = [];
  for (const child of schema.values())
    for (const field of child.fields.values())
      for (const parent of field.childRelationshipName === null ? [] : field.referenceTo)
        schema.get(parent.toLowerCase())?.children.push({
          relationshipName: field.childRelationshipName ?? '',
          childObject: child.name,
          field: field.name,
        });
}

export function objectOf(schema: Schema, name: string): ObjectType {
  const type = schema.get(name.toLowerCase());
  if (!type) throw new Error(`There is no object ${name}`);
  return type;
}

/** The column a person means: packaged ones are also known without their namespace. */
export function columnOf(type: ObjectType, name: string, namespace: string | null): Field | undefined {
  return fieldOf(type, name) ?? (namespace === null ? undefined : fieldOf(type, `${namespace}__${name}`));
}

const keyOf = (field: Field): string => field.name.toLowerCase();
