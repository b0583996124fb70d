import type { ReferralStatus } from '../../../shared/referral-status.ts';
import type { TenantTransaction } from '../db/database.ts';
import { capText, type CrmValues } from '../metrics/crm-values.ts';
import { rewardStatusOf } from '../metrics/advocate-metrics.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';
import { formatMoney, shortestDecimal } from '../rewards/money.ts';

export type ReferralValuesInput = {
  readonly workspaceId: string;
  readonly connectionId: string;
  /** Friends: what is told of their referrals. */
  readonly personIds: readonly string[];
  /** People with a new record: also what names them as advocates. */
  readonly linkedPersonIds?: readonly string[];
  readonly programs: readonly PublishedProgram[];
  readonly workspaceCurrency: string;
};

type Row = {
  id: string;
  program_id: string;
  status: ReferralStatus;
  status_reason: string;
  source: string;
  referred_at: Date;
  email: string | null;
  first_name: string | null;
  last_name: string | null;
  advocate_record: string | null;
  friend_record: string | null;
  deal_record: string | null;
  rewards: { state: 'pending' | 'approved' | 'issued'; currency: string; amount_minor: string }[] | null;
};

const MAX_TEXT = 255;

/**
 * What our record of each referral must say, by referral id. One that was merged into another says how it ended.
 * Key by key (`offset 0`), whatever the planner knows of the tables: of young ones it knows nothing, and compares all with all.
 */
export async function referralRecordValues(
  tx: TenantTransaction,
  input: ReferralValuesInput,
): Promise<Map<string, CrmValues>> {
  if (input.personIds.length === 0 && (input.linkedPersonIds ?? []).length === 0) return new Map();
  const answer = await tx.raw<{ rows: Row[] }>(
    `with own as materialized (
       select id from referrals where workspace_id = :workspace and person_id = any(:people)),
     named as materialized (
       select id from advocates where workspace_id = :workspace and person_id = any(:linked)),
     wanted as materialized (
       select id from own
       union
       select m.id from own cross join lateral (select id from referrals where merged_into = own.id offset 0) m
       union
       select r.id
         from named
         cross join lateral (select id from referrals where workspace_id = :workspace and advocate_id = named.id offset 0) r)
     select r.id, r.program_id, r.status, r.status_reason, r.source, r.referred_at, p.email, p.first_name, p.last_name,
            ${recordOf('a.person_id')} as advocate_record, ${recordOf(LIVE_FRIEND)} as friend_record,
            ${DEAL} as deal_record,
            (select json_agg(json_build_object('state', w.state, 'currency', w.currency, 'amount_minor', w.amount_minor::text))
               from rewards w where w.referral_id = r.id and w.state in ('pending', 'approved', 'issued')) as rewards
       from wanted
       cross join lateral (select * from referrals where id = wanted.id offset 0) r
       cross join lateral (select person_id from advocates where id = r.advocate_id offset 0) a
       cross join lateral (select * from people where id = r.person_id offset 0) p`,
    {
      workspace: input.workspaceId,
      connection: input.connectionId,
      people: [...input.personIds],
      linked: [...(input.linkedPersonIds ?? [])],
    },
  );
  return new Map(answer.rows.map((row) => [row.id, toValues(row, input)]));
}

/** Not by COALESCE: row-level security lets no index be asked for that, and every contact of the account would be read. */
const LIVE_FRIEND = 'case when p.merged_into is null then r.person_id else p.merged_into end';

/** Of several records of a person the first one, as for our other fields. */
function recordOf(person: string): string {
  return `(select k.record_id from crm_records k
            where k.person_id = ${person} and k.connection_id = :connection and k.object_type = 'contact'
              and k.deleted_at is null and k.merged_into is null
            order by k.first_seen_at, k.record_id limit 1)`;
}

/** The deal that decided, else the only one the friend has. */
const DEAL = `coalesce(
  (select k.record_id from crm_records k
    where r.deciding ->> 'objectType' = 'deal' and k.connection_id = :connection and k.object_type = 'deal'
      and k.record_id = r.deciding ->> 'recordId' and k.deleted_at is null),
  (select min(l.deal_id)
     from (select record_id from crm_records
            where person_id = r.person_id and connection_id = :connection and object_type = 'contact'
              and deleted_at is null and merged_into is null offset 0) c
     cross join lateral (select deal_id from record_links where connection_id = :connection and contact_id = c.record_id offset 0) l
     cross join lateral (select 1 from crm_records
                          where connection_id = :connection and object_type = 'deal' and record_id = l.deal_id
                            and deleted_at is null and merged_into is null offset 0) d
   having count(distinct l.deal_id) = 1))`;

function toValues(row: Row, { programs, workspaceCurrency }: ReferralValuesInput): CrmValues {
  const rewards = row.rewards ?? [];
  const count = (state: string): number => rewards.filter((reward) => reward.state === state).length;
  const currency = rewards.some((reward) => reward.currency === workspaceCurrency)
    ? workspaceCurrency
    : (rewards[0]?.currency ?? workspaceCurrency);
  const total = rewards
    .filter((reward) => reward.currency === currency)
    .reduce((sum, reward) => sum + BigInt(reward.amount_minor), 0n);
  const name = [row.first_name, row.last_name].filter(Boolean).join(' ');
  return {
    referralFriendName: capText(name, MAX_TEXT),
    referralFriendEmail: capText(row.email, MAX_TEXT),
    referralState: row.status,
    referralReason: capText(row.status_reason, MAX_TEXT),
    referralProgram: capText(programs.find(({ id }) => id === row.program_id)?.definition.name, MAX_TEXT),
    referralSource: capText(row.source, MAX_TEXT),
    referralReferredAt: new Date(Math.floor(row.referred_at.getTime() / 1000) * 1000).toISOString(),
    referralRewardStatus: rewardStatusOf({
      pending: count('pending'),
      approved: count('approved'),
      issued: count('issued'),
      voided: 0,
      clawback_proposed: 0,
    }),
    referralRewardAmount: shortestDecimal(formatMoney(total, currency)),
    referralRewardCurrency: currency,
    referralAdvocate: row.advocate_record,
    referralFriend: row.friend_record,
    referralDeal: row.deal_record,
  };
}
