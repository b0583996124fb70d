import { crmOfField } from '../../../shared/crm-fields.ts';
import type { FieldUpdate } from '../../../shared/decision-settings.ts';
import { fieldOnRecord } from '../../../shared/person-fields.ts';
import type { CrmName } from '../crm/port.ts';
import { valueOf } from './fields-to-read.ts';
import { relatedRecord, type Because } from './relationships.ts';
import type { RecordView, Subject } from './subject.ts';
import type { DecidingRecord } from './trace.ts';

/** `empty`: the record was found and the CRM states nothing in that field, or its field was not read. */
export type FieldUpdateReason = Because | 'empty';

/** What one setting gives after a status moved. */
export type CopiedField = FieldUpdate & {
  /** As the CRM states it; null with its reason. */
  readonly value: string | null;
  readonly because: FieldUpdateReason;
  /** Where it stands; null when there is no one such record. */
  readonly recordId: string | null;
};

/**
 * The values to copy into a referral's details after the deciding record moved its status (RR-34). A record is associated
 * with another here when both are the friend's: a colleague's deal at the same company is not the friend's.
 */
export function fieldUpdates(
  updates: readonly FieldUpdate[],
  deciding: DecidingRecord,
  subject: Subject,
): readonly CopiedField[] {
  return updates.map((update) => {
    const { record, because } = relatedRecord<RecordView>({
      crm: crmOfField(update.field),
      from: { objectType: deciding.objectType, record: viewOf(deciding, subject) },
      to: update.object,
      associated: associatedWith(deciding, update.object, subject).filter(isInCrm(crmOfField(update.field))),
    });
    if (record === null) return { ...update, value: null, because, recordId: null };
    const value = textIn(record, fieldOnRecord(update));
    return { ...update, value, because: value === null ? 'empty' : because, recordId: record.recordId };
  });
}

/** The details those values make; what is null stays out, so that a value once copied is not lost to a gap. */
export function copiedDetails(copied: readonly CopiedField[]): Readonly<Record<string, string>> {
  return Object.fromEntries(copied.flatMap(({ to, value }) => (value === null ? [] : [[to, value]])));
}

/** What the other CRM has beside it is no second record to choose from (G4). */
function isInCrm(crm: CrmName) {
  return (view: RecordView): boolean => view.crm === undefined || view.crm === crm;
}

function viewOf({ objectType, recordId }: DecidingRecord, subject: Subject): RecordView | null {
  return viewsOf(objectType, subject).find((view) => view.recordId === recordId) ?? null;
}

function viewsOf(objectType: FieldUpdate['object'], subject: Subject): readonly RecordView[] {
  if (objectType === 'contact' || objectType === 'lead') return subject.contacts;
  return objectType === 'deal' ? subject.deals : (subject.companies ?? []);
}

/** Deals and contacts know each other; a company is associated with all of the friend's records. */
function associatedWith(
  { objectType, recordId }: DecidingRecord,
  wanted: FieldUpdate['object'],
  subject: Subject,
): readonly RecordView[] {
  const views = viewsOf(wanted, subject);
  if (objectType === 'deal' && wanted === 'contact') {
    const contactIds = subject.deals.find((deal) => deal.recordId === recordId)?.contactIds ?? [];
    return views.filter((contact) => contactIds.includes(contact.recordId));
  }
  if (objectType === 'contact' && wanted === 'deal')
    return subject.deals.filter((deal) => deal.contactIds.includes(recordId));
  return views;
}

function textIn(record: RecordView, field: string): string | null {
  const value = valueOf(record, field);
  return value === null || value.trim() === '' ? null : value;
}
