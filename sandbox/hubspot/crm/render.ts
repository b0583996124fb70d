import { isoInstant } from '../clock.ts';
import type { CrmRecord } from '../state/state.ts';
import { valueOf } from '../state/value-of.ts';
import type { ObjectType } from './object-types.ts';
import type { Subject } from './scope.ts';

export interface Wanted {
  /** property names, with those HubSpot always adds */
  properties: readonly string[];
  withHistory: readonly string[];
}

/** Names HubSpot adds to every answer, whatever was asked. */
const always = (type: ObjectType): string[] => ['createdate', 'hs_object_id', type.modifiedProperty];

/** Names nobody defined are left out of reads silently, as HubSpot does. */
export function wanted(
  { type, store }: Pick<Subject, 'type' | 'store'>,
  names: readonly string[],
  withHistory: readonly string[] = [],
): Wanted {
  const asked =
    names.length > 0 || withHistory.length > 0 ? [...names, ...withHistory, ...always(type)] : type.defaultProperties;
  const known = [...new Set(asked)].filter((name) => store.properties.get(name)?.archived === false);
  return { properties: known, withHistory: withHistory.filter((name) => known.includes(name)) };
}

export function renderRecord(record: CrmRecord, { properties, withHistory }: Wanted): Record<string, unknown> {
  const values: Record<string, string | null> = {};
  for (const name of properties) values[name] = valueOf(record, name);
  const rendered: Record<string, unknown> = {
    id: record.id,
    properties: values,
    createdAt: isoInstant(record.createdAtMs),
    updatedAt: isoInstant(record.updatedAtMs),
    archived: record.archivedAtMs !== null,
  };
  if (record.archivedAtMs !== null) rendered['archivedAt'] = isoInstant(record.archivedAtMs);
  if (withHistory.length > 0) rendered['propertiesWithHistory'] = historyOf(record, withHistory);
  return rendered;
}

/** Newest first, as HubSpot lists it. */
function historyOf(record: CrmRecord, names: readonly string[]): Record<string, unknown[]> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      (record.history[name] ?? [])
        .map(({ value, atMs, sourceType, sourceId }) => ({ value, timestamp: isoInstant(atMs), sourceType, sourceId }))
        .reverse(),
    ]),
  );
}
