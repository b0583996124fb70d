import type { TenantTransaction } from '../db/database.ts';
import { newId } from '../ids.ts';
import type { EarnedReward } from './earned-rewards.ts';

export type NewReward = {
  readonly referralId: string;
  readonly programId: string;
  readonly programVersion: number;
  readonly recipientPersonId: string;
  readonly earned: EarnedReward;
};

/**
 * Puts earned rewards into the ledger. The unique key (referral, reward rule, recipient, milestone) decides: a reward
 * that is there stays as it is, whatever was decided again.
 * @returns the referrals that got a new reward.
 */
export async function grantRewards(
  tx: TenantTransaction,
  input: { readonly workspaceId: string; readonly now: Date; readonly rewards: readonly NewReward[] },
): Promise<Set<string>> {
  if (input.rewards.length === 0) return new Set();
  const rows = input.rewards.map((reward) => ({
    id: newId('rwd'),
    program_id: reward.programId,
    program_version: reward.programVersion,
    referral_id: reward.referralId,
    reward_rule_id: reward.earned.rewardRuleId,
    recipient_person_id: reward.recipientPersonId,
    milestone: reward.earned.milestone,
    state: reward.earned.approval === 'automatic' ? 'approved' : 'pending',
    amount_minor: reward.earned.amountMinor.toString(),
    currency: reward.earned.currency,
    basis: reward.earned.basis,
  }));
  const answer = await tx.raw<{ rows: { referral_id: string }[] }>(
    `with granted as (
       insert into rewards (id, workspace_id, program_id, program_version, referral_id, reward_rule_id, recipient_person_id,
                            milestone, state, amount_minor, currency, basis, created_at, state_at, approved_by)
       select n.id, ?, n.program_id, n.program_version, n.referral_id, n.reward_rule_id, n.recipient_person_id, n.milestone,
              n.state, n.amount_minor, n.currency, n.basis, ?::timestamptz, ?::timestamptz,
              case when n.state = 'approved' then 'system' end
         from json_to_recordset(?) as n(id text, program_id text, program_version int, referral_id text, reward_rule_id text,
                recipient_person_id text, milestone text, state text, amount_minor bigint, currency text, basis jsonb)
       on conflict on constraint rewards_one_per_milestone do nothing
       returning id, referral_id, state, amount_minor, currency
     ), history as (
       insert into reward_events (workspace_id, reward_id, at, from_state, to_state, cause, actor, amount_minor, currency)
       select ?, g.id, ?::timestamptz, s.from_state, s.to_state, s.cause, 'system', g.amount_minor, g.currency
         from granted g
         cross join lateral (
           select null as from_state, 'pending' as to_state, 'earned' as cause, 1 as step
           union all
           select 'pending', 'approved', 'approved_automatically', 2 where g.state = 'approved') s
        order by g.id, s.step)
     select referral_id from granted`,
    [input.workspaceId, input.now, input.now, JSON.stringify(rows), input.workspaceId, input.now],
  );
  return new Set(answer.rows.map((row) => row.referral_id));
}
