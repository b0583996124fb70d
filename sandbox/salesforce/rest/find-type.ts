import { badRequest, notFound } from '../errors.ts';
import { readId } from '../ids.ts';
import type { ObjectType } from '../schema/object-type.ts';
import type { Field } from '../schema/field.ts';
import { visibleField, visibleType } from '../state/access.ts';
import type { Org } from '../state/org.ts';

/** The object a path names; the API does not say whether it is hidden or absent. */
export function typeInPath(org: Org, name: string): ObjectType {
  const type = visibleType(org, name);
  if (!type) throw notFound();
  return type;
}

export function idInPath(text: string): string {
  const id = readId(text);
  if (id === null) throw badRequest('MALFORMED_ID', `malformed id ${text}`);
  return id;
}

/** The column an upsert goes by: an external id, or the record id itself. */
export function externalIdField(org: Org, type: ObjectType, name: string): Field {
  const field = visibleField(org, type, name);
  if (!field || !(field.externalId || field.name === 'Id'))
    throw notFound(`Provided external ID field does not exist or is not accessible: ${name}`);
  return field;
}
