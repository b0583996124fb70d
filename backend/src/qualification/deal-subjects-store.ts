import type { TenantTransaction } from '../db/database.ts';
import { crmOf, liveContactsOf, snapshotOf, type RecordRow } from './snapshot-of-record.ts';

export type DealRow = RecordRow & {
  contact_ids: string[];
  /** Role ids by contact, where the CRM gives any. */
  contact_roles: Record<string, string[]>;
};

export type OtherReferralRow = {
  connection_id: string;
  record_id: string;
  person_id: string;
  program_id: string;
  referred_at: Date;
};

/** The live deals on the friends' contacts, as last read and as they were at the frame's time. */
export async function dealsOfFriends(tx: TenantTransaction, keys: string): Promise<DealRow[]> {
  const answer = await tx.raw<{ rows: DealRow[] }>(
    // Fenced step by step, as liveContactsOf.
    `with contacts as materialized (
       select k.frame, k.since, c.connection_id, c.record_id
         from json_to_recordset(?) as k(frame int, person_id text, since timestamptz)
         ${liveContactsOf('k.person_id')} c),
     deals as materialized (
       select distinct k.frame, k.since, k.connection_id, l.deal_id
         from contacts k
         cross join lateral (
           select deal_id from record_links
            where connection_id = k.connection_id and contact_id = k.record_id offset 0) l
         cross join lateral (
           select 1 from crm_records
            where connection_id = k.connection_id and object_type = 'deal' and record_id = l.deal_id
              and deleted_at is null and merged_into is null limit 1) d)
     select k.frame, k.connection_id, ${crmOf('k')}, k.deal_id as record_id, s."values", s.modified_at, s.contact_ids, s.contact_roles,
            coalesce(earlier."values", at_first."values") as before
       from deals k
       cross join lateral (select k.connection_id) c
       ${snapshotOf('deal', 'k.deal_id')}`,
    [keys],
  );
  return answer.rows;
}

/** Live referrals of the other contacts of shared deals; one-contact deals, the usual case, cost no query. */
export async function othersOnDeals(tx: TenantTransaction, deals: readonly DealRow[]): Promise<OtherReferralRow[]> {
  const shared = deals.filter((deal) => deal.contact_ids.length > 1);
  if (shared.length === 0) return [];
  const keys = new Map(
    shared.flatMap((deal) =>
      deal.contact_ids.map((contactId) => [
        `${deal.connection_id}:${contactId}`,
        { connection_id: deal.connection_id, record_id: contactId },
      ]),
    ),
  );
  const answer = await tx.raw<{ rows: OtherReferralRow[] }>(
    `select distinct c.connection_id, c.record_id, c.person_id, r.program_id, r.referred_at
       from json_to_recordset(?) as k(connection_id text, record_id text)
       join crm_records c on c.connection_id = k.connection_id and c.object_type = 'contact' and c.record_id = k.record_id
       join referrals r on r.person_id = c.person_id and r.merged_into is null and r.status <> 'denied'`,
    [JSON.stringify([...keys.values()])],
  );
  return answer.rows;
}
