import { shownType } from '../crm/association-types.ts';
import { objectTypeOf } from '../crm/object-types.ts';
import type { ObjectType } from '../crm/object-types.ts';
import { associationKey } from '../state/lookup.ts';
import type { CrmRecord, ObjectStore, Portal } from '../state/state.ts';
import { valueOf } from '../state/value-of.ts';

export interface CardRecord {
  type: ObjectType;
  record: CrmRecord;
}

export interface AssociationsQuery {
  toObjectType: string;
  properties: readonly string[];
  pageLength: number;
  offset: number;
}

export interface AssociationsPage {
  results: {
    toObjectId: number;
    associationTypes: { category: string; typeId: number; label: string }[];
    properties: Record<string, string | null>;
  }[];
  hasMore: boolean;
  nextOffset: number;
}

const MOST_PER_PAGE = 100;

/** Values as HubSpot hands them to a card: text or null, whatever the type of the property. */
export function propertiesForCard(
  portal: Portal,
  { type, record }: CardRecord,
  names: readonly string[] | '*',
): Record<string, string | null> {
  const store = portal.objects[type.id];
  return valuesOf(store, record, names === '*' ? [...store.properties.keys()] : names);
}

function valuesOf(store: ObjectStore, record: CrmRecord, names: readonly string[]): Record<string, string | null> {
  const isThere = (name: string) => store.properties.get(name)?.archived === false;
  return Object.fromEntries(names.map((name) => [name, isThere(name) ? valueOf(record, name) : null]));
}

/** Live records joined with one, the primary one first. */
export function associationsForCard(
  portal: Portal,
  { type, record }: CardRecord,
  query: AssociationsQuery,
): AssociationsPage {
  const to = objectTypeOf(query.toObjectType);
  const store = portal.objects[to.id];
  const pageLength = Math.min(Math.max(query.pageLength, 1), MOST_PER_PAGE);
  const linked = [...(portal.associations.get(associationKey([type.id, record.id], to.id)) ?? [])]
    .flatMap(([id, typeIds]) => {
      const other = store.records.get(id);
      return other && other.archivedAtMs === null ? [{ other, typeIds }] : [];
    })
    .sort((one, two) => two.typeIds.length - one.typeIds.length);
  const page = linked.slice(query.offset, query.offset + pageLength);
  return {
    results: page.map(({ other, typeIds }) => ({
      toObjectId: Number(other.id),
      associationTypes: typeIds.map((typeId) => {
        const shown = shownType(portal, typeId);
        return { ...shown, label: shown.label ?? '' };
      }),
      properties: valuesOf(store, other, query.properties),
    })),
    hasMore: linked.length > query.offset + page.length,
    nextOffset: query.offset + page.length,
  };
}
