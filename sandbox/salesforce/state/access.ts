import type { Field } from '../schema/field.ts';
import { fieldOf } from '../schema/object-type.ts';
import type { ObjectType } from '../schema/object-type.ts';
import type { Access, ObjectAccess, Org } from './org.ts';

const FULL: ObjectAccess = { read: true, create: true, edit: true, delete: true };

/** What profile and permission sets let the connected user do; people in the org are not asked. */
export const objectAccess = (org: Org, type: ObjectType): ObjectAccess => org.objectAccess.get(type.name) ?? FULL;

export const fieldAccess = (org: Org, type: ObjectType, field: Field): Access =>
  org.fieldAccess.get(`${type.name}.${field.name}`) ?? 'edit';

export function visibleType(org: Org, name: string): ObjectType | null {
  const type = org.schema.get(name.toLowerCase());
  return type && objectAccess(org, type).read ? type : null;
}

export function visibleField(org: Org, type: ObjectType, name: string): Field | null {
  const field = fieldOf(type, name);
  return field && fieldAccess(org, type, field) !== 'hidden' ? field : null;
}

export const visibleFields = (org: Org, type: ObjectType): Field[] =>
  [...type.fields.values()].filter((field) => fieldAccess(org, type, field) !== 'hidden');

export function writable(org: Org, type: ObjectType, field: Field): { create: boolean; update: boolean } {
  const edit = fieldAccess(org, type, field) === 'edit';
  return { create: edit && field.createable, update: edit && field.updateable };
}
