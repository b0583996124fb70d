import type { ChangeOf } from './changes.ts';
import { inheritLists, leaveAll, reviewRecord } from './list-members.ts';
import { portalOf } from './lookup.ts';
import { insertId, removeId } from './ordered-ids.ts';
import type { CrmRecord, ObjectStore, State } from './state.ts';

/** HubSpot keeps the latest 45 values of a contact property; one limit for all types is close enough. */
const HISTORY_LIMIT = 45;

export function applyRecordWritten(state: State, change: ChangeOf<'record.written'>): void {
  const portal = portalOf(state, change.portalId);
  const store = portal.objects[change.type];
  const record = store.records.get(change.id) ?? newRecord(store, change);
  record.updatedAtMs = change.atMs;
  for (const name in change.values) {
    const value = change.values[name] ?? '';
    const index = store.unique.get(name);
    if (index) reindex(index, record, [record.values[name], value]);
    record.values[name] = value;
    if (name === 'hs_additional_emails') rememberUnique(store, record);
    const history = (record.history[name] ??= []);
    history.push({ value, atMs: change.atMs, sourceType: change.sourceType, sourceId: change.sourceId });
    if (history.length > HISTORY_LIMIT) history.shift();
  }
  reviewRecord(portal, change.type, { record, atMs: change.atMs });
}

function newRecord(store: ObjectStore, change: ChangeOf<'record.written'>): CrmRecord {
  const record: CrmRecord = {
    id: change.id,
    createdAtMs: change.atMs,
    updatedAtMs: change.atMs,
    archivedAtMs: null,
    values: {},
    history: {},
    createdWith: change.createdWith ?? { properties: {}, associations: {} },
  };
  store.records.set(change.id, record);
  insertId(store.order, Number(change.id));
  store.nextId = Math.max(store.nextId, Number(change.id) + 1);
  return record;
}

function reindex(index: Map<string, string>, { id }: CrmRecord, [before, after]: [string | undefined, string]): void {
  if (before && index.get(before) === id) index.delete(before);
  if (after) index.set(after, id);
}

function forgetUnique(store: ObjectStore, record: CrmRecord): void {
  for (const [name, index] of store.unique)
    for (const value of claimed(record, name)) if (index.get(value) === record.id) index.delete(value);
}

function rememberUnique(store: ObjectStore, record: CrmRecord): void {
  for (const [name, index] of store.unique) for (const value of claimed(record, name)) index.set(value, record.id);
}

/** A merged contact keeps the other's address as an additional one, and answers to both. */
function claimed(record: CrmRecord, name: string): string[] {
  const values = [record.values[name] ?? ''];
  if (name === 'email') values.push(...(record.values['hs_additional_emails'] ?? '').split(';'));
  return values.filter(Boolean);
}

export function applyRecordArchived(state: State, change: ChangeOf<'record.archived'>): void {
  const portal = portalOf(state, change.portalId);
  const store = portal.objects[change.type];
  const record = store.records.get(change.id);
  if (!record) return;
  record.archivedAtMs = change.atMs;
  record.updatedAtMs = change.atMs;
  forgetUnique(store, record);
  leaveAll(portal, change.type, change);
}

export function applyRecordRestored(state: State, change: ChangeOf<'record.restored'>): void {
  const portal = portalOf(state, change.portalId);
  const store = portal.objects[change.type];
  const record = store.records.get(change.id);
  if (!record) return;
  record.archivedAtMs = null;
  record.updatedAtMs = change.atMs;
  rememberUnique(store, record);
  reviewRecord(portal, change.type, { record, atMs: change.atMs });
}

export function applyRecordPurged(state: State, change: ChangeOf<'record.purged'>): void {
  const portal = portalOf(state, change.portalId);
  const store = portal.objects[change.type];
  const record = store.records.get(change.id);
  if (record) forgetUnique(store, record);
  store.records.delete(change.id);
  removeId(store.order, Number(change.id));
  leaveAll(portal, change.type, change);
  if (change.blockedEmail) portal.blockedEmails.add(change.blockedEmail);
  dropAssociations(state, change, change.id);
}

/** The record `from` stops existing; reading its id leads to `into`. */
export function applyRecordMerged(state: State, change: ChangeOf<'record.merged'>): void {
  const portal = portalOf(state, change.portalId);
  const store = portal.objects[change.type];
  const gone = store.records.get(change.from);
  if (gone) forgetUnique(store, gone);
  store.records.delete(change.from);
  removeId(store.order, Number(change.from));
  inheritLists(portal, change.type, change);
  store.redirects.set(change.from, change.into);
  const survivor = store.records.get(change.into);
  if (survivor) survivor.createdAtMs = Math.min(survivor.createdAtMs, change.createdAtMs);
  dropAssociations(state, change, change.from);
}

function dropAssociations(state: State, change: { portalId: number; type: string }, id: string): void {
  const { associations, objects } = portalOf(state, change.portalId);
  for (const otherType of Object.keys(objects)) {
    const key = `${change.type}:${id}>${otherType}`;
    for (const otherId of associations.get(key)?.keys() ?? [])
      associations.get(`${otherType}:${otherId}>${change.type}`)?.delete(id);
    associations.delete(key);
  }
}
