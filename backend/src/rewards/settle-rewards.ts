import type { ReferralStatus, RewardState } from '../../../shared/referral-status.ts';
import type { EarnedReward, WaitingReward } from './earned-rewards.ts';
import type { RewardCause } from './reward-transitions.ts';

/** One row of the ledger as it stands. */
export type LedgerReward = {
  readonly id: string;
  readonly rewardRuleId: string;
  readonly recipientPersonId: string;
  readonly milestone: 'qualified' | 'approved';
  readonly state: RewardState;
  /** Minor units. */
  readonly amountMinor: bigint;
  /** ISO 4217. */
  readonly currency: string;
  readonly programVersion: number;
  /** Null while nobody has; `system`: automatically. */
  readonly approvedBy: string | null;
  readonly voidCause: string | null;
};

export type RewardMove =
  | { readonly do: 'grant'; readonly earned: EarnedReward }
  /** Voided because it was not earned any more, and earned again now. */
  | { readonly do: 'reinstate'; readonly id: string; readonly earned: EarnedReward }
  /** The sale value moved before a person said yes to the sum. */
  | { readonly do: 'amend'; readonly id: string; readonly earned: EarnedReward }
  | { readonly do: 'void'; readonly id: string; readonly cause: RewardCause }
  | { readonly do: 'propose_clawback'; readonly id: string; readonly cause: RewardCause };

export type SettleRewardsInput = {
  /** The rewards of this referral, voided ones too. */
  readonly ledger: readonly LedgerReward[];
  readonly earned: readonly EarnedReward[];
  readonly waiting: readonly WaitingReward[];
  /** After the decision. */
  readonly status: ReferralStatus;
  readonly recipientPersonId: string;
  /** Which versions of the program have each reward rule. */
  readonly ruleVersions: ReadonlyMap<string, readonly number[]>;
  /** False: a person or an open question keeps the status, so no record says that a sum is gone. (Default: true) */
  readonly byRules?: boolean;
};

/** A void that the rules made may be undone by them; one that a person, a merge or an erasure made may not. */
const UNDOABLE: ReadonlySet<string | null> = new Set(['left_stage', 'referral_denied', 'sale_value_gone']);

/**
 * Brings the ledger of one referral to what it has earned: the same whatever happened in between, so that order, repeats
 * and gaps leave no trace in what is owed. A sum that a person approved or that was paid is never changed here.
 */
export function settleRewards(input: SettleRewardsInput): readonly RewardMove[] {
  const { ledger, earned, recipientPersonId } = input;
  const speaking = speakingRows(input);
  const moves = earned.flatMap((reward): RewardMove | RewardMove[] => {
    const own = ledger.find((row) => isFor(row, reward, recipientPersonId));
    const isOwed = own !== undefined && own.state !== 'voided';
    if (!isOwed && isAnswered(reward, speaking, input)) return [];
    return own ? (keepUp(own, reward) ?? []) : [{ do: 'grant', earned: reward }];
  });
  return [...moves, ...ledger.flatMap((row) => takeBack(row, input) ?? [])];
}

/** What names a reward of one recipient. */
type Promised = Pick<EarnedReward, 'rewardRuleId' | 'milestone'>;

function isFor(row: LedgerReward, { rewardRuleId, milestone }: Promised, recipientPersonId: string): boolean {
  return (
    row.rewardRuleId === rewardRuleId && row.milestone === milestone && row.recipientPersonId === recipientPersonId
  );
}

/**
 * E29: a milestone that another version rewarded is not rewarded again by a rule that came in later or took the place of that
 * one, nor does a rule that was moved to another milestone pay twice. A rule that was promised then, and only waited for its
 * amount, still pays.
 */
function isAnswered(reward: Promised, speaking: readonly LedgerReward[], input: SettleRewardsInput): boolean {
  const versions = input.ruleVersions.get(reward.rewardRuleId) ?? [1];
  return speaking
    .filter((row) => !isFor(row, reward, row.recipientPersonId))
    .some((row) =>
      row.milestone === reward.milestone
        ? !versions.includes(row.programVersion) || !isOffered(row, input)
        : row.rewardRuleId === reward.rewardRuleId,
    );
}

/**
 * Whatever is owed, was paid or refused by a person, and what the rules took back and give again. Of two that would keep each
 * other away one comes back: what has its amount, then what was promised last.
 */
function speakingRows(input: SettleRewardsInput): readonly LedgerReward[] {
  const own = input.ledger
    .filter((row) => row.recipientPersonId === input.recipientPersonId)
    .map((row) => afterwards(row, input));
  const [undoable, standing] = [own.filter(isUndoable), own.filter((row) => !isUndoable(row))];
  const isWaiting = (row: LedgerReward): number =>
    input.earned.some((one) => isFor(row, one, row.recipientPersonId)) ? 0 : 1;
  return undoable
    .filter((row) => isOffered(row, input))
    .sort((a, b) => isWaiting(a) - isWaiting(b) || b.programVersion - a.programVersion || (a.id < b.id ? -1 : 1))
    .reduce((speaking, row) => (isAnswered(row, speaking, input) ? speaking : [...speaking, row]), standing);
}

/** What is taken back now keeps nobody else away: deciding again would find it so. */
function afterwards(row: LedgerReward, input: SettleRewardsInput): LedgerReward {
  const move = takeBack(row, input);
  return move?.do === 'void' ? { ...row, state: 'voided', voidCause: move.cause } : row;
}

function isUndoable({ state, voidCause }: LedgerReward): boolean {
  return state === 'voided' && UNDOABLE.has(voidCause);
}

/** The deciding version rewards this milestone by this very rule. */
function isOffered({ rewardRuleId, milestone }: LedgerReward, { earned, waiting }: SettleRewardsInput): boolean {
  return [...earned, ...waiting].some((one) => one.rewardRuleId === rewardRuleId && one.milestone === milestone);
}

function keepUp(row: LedgerReward, earned: EarnedReward): RewardMove | null {
  if (row.state === 'voided') return isUndoable(row) ? { do: 'reinstate', id: row.id, earned } : null;
  const isOpen = row.state === 'pending' || (row.state === 'approved' && row.approvedBy === 'system');
  const differs = row.amountMinor !== earned.amountMinor || row.currency !== earned.currency;
  return isOpen && differs ? { do: 'amend', id: row.id, earned } : null;
}

/** What is there and not earned any more. A rule that the deciding version does not have keeps what it promised. */
function takeBack(row: LedgerReward, { status, waiting, byRules = true }: SettleRewardsInput): RewardMove | null {
  const cause = causeOf(row, status);
  if (cause !== null) {
    if (row.state === 'issued') return { do: 'propose_clawback', id: row.id, cause };
    return row.state === 'pending' || row.state === 'approved' ? { do: 'void', id: row.id, cause } : null;
  }
  const hasNoValue = waiting.some(
    ({ rewardRuleId, milestone }) => rewardRuleId === row.rewardRuleId && milestone === row.milestone,
  );
  const isOpen = row.state === 'pending' || (row.state === 'approved' && row.approvedBy === 'system');
  return byRules && hasNoValue && isOpen ? { do: 'void', id: row.id, cause: 'sale_value_gone' } : null;
}

function causeOf({ milestone }: LedgerReward, status: ReferralStatus): RewardCause | null {
  if (status === 'denied') return 'referral_denied';
  return status === 'approved' || status === milestone ? null : 'left_stage';
}
