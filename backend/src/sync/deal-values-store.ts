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
    `with deals as (
       select distinct l.deal_id
         from crm_records c join record_links l on l.connection_id = c.connection_id and l.contact_id = c.record_id
        where c.person_id = any(:people) and c.connection_id = :connection and c.object_type = 'contact'
          and c.deleted_at is null and c.merged_into is null)
     select d.deal_id,
            coalesce(array_agg(distinct r.advocate_id) filter (where r.id is not null), '{}') as advocate_ids,
            coalesce(array_agg(distinct r.id) filter (where r.id is not null), '{}') as referral_ids,
            coalesce(max(others.count), 0)::int as deals_of_friend,
            exists (select 1 from write_backs w where w.connection_id = :connection and w.object_type = 'deal'
                       and w.record_id = d.deal_id) as was_named
       from deals d
       join crm_records k on k.connection_id = :connection and k.object_type = 'deal' and k.record_id = d.deal_id
        and k.deleted_at is null and k.merged_into is null
       left join record_links l on l.connection_id = :connection and l.deal_id = d.deal_id
       left join crm_records c on c.connection_id = :connection and c.object_type = 'contact' and c.record_id = l.contact_id
        and c.deleted_at is null and c.merged_into is null
       left join referrals r on r.person_id = c.person_id and r.merged_into is null and r.status <> 'denied'
       left join lateral (
         select count(distinct o.deal_id) as count
           from record_links o
           join crm_records live on live.connection_id = :connection and live.object_type = 'deal' and live.record_id = o.deal_id
            and live.deleted_at is null and live.merged_into is null
          where r.id is not null and o.connection_id = :connection and o.contact_id = c.record_id) others on true
      group by d.deal_id`,
    { people: [...input.personIds], connection: input.connectionId },
  );
  return new Map(answer.rows.flatMap((row) => toValues(row)));
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
