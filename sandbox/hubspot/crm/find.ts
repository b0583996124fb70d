import { invalid } from '../errors.ts';
import type { HubSpotError } from '../errors.ts';
import { recordOf } from '../state/lookup.ts';
import type { CrmRecord, ObjectStore } from '../state/state.ts';
import { errorEntry } from './error-entry.ts';
import type { ErrorEntry } from './error-entry.ts';
import type { ObjectType } from './object-types.ts';
import type { Subject } from './scope.ts';

export interface RecordKey {
  /** an id, or a value of `idProperty` */
  id: string;
  idProperty?: string | undefined;
  archived?: boolean;
}

/** The record an id or a unique value leads to, through merges, archived or live as asked. */
export function findRecord(store: ObjectStore, { id, idProperty, archived = false }: RecordKey): CrmRecord | undefined {
  const record = recordOf(store, idProperty === undefined ? id : (uniqueId(store, idProperty, id) ?? ''));
  return record && (record.archivedAtMs !== null) === archived ? record : undefined;
}

function uniqueId(store: ObjectStore, idProperty: string, value: string): string | undefined {
  return store.unique.get(idProperty)?.get(idProperty === 'email' ? value.toLowerCase() : value);
}

export function requireUniqueProperty({ store, type, portal }: Subject, idProperty: string): void {
  const isUnique = store.unique.has(idProperty) && store.properties.get(idProperty)?.archived === false;
  if (!isUnique) throw notUnique({ type, portal }, idProperty);
}

export const notUnique = ({ type, portal }: Pick<Subject, 'type' | 'portal'>, idProperty: string): HubSpotError =>
  invalid(
    `Unable to perform update/upsert by non-unique ${type.id} property ${idProperty} in portal ID ${portal.portalId}`,
  );

/** One entry of a multi-status answer for ids that lead nowhere. */
export const missingEntry = (type: ObjectType, ids: readonly string[]): ErrorEntry =>
  errorEntry({
    category: 'OBJECT_NOT_FOUND',
    message: `Could not get some ${type.upper} objects, they may be deleted or not exist. Check that ids are valid.`,
    context: { ids: [...ids] },
  });
