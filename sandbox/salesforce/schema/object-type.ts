import { boolean, dateTime, field, lookup, READ_ONLY } from './field.ts';
import type { Field } from './field.ts';

export interface ChildRelationship {
  relationshipName: string;
  childObject: string;
  field: string;
}

/** An sObject: its columns by lower-cased name, because Salesforce reads names in any case and answers its own. */
export interface ObjectType {
  name: string;
  label: string;
  labelPlural: string;
  keyPrefix: string;
  custom: boolean;
  createable: boolean;
  updateable: boolean;
  deletable: boolean;
  fields: Map<string, Field>;
  children: ChildRelationship[];
  /** when its description last changed: what `If-Modified-Since` is about */
  changedAtMs: number;
}

export interface ObjectTypeInput {
  name: string;
  label: string;
  labelPlural?: string;
  keyPrefix: string;
  fields: readonly Field[];
  createable?: boolean;
  updateable?: boolean;
  deletable?: boolean;
  /** whose rows have an owner: a person, or also a queue */
  owner?: 'user' | 'queue';
}

const FIXED = { ...READ_ONLY, nillable: false, defaultedOnCreate: true } as const;

const systemFields = (): Field[] => [
  field({ name: 'Id', label: 'Record ID', type: 'id', length: 18, ...FIXED }),
  boolean('IsDeleted', 'Deleted', FIXED),
  dateTime('CreatedDate', 'Created Date', FIXED),
  lookup(['CreatedById', 'Created By ID'], 'User', FIXED),
  dateTime('LastModifiedDate', 'Last Modified Date', FIXED),
  lookup(['LastModifiedById', 'Last Modified By ID'], 'User', FIXED),
  dateTime('SystemModstamp', 'System Modstamp', FIXED),
];

const ownerField = (owner: 'user' | 'queue'): Field =>
  lookup(['OwnerId', 'Owner ID'], owner === 'queue' ? ['Group', 'User'] : 'User', {
    nillable: false,
    defaultedOnCreate: true,
  });

export function objectType(input: ObjectTypeInput): ObjectType {
  const { name, label, keyPrefix, createable = true, updateable = true, deletable = true } = input;
  const own = input.owner ? [ownerField(input.owner), ...input.fields] : input.fields;
  return {
    name,
    label,
    labelPlural: input.labelPlural ?? `${label}s`,
    keyPrefix,
    custom: name.endsWith('__c'),
    createable,
    updateable,
    deletable,
    fields: new Map([...systemFields(), ...own].map((each) => [each.name.toLowerCase(), each])),
    children: [],
    changedAtMs: 0,
  };
}

export const fieldOf = (type: ObjectType, name: string): Field | undefined => type.fields.get(name.toLowerCase());
