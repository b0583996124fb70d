import type { Query, QueryBase } from '@jetstreamapp/soql-parser-js';

import { badRequest, malformedQuery } from '../errors.ts';
import type { Row } from '../state/table.ts';
import type { Compiled } from './condition.ts';
import type { SelectContext } from './context.ts';
import { compileOrder } from './order.ts';
import { compileProjection } from './project.ts';
import type { Projection, QueriedRecord } from './project.ts';
import type { Scope } from './scope.ts';
import { compileWhere } from './where.ts';

export interface Selection {
  filter: Compiled | null;
  order: (one: Row, other: Row) => number;
  project: Projection | null;
  offset: number;
  limit: number;
}

const UNSUPPORTED = ['groupBy', 'having', 'withDataCategory', 'for', 'update', 'usingScope'] as const;
const MAX_OFFSET = 2000;

export function selectionOf(scope: Scope, query: QueryBase, context: SelectContext): Selection {
  for (const part of UNSUPPORTED)
    if (query[part] !== undefined) throw malformedQuery(`${part} is not supported by this sandbox`);
  if ((query.offset ?? 0) > MAX_OFFSET)
    throw badRequest('NUMBER_OUTSIDE_VALID_RANGE', `Maximum SOQL offset allowed is ${MAX_OFFSET}`);
  const fields = query.fields ?? [];
  return {
    filter: query.where ? compileWhere(scope, query.where, context.semijoin) : null,
    order: compileOrder(scope, [query.orderBy ?? []].flat()),
    project: isCount(query)
      ? null
      : compileProjection(scope, { fields, version: context.version, subselect: context.subselect }),
    offset: query.offset ?? 0,
    limit: query.limit ?? Infinity,
  };
}

/** `SELECT COUNT()` alone: only the number is answered. */
export function isCount({ fields }: QueryBase): boolean {
  const [first, ...more] = fields ?? [];
  if (first?.type !== 'FieldFunctionExpression') return false;
  if (more.length > 0 || first.functionName.toUpperCase() !== 'COUNT' || first.parameters.length > 0)
    throw malformedQuery(`${first.rawValue ?? first.functionName} is not supported by this sandbox`);
  return true;
}

export function rowsOf(selection: Selection, candidates: Iterable<Row>, withDeleted: boolean): Row[] {
  const rows: Row[] = [];
  for (const row of candidates)
    if ((withDeleted || row['IsDeleted'] === false) && (selection.filter?.test(row) ?? true)) rows.push(row);
  rows.sort(selection.order);
  return rows.slice(selection.offset, selection.offset + selection.limit);
}

/** The whole of SELECT as one function from candidate rows to records. */
export function compileSelect(
  scope: Scope,
  query: QueryBase | Query,
  context: SelectContext,
): (candidates: Iterable<Row>) => QueriedRecord[] {
  const selection = selectionOf(scope, query, context);
  if (!selection.project) throw malformedQuery('COUNT() has no place in a subquery');
  const project = selection.project;
  return (candidates) => rowsOf(selection, candidates, context.withDeleted).map(project);
}
