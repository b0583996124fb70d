import { invalidField, noSuchColumn, unsupportedType } from '../errors.ts';
import type { Field } from '../schema/field.ts';
import { fieldOf } from '../schema/object-type.ts';
import type { ObjectType } from '../schema/object-type.ts';
import { visibleField, visibleType } from '../state/access.ts';
import { rowOf } from '../state/find-row.ts';
import type { Org } from '../state/org.ts';
import type { Row, Value } from '../state/table.ts';

/** Where a query reads, with the eyes of the connected user: what is hidden from it is not there. */
export interface Scope {
  org: Org;
  type: ObjectType;
  /** the alias after FROM, which may stand before column names */
  alias: string | null;
}

export function scopeOf(org: Org, object: string, alias: string | null = null): Scope {
  const type = visibleType(org, object);
  if (!type) throw unsupportedType(object);
  return { org, type, alias };
}

/** A column of this object or, over one or more lookups, of a parent. */
export interface Column {
  field: Field;
  /** canonical names of the relationships on the way */
  path: readonly string[];
  /** the types of the records on the way, for their attributes */
  types: readonly string[];
  read(row: Row): Value;
}

export function columnAt(scope: Scope, names: readonly string[]): Column {
  const [head = '', ...rest] = names;
  const own = scope.alias !== null && rest.length > 0 && head.toLowerCase() === scope.alias.toLowerCase();
  if (own) return columnAt({ ...scope, alias: null }, rest);
  if (rest.length === 0) return ownColumn(scope, head);
  const lookup = lookupNamed(scope, head);
  const parent = parentScope(scope.org, lookup);
  const beyond = columnAt(parent, rest);
  return {
    field: beyond.field,
    path: [lookup.relationshipName ?? head, ...beyond.path],
    types: [parent.type.name, ...beyond.types],
    read: (row) => {
      const parentId = row[lookup.name];
      const found = typeof parentId === 'string' ? rowOf(scope.org, parentId) : null;
      return found && found['IsDeleted'] === false ? beyond.read(found) : null;
    },
  };
}

function ownColumn({ org, type }: Scope, name: string): Column {
  const field = visibleField(org, type, name);
  if (!field) throw noSuchColumn(name, type.name);
  return { field, path: [], types: [], read: (row) => row[field.name] ?? null };
}

export function lookupNamed({ org, type }: Scope, relationship: string): Field {
  for (const field of type.fields.values())
    if (field.relationshipName?.toLowerCase() === relationship.toLowerCase() && visibleField(org, type, field.name))
      return field;
  throw invalidField(
    `Didn't understand relationship '${relationship}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`,
  );
}

/** A lookup to several objects knows only what a name is: that of a user or queue, or of a person. */
function parentScope(org: Org, lookup: Field): Scope {
  const [first = '', ...others] = lookup.referenceTo;
  const name = others.includes('User') ? 'User' : first;
  const scope = scopeOf(org, name);
  if (others.length === 0) return scope;
  const common = ['Id', 'Name', 'Email', 'Type', 'FirstName', 'LastName', 'IsActive', 'Username'];
  const fields = new Map(common.flatMap((each) => entryOf(fieldOf(scope.type, each))));
  return { ...scope, type: { ...scope.type, name: 'Name', fields } };
}

const entryOf = (field: Field | undefined): [string, Field][] => (field ? [[field.name.toLowerCase(), field]] : []);
