import { isoInstant } from '../clock.ts';
import { ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import type { CrmRecord } from '../state/state.ts';
import { filterTest } from '../state/filter.ts';
import type { Reader } from '../state/filter.ts';
import { valueOf } from '../state/value-of.ts';
import type { ObjectType } from './object-types.ts';
import { renderRecord, wanted } from './render.ts';
import { subjectOf } from './scope.ts';
import { searchRequestOf } from './search-request.ts';
import { firstMatches } from './sort-matches.ts';

/** POST /crm/objects/2026-09/{type}/search */
export function search(exchange: Exchange): Reply {
  const { type, store } = subjectOf(exchange);
  const request = searchRequestOf(exchange, store);
  const indexedUntilMs = exchange.now - exchange.world.settings.searchIndexLagMs;
  const trails = exchange.world.settings.searchIndexLagMs > 0;
  const read: Reader = trails ? (record, name) => indexedValue(record, name, indexedUntilMs) : valueOf;
  const groups = request.filterGroups.map((filters) => filters.map((filter) => filterTest(store, filter, read)));
  const mentions = request.query ? mentionTest(type, request.query) : () => true;
  const matches: CrmRecord[] = [];
  for (const record of store.records.values()) {
    if (record.archivedAtMs !== null || record.createdAtMs > indexedUntilMs) continue;
    if (groups.length > 0 && !groups.some((tests) => tests.every((test) => test(record)))) continue;
    if (!mentions(record)) continue;
    matches.push(record);
  }
  const sorted = firstMatches(matches, request, { store, read });
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

/** Every word of the query is somewhere in what HubSpot looks at for this type. */
function mentionTest(type: ObjectType, query: string): (record: CrmRecord) => boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return ({ values }) => {
    const text = type.searchedProperties
      .map((name) => values[name] ?? '')
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  };
}
