import type { RewardState } from '../../../shared/referral-status.ts';

/** Rewards of one advocate by the state they are in now. */
export type RewardCounts = Readonly<Record<RewardState, number>>;

/** What an advocate's record shows as reward status. */
export type AdvocateRewardStatus = 'none' | 'pending' | 'approved' | 'issued';

/** Absolute numbers of one advocate, always counted anew and never incremented. */
export type AdvocateMetrics = {
  /** Every live referral, whatever its status. */
  readonly referred: number;
  /** Referrals now qualified or approved. */
  readonly qualified: number;
  /** Referrals now approved. */
  readonly approved: number;
  readonly rewards: RewardCounts;
  /** Approved plus issued rewards in minor units, by ISO 4217 currency. */
  readonly totals: Readonly<Record<string, bigint>>;
  /** Rewards that wait for approval, the same way. */
  readonly pendingTotals: Readonly<Record<string, bigint>>;
  /** ISO 8601; null when nobody was referred. */
  readonly lastReferralAt: string | null;
};

/** The metrics of somebody who has referred nobody. */
export const NO_METRICS: AdvocateMetrics = {
  referred: 0,
  qualified: 0,
  approved: 0,
  rewards: { pending: 0, approved: 0, issued: 0, voided: 0, clawback_proposed: 0 },
  totals: {},
  pendingTotals: {},
  lastReferralAt: null,
};

/**
 * One word for many rewards: pending if any is pending (somebody has to act), else approved, else issued, else none.
 * Voided rewards and those with a clawback proposal count for nothing.
 */
export function rewardStatusOf(counts: RewardCounts): AdvocateRewardStatus {
  if (counts.pending > 0) return 'pending';
  if (counts.approved > 0) return 'approved';
  return counts.issued > 0 ? 'issued' : 'none';
}

/** The metrics of one person over all their programs: sums per currency, and the latest referral. */
export function combineMetrics(list: readonly AdvocateMetrics[]): AdvocateMetrics {
  return list.reduce(addMetrics, NO_METRICS);
}

function addMetrics(a: AdvocateMetrics, b: AdvocateMetrics): AdvocateMetrics {
  return {
    referred: a.referred + b.referred,
    qualified: a.qualified + b.qualified,
    approved: a.approved + b.approved,
    rewards: {
      pending: a.rewards.pending + b.rewards.pending,
      approved: a.rewards.approved + b.rewards.approved,
      issued: a.rewards.issued + b.rewards.issued,
      voided: a.rewards.voided + b.rewards.voided,
      clawback_proposed: a.rewards.clawback_proposed + b.rewards.clawback_proposed,
    },
    totals: addTotals(a.totals, b.totals),
    pendingTotals: addTotals(a.pendingTotals, b.pendingTotals),
    lastReferralAt: later(a.lastReferralAt, b.lastReferralAt),
  };
}

function addTotals(
  a: Readonly<Record<string, bigint>>,
  b: Readonly<Record<string, bigint>>,
): Readonly<Record<string, bigint>> {
  const totals: Record<string, bigint> = { ...a };
  for (const [currency, amountMinor] of Object.entries(b)) {
    totals[currency] = (totals[currency] ?? 0n) + amountMinor;
  }
  return totals;
}

/** Compared as instants, because two sources may write one instant in two ways. */
function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return Date.parse(b) > Date.parse(a) ? b : a;
}
