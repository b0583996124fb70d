import type { RewardState } from '../../../shared/referral-status.ts';
import type { TenantTransaction } from '../db/database.ts';
import type { EarnedReward } from './earned-rewards.ts';
import type { RewardCause, RewardTransition } from './reward-transitions.ts';
import { grantRewards, type NewReward } from './rewards-store.ts';
import type { LedgerReward, RewardMove } from './settle-rewards.ts';

type Row = {
  id: string;
  referral_id: string;
  reward_rule_id: string;
  recipient_person_id: string;
  milestone: LedgerReward['milestone'];
  state: RewardState;
  amount_minor: string;
  currency: string;
  program_version: number;
  approved_by: string | null;
  void_cause: string | null;
};

/** The ledger of these referrals, voided rows too, by referral. */
export async function ledgerOf(
  tx: TenantTransaction,
  workspaceId: string,
  referralIds: readonly string[],
): Promise<Map<string, LedgerReward[]>> {
  if (referralIds.length === 0) return new Map();
  const answer = await tx.raw<{ rows: Row[] }>(
    `select id, referral_id, reward_rule_id, recipient_person_id, milestone, state, amount_minor::text, currency,
            program_version, approved_by, void_cause
       from rewards where workspace_id = ? and referral_id = any(?) order by id`,
    [workspaceId, [...referralIds]],
  );
  const ledger = new Map<string, LedgerReward[]>();
  for (const row of answer.rows) ledger.set(row.referral_id, [...(ledger.get(row.referral_id) ?? []), fromRow(row)]);
  return ledger;
}

function fromRow(row: Row): LedgerReward {
  return {
    id: row.id,
    rewardRuleId: row.reward_rule_id,
    recipientPersonId: row.recipient_person_id,
    milestone: row.milestone,
    state: row.state,
    amountMinor: BigInt(row.amount_minor),
    currency: row.currency,
    programVersion: row.program_version,
    approvedBy: row.approved_by,
    voidCause: row.void_cause,
  };
}

/** A move of the ledger and the referral it belongs to. */
export type LedgerMove = Omit<NewReward, 'earned'> & { readonly move: RewardMove };

type MoveInput = { readonly workspaceId: string; readonly now: Date; readonly moves: readonly LedgerMove[] };

/**
 * Carries out what was settled, with its history; a row that is not where it was settled from stays as it is.
 * @returns the referrals whose rewards changed.
 */
export async function moveRewards(tx: TenantTransaction, input: MoveInput): Promise<Set<string>> {
  const granted = await grantRewards(tx, {
    ...input,
    rewards: input.moves.flatMap(({ move, ...of }) => (move.do === 'grant' ? [{ ...of, earned: move.earned }] : [])),
  });
  const rows = input.moves.flatMap((one) => toRow(one) ?? []);
  if (rows.length === 0) return granted;
  const moved = await tx.raw<{ rows: { referral_id: string }[] }>(
    `with wanted as (
       select * from json_to_recordset(?) as m(id text, from_states text[], to_state text, cause text, approved_by text,
              amount_minor bigint, currency text, basis jsonb)
     ), moved as (
       update rewards r
          set state = coalesce(m.to_state, r.state),
              state_at = case when r.state <> m.to_state then ?::timestamptz else r.state_at end,
              row_version = r.row_version + 1,
              approved_by = case when m.to_state in ('pending', 'approved') then m.approved_by else r.approved_by end,
              void_cause = case when m.to_state = 'voided' then m.cause end,
              amount_minor = coalesce(m.amount_minor, r.amount_minor), currency = coalesce(m.currency, r.currency),
              basis = coalesce(m.basis, r.basis)
         from wanted m, (select id, state from rewards where id in (select id from wanted) for update) before
        where r.id = m.id and before.id = r.id and before.state = any(m.from_states)
       returning r.id, r.referral_id, before.state as from_state, r.state as to_state, m.cause, r.amount_minor, r.currency
     ), history as (
       insert into reward_events (workspace_id, reward_id, at, from_state, to_state, cause, actor, amount_minor, currency)
       select ?, id, ?::timestamptz, from_state, to_state, cause, 'system', amount_minor, currency from moved order by id)
     select distinct referral_id from moved`,
    [JSON.stringify(rows), input.now, input.workspaceId, input.now],
  );
  return new Set([...granted, ...moved.rows.map((row) => row.referral_id)]);
}

/** The move of one row that stands in this state, in the words of the table; empty for one that makes a row or finds it elsewhere. */
export function transitionOf(from: RewardState, move: RewardMove): RewardTransition[] {
  const steps = stepsOf(move);
  return steps?.from.includes(from) ? [{ from, to: steps.to ?? from, cause: steps.cause }] : [];
}

type Steps = { readonly from: readonly RewardState[]; readonly to: RewardState | null; readonly cause: RewardCause };

function stepsOf(move: RewardMove): Steps | null {
  switch (move.do) {
    case 'grant':
      return null;
    case 'reinstate':
      return { from: ['voided'], to: isAutomatic(move.earned) ? 'approved' : 'pending', cause: 'earned_again' };
    case 'amend':
      return { from: ['pending', 'approved'], to: null, cause: 'amount_changed' };
    case 'void':
      return { from: ['pending', 'approved'], to: 'voided', cause: move.cause };
    case 'propose_clawback':
      return { from: ['issued'], to: 'clawback_proposed', cause: move.cause };
  }
}

function isAutomatic({ approval }: EarnedReward): boolean {
  return approval === 'automatic';
}

function toRow({ move }: LedgerMove): object | null {
  const steps = stepsOf(move);
  if (steps === null || move.do === 'grant') return null;
  const { from: from_states, to: to_state, cause } = steps;
  const row = { id: move.id, from_states, to_state, cause };
  if (!('earned' in move)) return row;
  const approved_by = move.do === 'reinstate' && isAutomatic(move.earned) ? 'system' : null;
  return { ...row, ...amountOf(move), approved_by };
}

/** The version stays that of the first grant: what came in after it is not owed for the same milestone (E29). */
function amountOf({ id, earned }: { id: string; earned: EarnedReward }): object {
  const { amountMinor, currency, basis } = earned;
  return { id, amount_minor: amountMinor.toString(), currency, basis };
}
