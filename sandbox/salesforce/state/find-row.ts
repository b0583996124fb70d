import { prefixOf } from '../ids.ts';
import type { ObjectType } from '../schema/object-type.ts';
import type { Org } from './org.ts';
import type { Row } from './table.ts';

export function typeOfId(org: Org, id: string): ObjectType | null {
  const prefix = prefixOf(id);
  for (const type of org.schema.values()) if (type.keyPrefix === prefix) return type;
  return null;
}

/** The row by its 18-character id, deleted or not. */
export function rowOf(org: Org, id: string): Row | null {
  const type = typeOfId(org, id);
  return (type && org.tables.of(type.name).get(id)) ?? null;
}

export function liveRow(org: Org, id: string | null): Row | null {
  const row = id === null ? null : rowOf(org, id);
  return row && row['IsDeleted'] === false ? row : null;
}

export const liveRows = (org: Org, object: string, where: readonly [column: string, value: string]): Row[] =>
  org.tables
    .of(object)
    .having(where[0], [where[1]])
    .filter((row) => row['IsDeleted'] === false);
