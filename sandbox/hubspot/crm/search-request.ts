import { invalid, malformed } from '../errors.ts';
import type { Exchange } from '../http/exchange.ts';
import { objectWith, optionalString, requiredString, stringList } from '../http/shape.ts';
import type { Filter } from '../schema/filter.ts';
import type { ObjectStore } from '../state/state.ts';

export interface SearchRequest {
  query: string;
  filterGroups: Filter[][];
  sort: { propertyName: string; descending: boolean } | null;
  properties: string[];
  limit: number;
  after: number;
}

const MOST = { bodyCharacters: 3000, groups: 5, filtersPerGroup: 6, filters: 18, page: 200, results: 10_000 };

/** Which operands an operator takes. */
const OPERANDS: Record<string, readonly ('value' | 'highValue' | 'values')[]> = {
  EQ: ['value'],
  NEQ: ['value'],
  LT: ['value'],
  LTE: ['value'],
  GT: ['value'],
  GTE: ['value'],
  BETWEEN: ['value', 'highValue'],
  IN: ['values'],
  NOT_IN: ['values'],
  HAS_PROPERTY: [],
  NOT_HAS_PROPERTY: [],
  CONTAINS_TOKEN: ['value'],
  NOT_CONTAINS_TOKEN: ['value'],
};

const wrong = (reason: string) => invalid(`There was a problem with the request. ${reason}`);

/** Reads and judges the body of a search. */
export function searchRequestOf(exchange: Exchange, store: ObjectStore): SearchRequest {
  if (exchange.rawBody.toString('utf8').length > MOST.bodyCharacters)
    throw wrong(`The request body is over the limit of ${MOST.bodyCharacters} characters.`);
  const fields = objectWith(exchange.body ?? {}, ['query', 'filterGroups', 'sorts', 'properties', 'limit', 'after']);
  const limit = fields['limit'] ?? 10;
  if (!Number.isInteger(limit) || (limit as number) < 0 || (limit as number) > MOST.page)
    throw wrong(`"limit" must be between 0 and ${MOST.page}.`);
  const after = Number(fields['after'] ?? 0);
  if (!Number.isInteger(after) || after < 0) throw wrong('"after" must be a cursor of an earlier answer.');
  if (after + (limit as number) > MOST.results) throw wrong(`Paging past ${MOST.results} results is not possible.`);
  return {
    query: optionalString(fields, 'query') ?? '',
    filterGroups: filterGroupsOf(fields['filterGroups'], store),
    sort: sortOf(fields['sorts'], store),
    properties: stringList(fields, 'properties'),
    limit: limit as number,
    after,
  };
}

function filterGroupsOf(given: unknown, store: ObjectStore): Filter[][] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) throw malformed('"filterGroups" must be an array');
  if (given.length > MOST.groups) throw wrong(`There are more than ${MOST.groups} filter groups.`);
  const groups = given.map((group) => {
    const { filters } = objectWith(group, ['filters'], 'filterGroups');
    if (!Array.isArray(filters)) throw malformed('"filters" must be an array');
    if (filters.length > MOST.filtersPerGroup)
      throw wrong(`A filter group has more than ${MOST.filtersPerGroup} filters.`);
    return filters.map((filter) => filterOf(filter, store));
  });
  if (groups.flat().length > MOST.filters) throw wrong(`There are more than ${MOST.filters} filters.`);
  return groups;
}

/** Reads and judges one filter; lists filter in the same words. */
export function filterOf(given: unknown, store: ObjectStore): Filter {
  const fields = objectWith(given, ['propertyName', 'operator', 'value', 'highValue', 'values'], 'filters');
  const propertyName = requiredString(fields, 'propertyName');
  const operator = requiredString(fields, 'operator');
  const operands = OPERANDS[operator];
  if (!operands) throw malformed(`"${operator}" is not an operator`);
  if (store.properties.get(propertyName)?.archived !== false) throw wrong(`Property ${propertyName} does not exist.`);
  for (const operand of ['value', 'highValue', 'values'] as const) {
    const present = fields[operand] !== undefined;
    if (present !== operands.includes(operand))
      throw wrong(`Operator ${operator} ${present ? 'does not take' : 'needs'} "${operand}".`);
  }
  const filter: Filter = { propertyName, operator };
  if (operands.includes('value')) filter.value = requiredString(fields, 'value');
  if (operands.includes('highValue')) filter.highValue = requiredString(fields, 'highValue');
  if (operands.includes('values')) filter.values = stringList(fields, 'values');
  if (filter.values?.length === 0) throw wrong(`Operator ${operator} needs at least one value.`);
  return filter;
}

function sortOf(given: unknown, store: ObjectStore): SearchRequest['sort'] {
  if (given === undefined) return null;
  if (!Array.isArray(given)) throw malformed('"sorts" must be an array');
  if (given.length > 1) throw wrong('Only one sort is possible.');
  if (given.length === 0) return null;
  const sort = typeof given[0] === 'string' ? namedSort(given[0]) : describedSort(given[0]);
  if (store.properties.get(sort.propertyName)?.archived !== false)
    throw wrong(`Property ${sort.propertyName} does not exist.`);
  return sort;
}

const namedSort = (text: string) => ({ propertyName: text.replace(/^-/, ''), descending: text.startsWith('-') });

function describedSort(given: unknown) {
  const fields = objectWith(given, ['propertyName', 'direction'], 'sorts');
  const direction = optionalString(fields, 'direction') ?? 'ASCENDING';
  if (direction !== 'ASCENDING' && direction !== 'DESCENDING') throw malformed(`"${direction}" is not a direction`);
  return { propertyName: requiredString(fields, 'propertyName'), descending: direction === 'DESCENDING' };
}
