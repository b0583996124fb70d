import type { Filter } from '../schema/filter.ts';
import type { ObjectStore } from '../state/state.ts';

const MANY: Record<string, boolean> = { EQ: true, IN: true, NEQ: false, NOT_IN: false };

const NUMBERS: Record<string, string> = {
  EQ: 'IS_EQUAL_TO',
  NEQ: 'IS_NOT_EQUAL_TO',
  GT: 'IS_GREATER_THAN',
  GTE: 'IS_GREATER_THAN_OR_EQUAL_TO',
  LT: 'IS_LESS_THAN',
  LTE: 'IS_LESS_THAN_OR_EQUAL_TO',
};

const KNOWN: Record<string, string> = { HAS_PROPERTY: 'IS_KNOWN', NOT_HAS_PROPERTY: 'IS_UNKNOWN' };

/** What lists here can filter by: what both this sandbox's search and HubSpot's list filters can say. */
export const listCanFilter = (store: ObjectStore, filter: Filter): boolean => operation(store, filter) !== null;

/** Filters as the Lists API words them: one AND branch inside an OR branch. */
export function filterBranch(store: ObjectStore, filters: readonly Filter[]): Record<string, unknown> {
  const and = {
    filterBranchType: 'AND',
    filterBranchOperator: 'AND',
    filterBranches: [],
    filters: filters.map((filter) => ({
      filterType: 'PROPERTY',
      property: filter.propertyName,
      operation: operation(store, filter),
    })),
  };
  return { filterBranchType: 'OR', filterBranchOperator: 'OR', filterBranches: [and], filters: [] };
}

function operation(store: ObjectStore, filter: Filter): Record<string, unknown> | null {
  const type = store.properties.get(filter.propertyName)?.type;
  const values = filter.values ?? [filter.value ?? ''];
  const rest = { includeObjectsWithNoValueSet: false };
  const known = KNOWN[filter.operator];
  if (known) return { operationType: 'ALL_PROPERTY', operator: known, ...rest };
  const any = MANY[filter.operator];
  const asNumber = NUMBERS[filter.operator];
  if (type === 'number' && asNumber)
    return { operationType: 'NUMBER', operator: asNumber, value: Number(filter.value), ...rest };
  if (any === undefined) return null;
  if (type === 'enumeration')
    return { operationType: 'ENUMERATION', operator: any ? 'IS_ANY_OF' : 'IS_NONE_OF', values, ...rest };
  if (type === 'bool' && values.length === 1)
    return {
      operationType: 'BOOL',
      operator: any ? 'IS_EQUAL_TO' : 'IS_NOT_EQUAL_TO',
      value: values[0] === 'true',
      ...rest,
    };
  if (type === 'string')
    return { operationType: 'MULTISTRING', operator: any ? 'IS_EQUAL_TO' : 'IS_NOT_EQUAL_TO', values, ...rest };
  return null;
}
