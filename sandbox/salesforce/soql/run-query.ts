import { parseQuery } from '@jetstreamapp/soql-parser-js';
import type { Query } from '@jetstreamapp/soql-parser-js';

import { malformedQuery } from '../errors.ts';
import type { Org } from '../state/org.ts';
import type { Row, Value } from '../state/table.ts';
import type { SelectContext } from './context.ts';
import type { QueriedRecord } from './project.ts';
import { columnAt, scopeOf } from './scope.ts';
import type { Scope } from './scope.ts';
import { rowsOf, selectionOf } from './select.ts';
import type { Selection } from './select.ts';
import { subselectWith } from './subquery.ts';

export interface QueryInput {
  soql: string;
  /** such as 67.0: it stands in the records' addresses */
  version: string;
  withDeleted: boolean;
}

export interface QueryResult {
  totalSize: number;
  records: QueriedRecord[];
}

const MAX_LENGTH = 100_000;

export function runQuery(org: Org, input: QueryInput): QueryResult {
  const query = parse(input.soql);
  const { version, withDeleted } = input;
  const context: SelectContext = {
    version,
    withDeleted,
    semijoin: (inner) => valuesOf(org, inner, context),
    subselect: subselectWith(() => context),
  };
  const scope = scopeOf(org, query.sObject ?? '', query.sObjectAlias ?? null);
  const selection = selectionOf(scope, query, context);
  const rows = rowsOf(selection, candidates(scope, selection), withDeleted);
  return { totalSize: rows.length, records: selection.project ? rows.map(selection.project) : [] };
}

function parse(soql: string): Query {
  if (soql.length > MAX_LENGTH) throw malformedQuery('SOQL statement is longer than 100,000 characters');
  try {
    return parseQuery(soql);
  } catch (error) {
    throw malformedQuery(error instanceof Error ? error.message : String(error));
  }
}

/** Every row of the object, or those an index names where the filter asks for certain values. */
function candidates({ org, type }: Scope, { filter }: Selection): Iterable<Row> {
  const table = org.tables.of(type.name);
  return filter?.lookup ? table.having(filter.lookup.column, filter.lookup.values) : table.all();
}

function valuesOf(org: Org, query: Query, context: SelectContext): Value[] {
  const scope = scopeOf(org, query.sObject ?? '', query.sObjectAlias ?? null);
  const [field, ...more] = query.fields ?? [];
  if (field?.type !== 'Field' || more.length > 0)
    throw malformedQuery('a semi-join selects one column of its own object');
  const column = columnAt(scope, [field.field]);
  if (column.field.type !== 'id' && column.field.type !== 'reference')
    throw malformedQuery('a semi-join selects an id column');
  const selection = selectionOf(scope, { ...query, fields: [field] }, context);
  return rowsOf(selection, candidates(scope, selection), context.withDeleted).map((row) => column.read(row));
}
