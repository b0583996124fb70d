export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'url'
  | 'boolean'
  | 'double'
  | 'currency'
  | 'percent'
  | 'int'
  | 'date'
  | 'datetime'
  | 'reference'
  | 'picklist';

export interface PicklistValue {
  value: string;
  label: string;
  active: boolean;
  defaultValue: boolean;
}

/** A column, as `describe` states it. */
export interface Field {
  name: string;
  label: string;
  type: FieldType;
  length: number;
  precision: number;
  scale: number;
  custom: boolean;
  nillable: boolean;
  createable: boolean;
  updateable: boolean;
  unique: boolean;
  externalId: boolean;
  caseSensitive: boolean;
  calculated: boolean;
  autoNumber: boolean;
  encrypted: boolean;
  filterable: boolean;
  nameField: boolean;
  /** where absent values get a value by themselves: required is what is neither nillable nor this */
  defaultedOnCreate: boolean;
  defaultValue: string | number | boolean | null;
  referenceTo: readonly string[];
  /** how a query reaches the parent, and the parent this object's rows */
  relationshipName: string | null;
  childRelationshipName: string | null;
  picklistValues: readonly PicklistValue[];
  restrictedPicklist: boolean;
}

export type FieldInput = Partial<Field> & { name: string; label: string; type: FieldType };

export function field(input: FieldInput): Field {
  return {
    length: 0,
    precision: 0,
    scale: 0,
    custom: input.name.endsWith('__c'),
    nillable: true,
    createable: true,
    updateable: true,
    unique: false,
    externalId: false,
    caseSensitive: false,
    calculated: false,
    autoNumber: false,
    encrypted: false,
    filterable: true,
    nameField: false,
    defaultedOnCreate: false,
    defaultValue: null,
    referenceTo: [],
    relationshipName: null,
    childRelationshipName: null,
    picklistValues: [],
    restrictedPicklist: false,
    ...input,
  };
}

type More = Partial<Field>;

export const text = (name: string, label: string, more: More = {}): Field =>
  field({ name, label, type: 'string', length: 255, ...more });
export const longText = (name: string, label: string, more: More = {}): Field =>
  field({ name, label, type: 'textarea', length: 32_000, filterable: false, ...more });
export const email = (name: string, label: string, more: More = {}): Field =>
  field({ name, label, type: 'email', length: 80, ...more });
export const phone = (name: string, label: string, more: More = {}): Field =>
  field({ name, label, type: 'phone', length: 40, ...more });
export const url = (name: string, label: string, more: More = {}): Field =>
  field({ name, label, type: 'url', length: 255, ...more });
export const dateTime = (name: string, label: string, more: More = {}): Field =>
  field({ name, label, type: 'datetime', ...more });
export const date = (name: string, label: string, more: More = {}): Field =>
  field({ name, label, type: 'date', ...more });
export const number = (name: string, label: string, more: More = {}): Field =>
  field({ name, label, type: 'double', precision: 18, ...more });
export const currency = (name: string, label: string, more: More = {}): Field =>
  field({ name, label, type: 'currency', precision: 18, scale: 2, ...more });
/** Check boxes are never empty. */
export const boolean = (name: string, label: string, more: More = {}): Field =>
  field({ name, label, type: 'boolean', nillable: false, defaultedOnCreate: true, defaultValue: false, ...more });

/** Nobody writes it through the API. */
export const READ_ONLY: More = { createable: false, updateable: false };
export const REQUIRED: More = { nillable: false };

export function picklist(
  [name, label]: readonly [name: string, label: string],
  values: readonly string[],
  more: More = {},
): Field {
  return field({ name, label, type: 'picklist', length: 255, picklistValues: values.map(optionOf), ...more });
}

const optionOf = (value: string): PicklistValue => ({ value, label: value, active: true, defaultValue: false });

/** A lookup: `[relationship of the parent, relationship of the children]`. */
export function lookup(
  [name, label]: readonly [name: string, label: string],
  referenceTo: string | readonly string[],
  more: More = {},
): Field {
  return field({
    name,
    label,
    type: 'reference',
    length: 18,
    referenceTo: typeof referenceTo === 'string' ? [referenceTo] : referenceTo,
    relationshipName: name.endsWith('__c') ? name.replace(/__c$/, '__r') : name.replace(/Id$/, ''),
    ...more,
  });
}
