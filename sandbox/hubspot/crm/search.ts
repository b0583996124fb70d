import { isoInstant } from '../clock.ts';
import { ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import type { CrmRecord, ObjectStore } from '../state/state.ts';
import { comparableReader, filterTest } from './filter.ts';
import type { Reader } from './filter.ts';
import type { ObjectType } from './object-types.ts';
import { renderRecord, valueOf, wanted } from './render.ts';
import { subjectOf } from './scope.ts';
import { searchRequestOf } from './search-request.ts';
import type { SearchRequest } from './search-request.ts';

/** POST /crm/objects/2026-09/{type}/search */
export function search(exchange: Exchange): Reply {
  const { type, store } = subjectOf(exchange);
  const request = searchRequestOf(exchange, store);
  const indexedUntilMs = exchange.now - exchange.world.settings.searchIndexLagMs;
  const trails = exchange.world.settings.searchIndexLagMs > 0;
  const read: Reader = trails ? (record, name) => indexedValue(record, name, indexedUntilMs) : valueOf;
  const groups = request.filterGroups.map((filters) => filters.map((filter) => filterTest(store, filter, read)));
  const matches: CrmRecord[] = [];
  for (const record of store.records.values()) {
    if (record.archivedAtMs !== null || record.createdAtMs > indexedUntilMs) continue;
    if (groups.length > 0 && !groups.some((tests) => tests.every((test) => test(record)))) continue;
    if (request.query && !mentions(record, type, request.query)) continue;
    matches.push(record);
  }
  const sorted = sortMatches(matches, sortKey(request, store, read));
  const end = request.after + request.limit;
  const names = wanted({ type, store }, request.properties);
  return ok({
    total: matches.length,
    results: sorted.slice(request.after, end).map((record) => renderRecord(record, names)),
    ...(matches.length > end && { paging: { next: { after: String(end) } } }),
  });
}

/** What the index knew at that time: it trails the store, and shows the older value until it has caught up. */
function indexedValue(record: CrmRecord, name: string, untilMs: number): string | null {
  if (record.updatedAtMs <= untilMs) return valueOf(record, name);
  if (name === 'lastmodifieddate' || name === 'hs_lastmodifieddate')
    return isoInstant(lastChangeBefore(record, untilMs));
  const history = record.history[name];
  if (!history) return valueOf(record, name);
  for (let index = history.length - 1; index >= 0; index -= 1) {
    const version = history[index];
    if (version && version.atMs <= untilMs) return version.value || null;
  }
  return null;
}

function lastChangeBefore(record: CrmRecord, untilMs: number): number {
  let latest = record.createdAtMs;
  for (const history of Object.values(record.history))
    for (const { atMs } of history) if (atMs <= untilMs && atMs > latest) latest = atMs;
  return latest;
}

function mentions(record: CrmRecord, type: ObjectType, query: string): boolean {
  const text = type.searchedProperties
    .map((name) => record.values[name] ?? '')
    .join(' ')
    .toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => text.includes(word));
}

interface SortKey {
  descending: boolean;
  of: (record: CrmRecord) => number | string | null;
}

/** Without a sort: oldest first. */
function sortKey({ sort }: SearchRequest, store: ObjectStore, read: Reader): SortKey {
  const propertyName = sort?.propertyName ?? 'createdate';
  const type = store.properties.get(propertyName)?.type ?? 'string';
  return { descending: sort?.descending ?? false, of: comparableReader(type, propertyName, read) };
}

/**
 * Records that tie come in an order of their own, neither by id nor by age, because HubSpot promises none.
 * Those without a value come last in either direction.
 */
function sortMatches(matches: readonly CrmRecord[], key: SortKey): CrmRecord[] {
  const direction = key.descending ? -1 : 1;
  const keyed = matches.map((record) => ({ record, key: key.of(record), tie: scattered(record.id) }));
  keyed.sort((one, two) => {
    if (one.key === null || two.key === null)
      return Number(one.key === null) - Number(two.key === null) || one.tie - two.tie;
    if (one.key < two.key) return -direction;
    if (one.key > two.key) return direction;
    return one.tie - two.tie;
  });
  return keyed.map(({ record }) => record);
}

const scattered = (id: string): number => Math.imul(Number(id) % 2_147_483_647, 2_654_435_761) >>> 0;
