import { objectTypeOf } from '../crm/object-types.ts';
import { filterOf } from '../crm/search-request.ts';
import type { Filter } from '../schema/filter.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { listCanFilter } from '../lists/filter-branch.ts';
import type { CrmList, ListDefinition, ProcessingType } from '../state/crm-list.ts';
import type { ObjectTypeId } from '../state/state.ts';
import { existing } from './crm-user.ts';
import type { CrmUser } from './crm-user.ts';

/** As a filter of the search: `{ propertyName, operator, value }` or `values`. */
export type GivenFilter = Record<string, unknown>;

export interface CreateListInput {
  name: string;
  /** default contacts */
  type?: string;
  /** default: MANUAL without filters, DYNAMIC with */
  processingType?: ProcessingType;
  /** every one has to hold; of DYNAMIC and SNAPSHOT lists */
  filters?: GivenFilter[];
  /** who is on a MANUAL list from the start */
  recordIds?: string[];
}

export interface SeenList {
  listId: string;
  name: string;
  objectTypeId: ObjectTypeId;
  processingType: ProcessingType;
  deleted: boolean;
  recordIds: string[];
}

function liveList({ portal }: CrmUser, listId: string): CrmList {
  const list = portal.lists.get(listId);
  if (!list || list.deletedAtMs !== null) throw notFound(`There is no list ${listId}`);
  return list;
}

function refuseTaken({ portal }: CrmUser, name: string): void {
  for (const list of portal.lists.values())
    if (list.name === name && list.deletedAtMs === null) throw conflict(`A list named ${name} exists`);
}

function judged({ portal }: CrmUser, objectTypeId: ObjectTypeId, filters: GivenFilter[]): Filter[] {
  const store = portal.objects[objectTypeId];
  return filters.map((given) => {
    const filter = filterOf(given, store);
    if (!listCanFilter(store, filter)) throw invalid(`Lists here cannot filter ${filter.propertyName} like this`);
    return filter;
  });
}

function create(user: CrmUser, input: CreateListInput): string {
  const { world, portal } = user;
  const { name, type = 'contacts', filters = [], recordIds = [] } = input;
  const processingType = input.processingType ?? (filters.length > 0 ? 'DYNAMIC' : 'MANUAL');
  if ((processingType === 'MANUAL') !== (filters.length === 0))
    throw invalid(`A ${processingType} list ${filters.length > 0 ? 'has no' : 'needs'} filters`);
  refuseTaken(user, name);
  const objectTypeId = objectTypeOf(type).id;
  const list: ListDefinition = {
    listId: String(portal.lists.size + 1),
    name,
    objectTypeId,
    processingType,
    filters: judged(user, objectTypeId, filters),
    createdById: user.source.sourceId.replace('userId:', ''),
  };
  world.store.commit({ kind: 'list.created', portalId: portal.portalId, list, atMs: world.clock.now() });
  if (recordIds.length > 0) setMembers(user, list.listId, { added: recordIds });
  return list.listId;
}

function change(user: CrmUser, listId: string, { name, filters }: { name?: string; filters?: GivenFilter[] }): void {
  const { world, portal } = user;
  const list = liveList(user, listId);
  if (name !== undefined) refuseTaken(user, name);
  if (filters && list.processingType !== 'DYNAMIC') throw invalid(`${list.name} has no filters to change`);
  world.store.commit({
    kind: 'list.changed',
    portalId: portal.portalId,
    listId,
    name: name ?? null,
    filters: filters ? judged(user, list.objectTypeId, filters) : null,
    atMs: world.clock.now(),
  });
}

function setMembers(user: CrmUser, listId: string, { added = [], removed = [] }: Record<string, string[]>): void {
  const { world, portal } = user;
  const list = liveList(user, listId);
  if (list.processingType === 'DYNAMIC') throw invalid(`Only filters decide who is on ${list.name}`);
  world.store.commit({
    kind: 'list.members',
    portalId: portal.portalId,
    listId,
    added: added.map((id) => existing(user, [list.objectTypeId, id]).record.id),
    removed,
    atMs: world.clock.now(),
  });
}

function remove(user: CrmUser, listId: string): void {
  const { world, portal } = user;
  liveList(user, listId);
  world.store.commit({ kind: 'list.deleted', portalId: portal.portalId, listId, atMs: world.clock.now() });
}

const seen = ({ listId, name, objectTypeId, processingType, deletedAtMs, order }: CrmList): SeenList => ({
  listId,
  name,
  objectTypeId,
  processingType,
  deleted: deletedAtMs !== null,
  recordIds: order.map(String),
});

/** What people do with lists (segments) in an account. */
export function listActions(user: CrmUser) {
  return {
    /** answers the id of the list */
    createList: (input: CreateListInput): string => create(user, input),
    /** renames a list, or gives it other filters, after which it is filled anew */
    changeList: (listId: string, given: { name?: string; filters?: GivenFilter[] }): void =>
      change(user, listId, given),
    addToList: (listId: string, recordIds: string[]): void => setMembers(user, listId, { added: recordIds }),
    removeFromList: (listId: string, recordIds: string[]): void => setMembers(user, listId, { removed: recordIds }),
    deleteList: (listId: string): void => remove(user, listId),
    /** deleted ones too */
    lists: (): SeenList[] => [...user.portal.lists.values()].map(seen),
  };
}
