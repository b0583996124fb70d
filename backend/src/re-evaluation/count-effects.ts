import type { ReferralStatus } from '../../../shared/referral-status.ts';
import type { SampledReferral } from '../../../shared/contracts/re-evaluations.ts';
import type { Decision } from '../ingest/decide-referral.ts';
import { formatMoney, parseMoney } from '../rewards/money.ts';
import type { LedgerReward } from '../rewards/settle-rewards.ts';

export type MoneyMoved = { readonly currency: string; readonly added: string; readonly takenBack: string };

/** What moving referrals does, as plain JSON. */
export type Effects = {
  readonly total: number;
  readonly unread: number;
  readonly unchanged: number;
  readonly qualify: number;
  readonly approve: number;
  readonly goBack: number;
  readonly toReview: number;
  readonly newRewards: number;
  readonly amountsChanged: number;
  readonly voidedRewards: number;
  /** Decimal strings by currency, in the order of its letters. */
  readonly money: readonly MoneyMoved[];
};

export const NO_EFFECTS: Effects = {
  total: 0,
  unread: 0,
  unchanged: 0,
  qualify: 0,
  approve: 0,
  goBack: 0,
  toReview: 0,
  newRewards: 0,
  amountsChanged: 0,
  voidedRewards: 0,
  money: [],
};

/** One referral as it would be decided; null when it is held and not decided at all. */
export type Considered = {
  readonly decision: Decision | null;
  readonly ledger: readonly LedgerReward[];
  /** What the decision asks is asked already. */
  readonly isAsked: boolean;
};

/** What becomes of one referral. */
export function effectsOf({ decision, ledger, isAsked }: Considered): Effects {
  if (decision === null) return { ...NO_EFFECTS, total: 1, unchanged: 1 };
  const { referral, status } = decision;
  const rises = RANK[status] > RANK[referral.status];
  const counts = {
    qualify: Number(rises && status === 'qualified'),
    approve: Number(rises && status === 'approved'),
    goBack: Number(RANK[status] < RANK[referral.status]),
    toReview: Number(questionOf(decision) !== null && !isAsked),
    ...rewardsMoved(decision),
  };
  const unchanged = Number(Object.values(counts).every((count) => count === 0));
  return { ...NO_EFFECTS, total: 1, unchanged, ...counts, money: moneyMoved(decision, ledger) };
}

const RANK: Readonly<Record<ReferralStatus, number>> = { denied: -1, pending: 0, qualified: 1, approved: 2 };

function questionOf({ outcome }: Decision): string | null {
  return !outcome.changed && outcome.because === 'needs_review' ? outcome.question.kind : null;
}

function rewardsMoved({ rewards }: Decision): Pick<Effects, 'newRewards' | 'amountsChanged' | 'voidedRewards'> {
  const count = (...kinds: string[]): number => rewards.filter(({ move }) => kinds.includes(move.do)).length;
  return {
    newRewards: count('grant', 'reinstate'),
    amountsChanged: count('amend'),
    voidedRewards: count('void', 'propose_clawback'),
  };
}

function moneyMoved({ rewards }: Decision, ledger: readonly LedgerReward[]): MoneyMoved[] {
  const sums = new Map<string, Minor>();
  const add = (currency: string, { added = 0n, takenBack = 0n }: Partial<Minor>): void => {
    const before = sums.get(currency) ?? { added: 0n, takenBack: 0n };
    sums.set(currency, { added: before.added + added, takenBack: before.takenBack + takenBack });
  };
  for (const { move } of rewards) {
    if (move.do === 'grant' || move.do === 'reinstate') add(move.earned.currency, { added: move.earned.amountMinor });
    else if (move.do === 'amend') {
      const before = ledger.find(({ id }) => id === move.id);
      const difference = move.earned.amountMinor - (before?.amountMinor ?? 0n);
      if (before && before.currency !== move.earned.currency) {
        add(before.currency, { takenBack: before.amountMinor });
        add(move.earned.currency, { added: move.earned.amountMinor });
      } else add(move.earned.currency, difference > 0n ? { added: difference } : { takenBack: -difference });
    } else {
      const before = ledger.find(({ id }) => id === move.id);
      if (before) add(before.currency, { takenBack: before.amountMinor });
    }
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(toMoved);
}

type Minor = { readonly added: bigint; readonly takenBack: bigint };

function toMoved([currency, { added, takenBack }]: [string, Minor]): MoneyMoved {
  return { currency, added: formatMoney(added, currency), takenBack: formatMoney(takenBack, currency) };
}

export function sumEffects(all: readonly Effects[]): Effects {
  return all.reduce(
    (sum, one) => ({
      total: sum.total + one.total,
      unread: sum.unread + one.unread,
      unchanged: sum.unchanged + one.unchanged,
      qualify: sum.qualify + one.qualify,
      approve: sum.approve + one.approve,
      goBack: sum.goBack + one.goBack,
      toReview: sum.toReview + one.toReview,
      newRewards: sum.newRewards + one.newRewards,
      amountsChanged: sum.amountsChanged + one.amountsChanged,
      voidedRewards: sum.voidedRewards + one.voidedRewards,
      money: sumMoney(sum.money, one.money),
    }),
    NO_EFFECTS,
  );
}

function sumMoney(a: readonly MoneyMoved[], b: readonly MoneyMoved[]): readonly MoneyMoved[] {
  if (b.length === 0) return a;
  const currencies = [...new Set([...a, ...b].map(({ currency }) => currency))].sort();
  return currencies.map((currency) => {
    const of = [...a, ...b].filter((sum) => sum.currency === currency);
    const total = (side: 'added' | 'takenBack'): bigint =>
      of.reduce((sum, one) => sum + minorOf(one[side], currency), 0n);
    return toMoved([currency, { added: total('added'), takenBack: total('takenBack') }]);
  });
}

function minorOf(text: string, currency: string): bigint {
  const money = parseMoney({ text, currency });
  if (!money.ok) throw new RangeError(`A sum of ${currency} that we wrote cannot be read again: ${text}`);
  return money.amountMinor;
}

/** How the referral is shown among the sample; null when nothing about it changes. */
export function toSample(considered: Considered): SampledReferral | null {
  const { decision } = considered;
  if (decision === null || effectsOf(considered).unchanged === 1) return null;
  const { referral, status, reason } = decision;
  return {
    referralId: referral.id,
    from: referral.status,
    to: status,
    question: questionOf(decision),
    reason,
    ...rewardsMoved(decision),
  };
}
