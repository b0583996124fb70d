import type { CrmAccount } from '../crm/port.ts';
import type { Labels } from '../qualification/explain.ts';
import type { FieldsToRead } from '../qualification/fields-to-read.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';
import type { DecisionTrigger } from './decision-input.ts';
import type { ContactFieldNames } from './match-contacts.ts';
import type { PresentReading, Reading } from './reading.ts';
import type { NewSnapshot } from './snapshots-store.ts';

export type RecordReadingsInput = {
  readonly account: CrmAccount;
  readonly readings: readonly Reading[];
  readonly now: Date;
  readonly publicUrl: string;
  readonly workspaceCurrency: string;
  readonly fields: ContactFieldNames;
};

/** What every part of one decision transaction knows. */
export type Scope = RecordReadingsInput & {
  readonly labels: Labels;
  readonly programs: readonly PublishedProgram[];
  /** Of every version that still decides something. */
  readonly wanted: FieldsToRead;
};

/** Only the fields rules and people need: our own write-backs must not look like a change. */
export function toSnapshot(reading: PresentReading, { wanted, fields }: Pick<Scope, 'wanted' | 'fields'>): NewSnapshot {
  const { record } = reading;
  const asked = wanted[record.objectType];
  const isAbsent = (field: string): boolean => !Object.hasOwn(record.values, field);
  return {
    objectType: record.objectType,
    recordId: record.id,
    modifiedAt: record.modifiedAt,
    createdAt: record.createdAt,
    values: Object.fromEntries(asked.map((field) => [field, record.values[field] ?? null])),
    unread: asked.filter(isAbsent),
    contactIds: [...reading.contactIds].sort(),
    contactRoles: reading.contactRoles,
    companyId: record.objectType === 'contact' ? (record.values[fields.company] ?? null) : null,
    companyUnread: record.objectType === 'contact' && isAbsent(fields.company),
  };
}

export function toTrigger({ dirty, record }: PresentReading, connectionId: string): DecisionTrigger {
  return {
    connectionId,
    objectType: record.objectType,
    recordId: record.id,
    kind: dirty.lastKind,
    occurredAt: dirty.lastOccurredAt.toISOString(),
    sourceKey: dirty.lastSourceKey,
  };
}
