import type { CrmRecord } from '../crm/port.ts';
import type { DirtyRecord } from './dirty-store.ts';

/** The answer to one hint: the record as the CRM holds it now, or null when it is gone. */
export type Reading = {
  readonly dirty: DirtyRecord;
  readonly record: CrmRecord | null;
  /** Contacts on the deal; empty for other records. */
  readonly contactIds: readonly string[];
  /** Roles of those of them that have any. */
  readonly contactRoles: Readonly<Record<string, readonly string[]>>;
  /** Deals the CRM shows on the contact, where they were asked for; else empty. */
  readonly dealIds: readonly string[];
  /** Nobody needed it, so it was not asked for, and no record says nothing. */
  readonly skipped?: boolean;
  /** Read along with another record: no hint is answered by it. */
  readonly unhinted?: boolean;
  /** Of a contact, where the poll compares by it. */
  readonly digest?: string;
};

export type PresentReading = Reading & { readonly record: CrmRecord };

export function isPresent(reading: Reading): reading is PresentReading {
  return reading.record !== null;
}

/** One reading per surviving record: the asked ids of a merge all answer with the same one. */
export function survivors(readings: readonly Reading[], objectType: CrmRecord['objectType']): PresentReading[] {
  const byId = new Map<string, PresentReading>();
  for (const reading of readings) {
    if (!isPresent(reading) || reading.record.objectType !== objectType) continue;
    const known = byId.get(reading.record.id);
    if (!known || known.record.modifiedAt <= reading.record.modifiedAt) byId.set(reading.record.id, reading);
  }
  return [...byId.values()];
}

/** Old id → surviving id, from what the CRM answered and from what the survivor remembers. */
export function mergesIn(
  readings: readonly Reading[],
): { objectType: CrmRecord['objectType']; from: string; into: string }[] {
  const merges = new Map<string, { objectType: CrmRecord['objectType']; from: string; into: string }>();
  for (const { dirty, record } of readings) {
    if (record === null) continue;
    for (const from of [dirty.recordId, ...record.mergedIds]) {
      if (from === record.id) continue;
      merges.set(`${record.objectType}:${from}`, { objectType: record.objectType, from, into: record.id });
    }
  }
  return [...merges.values()];
}
