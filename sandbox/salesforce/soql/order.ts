import type { OrderByClause } from '@jetstreamapp/soql-parser-js';

import { malformedQuery } from '../errors.ts';
import type { Row } from '../state/table.ts';
import { compareValues, sortKey } from './condition.ts';
import { columnAt } from './scope.ts';
import type { Scope } from './scope.ts';

/**
 * What a query does not order has no order worth relying on: such rows come with the highest id first. Empty values come
 * first in either direction unless told otherwise.
 */
export function compileOrder(scope: Scope, clauses: readonly OrderByClause[]): (one: Row, other: Row) => number {
  const steps = clauses.map((clause) => {
    if (!('field' in clause)) throw malformedQuery('Functions in ORDER BY are not supported by this sandbox');
    const column = columnAt(scope, clause.field.split('.'));
    if (column.field.type === 'textarea')
      throw malformedQuery(`field '${clause.field}' can not be sorted in a query call`);
    const key = (row: Row) => sortKey(column.field, column.read(row));
    const direction = clause.order === 'DESC' ? -1 : 1;
    const nulls = clause.nulls === 'LAST' ? 1 : -1;
    return (one: Row, other: Row): number => {
      const [left, right] = [key(one), key(other)];
      if (left === null || right === null) return left === right ? 0 : left === null ? nulls : -nulls;
      return direction * compareValues(left, right);
    };
  });
  return (one, other) => {
    for (const step of steps) {
      const order = step(one, other);
      if (order !== 0) return order;
    }
    return compareValues(other['Id'] ?? null, one['Id'] ?? null);
  };
}
