import type { ChangeOf } from './changes.ts';
import type { CrmList } from './crm-list.ts';
import { evaluate, join, leave } from './list-members.ts';
import { portalOf } from './lookup.ts';
import type { State } from './state.ts';

export function applyListCreated(state: State, { portalId, list: definition, atMs }: ChangeOf<'list.created'>): void {
  const portal = portalOf(state, portalId);
  const list: CrmList = {
    ...definition,
    createdAtMs: atMs,
    updatedAtMs: atMs,
    filtersUpdatedAtMs: atMs,
    deletedAtMs: null,
    joinedAtMs: new Map(),
    order: [],
    lastAddedAtMs: null,
    lastRemovedAtMs: null,
  };
  portal.lists.set(list.listId, list);
  if (list.processingType !== 'MANUAL') evaluate(portal.objects[list.objectTypeId], list, atMs);
}

export function applyListChanged(state: State, change: ChangeOf<'list.changed'>): void {
  const portal = portalOf(state, change.portalId);
  const list = portal.lists.get(change.listId);
  if (!list) return;
  list.updatedAtMs = change.atMs;
  list.name = change.name ?? list.name;
  if (change.filters === null) return;
  list.filters = change.filters;
  list.filtersUpdatedAtMs = change.atMs;
  evaluate(portal.objects[list.objectTypeId], list, change.atMs);
}

export function applyListMembers(state: State, change: ChangeOf<'list.members'>): void {
  const list = portalOf(state, change.portalId).lists.get(change.listId);
  if (!list) return;
  for (const id of change.added) join(list, id, change.atMs);
  for (const id of change.removed) leave(list, id, change.atMs);
}

export function applyListDeleted(state: State, change: ChangeOf<'list.deleted'>): void {
  const list = portalOf(state, change.portalId).lists.get(change.listId);
  if (!list) return;
  list.deletedAtMs = change.atMs;
  list.updatedAtMs = change.atMs;
}
