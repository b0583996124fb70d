import type { Query, Subquery } from '@jetstreamapp/soql-parser-js';

import type { Row, Value } from '../state/table.ts';
import type { Scope } from './scope.ts';

/** A condition whose values come from another query. */
export type Semijoin = (query: Query) => readonly Value[];

/** The children of a row under their relationship's name: a small result of its own, or null where there are none. */
export type Subselect = (scope: Scope, subquery: Subquery) => { name: string; read: (row: Row) => unknown };

/** What one run of a query goes by, in all its parts. */
export interface SelectContext {
  version: string;
  /** whether rows in the recycle bin count */
  withDeleted: boolean;
  semijoin: Semijoin;
  subselect: Subselect;
}
