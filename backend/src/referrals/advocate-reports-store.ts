import type { AdvocateReport } from '../../../shared/contracts/advocates.ts';
import type { Database } from '../db/database.ts';
import { rewardStatusOf } from '../metrics/advocate-metrics.ts';
import { fromStoredMetrics, type StoredMetrics } from '../metrics/metrics-store.ts';
import { formatMoney } from '../rewards/money.ts';
import { referralLink } from './referral-code.ts';

type Row = {
  id: string;
  program_id: string;
  person_id: string;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  code: string;
  external_id: string | null;
  merged_into: string | null;
  closed_at: Date | null;
  paused_at: Date | null;
  visits: number;
  created_at: Date;
  metrics: StoredMetrics | null;
  metrics_at: Date | null;
};

/** One advocate with the numbers that are written to the CRM. `publicUrl` is the base of the link. */
export function findAdvocate(
  database: Database,
  workspaceId: string,
  input: { readonly advocateId: string; readonly publicUrl: string },
): Promise<AdvocateReport | null> {
  return database.inWorkspace(workspaceId, async (tx) => {
    const row: Row | undefined = await tx('advocates as a')
      .join('people as p', 'p.id', 'a.person_id')
      .leftJoin('advocate_metrics as m', 'm.advocate_id', 'a.id')
      .where({ 'a.workspace_id': workspaceId, 'a.id': input.advocateId })
      .first(
        'a.id',
        'a.program_id',
        'a.person_id',
        'p.first_name',
        'p.last_name',
        'p.email',
        'a.code',
        'a.external_id',
        'a.merged_into',
        'a.closed_at',
        'a.paused_at',
        tx.raw('(select coalesce(sum(v.visits), 0)::int from link_visits v where v.advocate_id = a.id) as visits'),
        'a.created_at',
        'm.metrics',
        'm.updated_at as metrics_at',
      );
    return row ? fromRow(row, input.publicUrl) : null;
  });
}

function fromRow(row: Row, publicUrl: string): AdvocateReport {
  return {
    id: row.id,
    programId: row.program_id,
    person: { personId: row.person_id, firstName: row.first_name, lastName: row.last_name, email: row.email },
    code: row.code,
    link: referralLink(publicUrl, row.code),
    externalId: row.external_id,
    mergedInto: row.merged_into,
    closedAt: row.closed_at?.toISOString() ?? null,
    pausedAt: row.paused_at?.toISOString() ?? null,
    visits: row.visits,
    createdAt: row.created_at.toISOString(),
    metrics: toReport(row.metrics),
    metricsAt: row.metrics_at?.toISOString() ?? null,
  };
}

/** Somebody never counted has referred nobody: zeros, not nothing. */
function toReport(stored: StoredMetrics | null): AdvocateReport['metrics'] {
  const { referred, qualified, approved, rewards, totals, lastReferralAt } = fromStoredMetrics(stored);
  return {
    referred,
    qualified,
    approved,
    lastReferralAt,
    rewards,
    rewardStatus: rewardStatusOf(rewards),
    rewardTotals: Object.entries(totals).map(([currency, minor]) => ({
      amount: formatMoney(minor, currency),
      currency,
    })),
  };
}
