import type { CrmObjectType, FieldValues } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';
import type { DealView, RecordView, Subject } from './subject.ts';

type ContactRow = {
  person_id: string;
  connection_id: string;
  record_id: string;
  values: FieldValues;
  modified_at: Date;
};

type DealRow = ContactRow & { contact_ids: string[] };

type OtherReferralRow = { connection_id: string; record_id: string; person_id: string; program_id: string };

/** Everything the CRM is known to say about these people, and who else is referred on their deals. */
export type SubjectSource = {
  subjectOf(personId: string, programId: string): Subject;
};

export async function loadSubjects(tx: TenantTransaction, personIds: readonly string[]): Promise<SubjectSource> {
  const contacts = await tx.raw<{ rows: ContactRow[] }>(
    `select c.person_id, c.connection_id, c.record_id, s."values", s.modified_at
       from crm_records c
       cross join lateral (
         select "values", modified_at from snapshots s
          where s.connection_id = c.connection_id and s.object_type = 'contact' and s.record_id = c.record_id
          order by s.modified_at desc, s.id desc limit 1) s
      where c.person_id = any(?) and c.object_type = 'contact' and c.deleted_at is null and c.merged_into is null`,
    [[...personIds]],
  );
  const deals = await tx.raw<{ rows: DealRow[] }>(
    // Fenced step by step: on a young table the planner has no statistics and would join everything with everything.
    `with contacts as materialized (
       select person_id, connection_id, record_id from crm_records
        where person_id = any(?) and object_type = 'contact' and deleted_at is null and merged_into is null)
     select c.person_id, c.connection_id, l.deal_id as record_id, s."values", s.modified_at, s.contact_ids
       from contacts c
       cross join lateral (
         select deal_id from record_links
          where connection_id = c.connection_id and contact_id = c.record_id offset 0) l
       cross join lateral (
         select 1 from crm_records
          where connection_id = c.connection_id and object_type = 'deal' and record_id = l.deal_id
            and deleted_at is null and merged_into is null limit 1) d
       cross join lateral (
         select "values", modified_at, contact_ids from snapshots
          where connection_id = c.connection_id and object_type = 'deal' and record_id = l.deal_id
          order by modified_at desc, id desc limit 1) s`,
    [[...personIds]],
  );
  return toSubjects(contacts.rows, deals.rows, await othersOnDeals(tx, deals.rows));
}

/** Live referrals of the other contacts of shared deals; one-contact deals, the usual case, cost no query. */
async function othersOnDeals(tx: TenantTransaction, deals: readonly DealRow[]): Promise<OtherReferralRow[]> {
  const shared = deals.filter((deal) => deal.contact_ids.length > 1);
  if (shared.length === 0) return [];
  const keys = shared.flatMap((deal) =>
    deal.contact_ids.map((contactId) => ({ connection_id: deal.connection_id, record_id: contactId })),
  );
  const answer = await tx.raw<{ rows: OtherReferralRow[] }>(
    `select distinct c.connection_id, c.record_id, c.person_id, r.program_id
       from json_to_recordset(?) as k(connection_id text, record_id text)
       join crm_records c on c.connection_id = k.connection_id and c.object_type = 'contact' and c.record_id = k.record_id
       join referrals r on r.person_id = c.person_id and r.merged_into is null and r.status <> 'denied'`,
    [JSON.stringify(keys)],
  );
  return answer.rows;
}

function toSubjects(
  contactRows: readonly ContactRow[],
  dealRows: readonly DealRow[],
  others: readonly OtherReferralRow[],
): SubjectSource {
  const contacts = Map.groupBy(contactRows, (row) => row.person_id);
  const deals = Map.groupBy(dealRows, (row) => row.person_id);
  const referred = Map.groupBy(others, (row) => `${row.connection_id}:${row.record_id}`);
  const othersOn = (deal: DealRow, personId: string, programId: string): string[] =>
    deal.contact_ids.filter((contactId) =>
      (referred.get(`${deal.connection_id}:${contactId}`) ?? []).some(
        (row) => row.program_id === programId && row.person_id !== personId,
      ),
    );
  return {
    subjectOf: (personId, programId) => ({
      contacts: (contacts.get(personId) ?? []).map((row) => toView('contact', row)),
      deals: (deals.get(personId) ?? []).map((row): DealView => ({
        ...toView('deal', row),
        contactIds: row.contact_ids,
        otherReferredContactIds: othersOn(row, personId, programId),
      })),
    }),
  };
}

function toView(objectType: CrmObjectType, row: ContactRow): RecordView {
  return { objectType, recordId: row.record_id, values: row.values, modifiedAt: row.modified_at.toISOString() };
}
