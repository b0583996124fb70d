import type { TenantTransaction } from '../db/database.ts';
import type { CrmValues } from '../metrics/crm-values.ts';

type DealRow = {
  deal_id: string;
  advocate_ids: string[];
  referral_ids: string[];
  /** How many live deals the friend has who is on this one. */
  deals_of_friend: number;
  was_named: boolean;
};

/**
 * Which advocate these friends' deals are owed to (SG-26), by deal. A deal of several referred people names nobody until
 * it is somebody's, and our referral id, which no two deals may hold, goes to the only deal a friend has.
 */
export async function dealValues(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly personIds: readonly string[] },
): Promise<Map<string, CrmValues>> {
  if (input.personIds.length === 0) return new Map();
  const answer = await tx.raw<{ rows: DealRow[] }>(
    `with deals as materialized (
       select distinct l.deal_id
         from unnest(:people::text[]) as n(person_id)
         cross join lateral (${contactsOf('n.person_id')}) c
         cross join lateral (select deal_id from record_links where connection_id = :connection and contact_id = c.record_id offset 0) l
         cross join lateral (${liveDeal('l.deal_id')}) k),
     links as materialized (
       select deal_id, contact_id from record_links
        where connection_id = :connection and deal_id = any(array(select deal_id from deals))),
     contacts as materialized (
       select l.deal_id, c.record_id, c.person_id
         from links l
         cross join lateral (
           select record_id, person_id from crm_records
            where connection_id = :connection and object_type = 'contact' and record_id = l.contact_id
              and deleted_at is null and merged_into is null offset 0) c),
     referred as materialized (
       select id, advocate_id, person_id from referrals
        where person_id = any(array(select person_id from contacts)) and merged_into is null and status <> 'denied'),
     owed as materialized (
       select c.deal_id, c.record_id, r.id, r.advocate_id from contacts c join referred r on r.person_id = c.person_id)
     select d.deal_id,
            coalesce(array_agg(distinct r.advocate_id) filter (where r.id is not null), '{}') as advocate_ids,
            coalesce(array_agg(distinct r.id) filter (where r.id is not null), '{}') as referral_ids,
            coalesce(max(others.count), 0)::int as deals_of_friend,
            exists (select 1 from write_backs w where w.connection_id = :connection and w.object_type = 'deal'
                       and w.record_id = d.deal_id) as was_named
       from deals d
       left join owed r on r.deal_id = d.deal_id
       left join lateral (
         select count(*) as count
           from (select deal_id from record_links where connection_id = :connection and contact_id = r.record_id offset 0) o
           cross join lateral (${liveDeal('o.deal_id')}) live) others on true
      group by d.deal_id`,
    { people: [...input.personIds], connection: input.connectionId },
  );
  return new Map(answer.rows.flatMap((row) => toValues(row)));
}

/** Step by step, whatever the planner knows of the tables: of young ones it knows nothing, and compares all with all. */
function contactsOf(person: string): string {
  return `select record_id from crm_records
           where person_id = ${person} and connection_id = :connection and object_type = 'contact'
             and deleted_at is null and merged_into is null offset 0`;
}

function liveDeal(deal: string): string {
  return `select 1 from crm_records
           where connection_id = :connection and object_type = 'deal' and record_id = ${deal}
             and deleted_at is null and merged_into is null offset 0`;
}

function toValues(row: DealRow): [string, CrmValues][] {
  const [advocateId, another] = row.advocate_ids;
  const isOnes = advocateId !== undefined && another === undefined;
  // Nobody was ever named there, and nobody is to be.
  if (!isOnes && !row.was_named) return [];
  const [referralId] = row.referral_ids;
  const isOnlyDeal = isOnes && row.referral_ids.length === 1 && row.deals_of_friend === 1;
  return [
    [
      row.deal_id,
      {
        dealAdvocateId: isOnes ? advocateId : null,
        ...(isOnlyDeal && referralId !== undefined ? { dealReferralId: referralId } : {}),
      },
    ],
  ];
}
