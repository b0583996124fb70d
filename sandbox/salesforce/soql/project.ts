import type { FieldType } from '@jetstreamapp/soql-parser-js';

import { invalidField, malformedQuery } from '../errors.ts';
import { rowOf } from '../state/find-row.ts';
import type { Row } from '../state/table.ts';
import type { Subselect } from './context.ts';
import { columnAt } from './scope.ts';
import type { Column, Scope } from './scope.ts';

export type QueriedRecord = Record<string, unknown>;
export type Projection = (row: Row) => QueriedRecord;

export interface ProjectInput {
  fields: readonly FieldType[];
  version: string;
  subselect: Subselect;
}

/** What SELECT asks for, as one function from a row to the record that is answered. */
export function compileProjection(scope: Scope, { fields, version, subselect }: ProjectInput): Projection {
  const seen = new Set<string>();
  const steps = fields.map((field): ((row: Row, record: QueriedRecord) => void) => {
    if (field.type === 'FieldSubquery') {
      const { name, read } = subselect(scope, field.subquery);
      return (row, record) => void (record[name] = read(row));
    }
    if (field.type !== 'Field' && field.type !== 'FieldRelationship')
      throw malformedQuery('Functions and TYPEOF in SELECT are not supported by this sandbox');
    if ('alias' in field && field.alias !== undefined)
      throw malformedQuery(`unexpected token: '${field.alias}': only grouped queries have aliases`);
    const names = field.type === 'Field' ? [field.field] : [...field.relationships, field.field];
    const column = columnAt(scope, names);
    const key = [...column.path, column.field.name].join('.');
    if (seen.has(key)) throw invalidField(`duplicate field selected: ${key}`);
    seen.add(key);
    return column.path.length === 0
      ? (row, record) => void (record[column.field.name] = column.read(row))
      : (row, record) => setDeep(scope, { column, version }, { row, record });
  });
  return (row) => {
    const record: QueriedRecord = { attributes: attributesOf(scope.type.name, row['Id'], version) };
    for (const step of steps) step(row, record);
    return record;
  };
}

export const attributesOf = (type: string, id: unknown, version: string) => ({
  type,
  url: `/services/data/v${version}/sobjects/${type}/${String(id)}`,
});

/** A parent is an object of its own inside the record, or null where there is none. */
function setDeep(
  scope: Scope,
  { column, version }: { column: Column; version: string },
  { row, record }: { row: Row; record: QueriedRecord },
): void {
  let here = record;
  let at: Row | null = row;
  for (const [index, relationship] of column.path.entries()) {
    at = at && parentRow(scope, at, relationship);
    if (!at) {
      here[relationship] ??= null;
      return;
    }
    here[relationship] ??= { attributes: attributesOf(column.types[index] ?? '', at['Id'], version) };
    here = here[relationship] as QueriedRecord;
  }
  here[column.field.name] = at?.[column.field.name] ?? null;
}

function parentRow({ org }: Scope, row: Row, relationship: string): Row | null {
  const custom = relationship.endsWith('__r');
  const parentId = row[custom ? relationship.replace(/__r$/, '__c') : `${relationship}Id`];
  const parent = typeof parentId === 'string' ? rowOf(org, parentId) : null;
  return parent && parent['IsDeleted'] === false ? parent : null;
}
