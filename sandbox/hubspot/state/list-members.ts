import { filterTest } from './filter.ts';
import type { CrmList } from './crm-list.ts';
import { insertId, removeId } from './ordered-ids.ts';
import type { CrmRecord, ObjectStore, ObjectTypeId, Portal } from './state.ts';

/** Puts a record on a list; being there already keeps the time it joined. */
export function join(list: CrmList, id: string, atMs: number): void {
  const number = Number(id);
  if (list.joinedAtMs.has(number)) return;
  list.joinedAtMs.set(number, atMs);
  insertId(list.order, number);
  list.lastAddedAtMs = atMs;
}

export function leave(list: CrmList, id: string, atMs: number): void {
  const number = Number(id);
  if (!list.joinedAtMs.delete(number)) return;
  removeId(list.order, number);
  list.lastRemovedAtMs = atMs;
}

export function satisfies(store: ObjectStore, list: CrmList, record: CrmRecord): boolean {
  if (record.archivedAtMs !== null) return false;
  // A property that was archived since no longer matches anything.
  return list.filters.every(
    (filter) => store.properties.get(filter.propertyName)?.archived === false && filterTest(store, filter)(record),
  );
}

/** Fills a list from its filters, as HubSpot does when they are saved. */
export function evaluate(store: ObjectStore, list: CrmList, atMs: number): void {
  for (const record of store.records.values()) place(store, { list, record }, atMs);
}

function place(store: ObjectStore, { list, record }: { list: CrmList; record: CrmRecord }, atMs: number): void {
  if (satisfies(store, list, record)) join(list, record.id, atMs);
  else leave(list, record.id, atMs);
}

/** After a record changed: the active lists of its type look at it again. */
export function reviewRecord(portal: Portal, type: ObjectTypeId, change: { record: CrmRecord; atMs: number }): void {
  for (const list of portal.lists.values())
    if (list.processingType === 'DYNAMIC' && list.objectTypeId === type && list.deletedAtMs === null)
      place(portal.objects[type], { list, record: change.record }, change.atMs);
}

/** A record that is gone is on no list of any kind. */
export function leaveAll(portal: Portal, type: ObjectTypeId, gone: { id: string; atMs: number }): void {
  for (const list of portal.lists.values()) if (list.objectTypeId === type) leave(list, gone.id, gone.atMs);
}

/** A merge: the survivor inherits the places people gave, and is looked at for those that filters give. */
export function inheritLists(
  portal: Portal,
  type: ObjectTypeId,
  merge: { from: string; into: string; atMs: number },
): void {
  for (const list of portal.lists.values()) {
    if (list.objectTypeId !== type || !list.joinedAtMs.has(Number(merge.from))) continue;
    leave(list, merge.from, merge.atMs);
    if (list.processingType !== 'DYNAMIC') join(list, merge.into, merge.atMs);
  }
}
