import type { TenantTransaction } from '../db/database.ts';
import type { RewardState } from '../../../shared/referral-status.ts';
import { NO_METRICS, type AdvocateMetrics } from './advocate-metrics.ts';

type ReferralCounts = {
  advocate_id: string;
  referred: number;
  qualified: number;
  approved: number;
  last_referral_at: Date | null;
};

type RewardCountRow = { advocate_id: string; state: RewardState; currency: string; rewards: number; total: string };

type StoredTotals = Readonly<Record<string, string>>;

/** Metrics as stored: bigint has no JSON form, so totals are decimal strings of minor units. */
export type StoredMetrics = Omit<AdvocateMetrics, 'totals' | 'pendingTotals'> & {
  readonly totals: StoredTotals;
  readonly pendingTotals: StoredTotals;
};

export function fromStoredMetrics(stored: StoredMetrics | null): AdvocateMetrics {
  if (stored === null) return NO_METRICS;
  return { ...stored, totals: toTotals(stored.totals), pendingTotals: toTotals(stored.pendingTotals) };
}

function toTotals(stored: StoredTotals): AdvocateMetrics['totals'] {
  return Object.fromEntries(Object.entries(stored).map(([currency, minor]) => [currency, BigInt(minor)]));
}

function toStoredTotals(totals: AdvocateMetrics['totals']): StoredTotals {
  return Object.fromEntries(Object.entries(totals).map(([currency, minor]) => [currency, minor.toString()]));
}

/**
 * Counts these advocates anew from their referrals and rewards. Call it in the transaction that changed one of them,
 * with the workspace's lock held: then the numbers are those of the commit.
 */
export async function recountMetrics(
  tx: TenantTransaction,
  input: { readonly workspaceId: string; readonly advocateIds: readonly string[]; readonly now: Date },
): Promise<void> {
  if (input.advocateIds.length === 0) return;
  const referrals = await tx.raw<{ rows: ReferralCounts[] }>(
    `select a.id as advocate_id, count(r.id)::int as referred,
            (count(*) filter (where r.status in ('qualified', 'approved')))::int as qualified,
            (count(*) filter (where r.status = 'approved'))::int as approved,
            max(r.referred_at) as last_referral_at
       from advocates a
       left join referrals r on r.advocate_id = a.id and r.merged_into is null
      where a.id = any(?) group by a.id`,
    [[...input.advocateIds]],
  );
  const rewards = await tx.raw<{ rows: RewardCountRow[] }>(
    // Fenced: by index from advocate to referral to reward, whatever the statistics of young tables suggest.
    `select r.advocate_id, w.state, w.currency, count(*)::int as rewards, sum(w.amount_minor)::text as total
       from (select id, advocate_id from referrals where advocate_id = any(?) offset 0) r
       cross join lateral (select state, currency, amount_minor from rewards where referral_id = r.id offset 0) w
      group by 1, 2, 3`,
    [[...input.advocateIds]],
  );
  const rewardsOf = Map.groupBy(rewards.rows, (row) => row.advocate_id);
  const rows = referrals.rows.map((row) => ({
    advocate_id: row.advocate_id,
    metrics: toStoredMetrics(row, rewardsOf.get(row.advocate_id) ?? []),
  }));
  await tx.raw(
    `insert into advocate_metrics as m (advocate_id, workspace_id, version, metrics, updated_at)
     select n.advocate_id, ?, 1, n.metrics, ?::timestamptz
       from json_to_recordset(?) as n(advocate_id text, metrics jsonb)
     on conflict (advocate_id) do update
        set metrics = excluded.metrics, version = m.version + 1, updated_at = excluded.updated_at
      where m.metrics is distinct from excluded.metrics`,
    [input.workspaceId, input.now, JSON.stringify(rows)],
  );
}

/** Which sum a reward belongs to; one that was taken back, or is about to be, belongs to none. */
const SUMMED: Readonly<Record<RewardState, 'pending' | 'earned' | null>> = {
  pending: 'pending',
  approved: 'earned',
  issued: 'earned',
  voided: null,
  clawback_proposed: null,
};

function toStoredMetrics(counts: ReferralCounts, rewards: readonly RewardCountRow[]): StoredMetrics {
  const states: Record<RewardState, number> = { ...NO_METRICS.rewards };
  const totals: Record<string, bigint> = {};
  const pendingTotals: Record<string, bigint> = {};
  for (const row of rewards) {
    states[row.state] += row.rewards;
    const sums = SUMMED[row.state] === 'pending' ? pendingTotals : totals;
    if (SUMMED[row.state] !== null) sums[row.currency] = (sums[row.currency] ?? 0n) + BigInt(row.total);
  }
  return {
    referred: counts.referred,
    qualified: counts.qualified,
    approved: counts.approved,
    rewards: states,
    totals: toStoredTotals(totals),
    pendingTotals: toStoredTotals(pendingTotals),
    lastReferralAt: counts.last_referral_at?.toISOString() ?? null,
  };
}
