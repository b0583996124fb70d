import type { RewardState } from '../../../shared/referral-status.ts';
import { PassalongError, type ErrorDetails } from '../errors/passalong-error.ts';
import type { Caller, UseCaseDeps } from '../referrals/use-case-deps.ts';
import { isAllowed } from './reward-transitions.ts';

/** No such reward in this workspace. */
export class RewardNotFound extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'reward_not_found',
    status: 404,
    retry: 'never',
    remedy: 'Check the reward id; GET /api/v1/rewards lists yours.',
  };
}

/** The reward stands where approving is not possible, for example voided. */
export class RewardNotPending extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'reward_not_pending',
    status: 409,
    retry: 'never',
    remedy: 'Only a pending reward can be approved; read the reward to see what happened to it.',
  };
}

type RewardRow = {
  id: string;
  state: RewardState;
  amount_minor: string;
  currency: string;
  recipient_person_id: string;
  advocate_id: string;
  friend_person_id: string;
};

/** Approves a pending reward. Approving an approved one again changes nothing, so a repeated click is harmless. */
export async function approveReward(
  deps: UseCaseDeps,
  { workspaceId, actor }: Caller,
  rewardId: string,
): Promise<void> {
  const connectionIds = await deps.database.aloneInWorkspace(workspaceId, async (tx) => {
    const answer = await tx.raw<{ rows: RewardRow[] }>(
      `select w.id, w.state, w.amount_minor::text, w.currency, w.recipient_person_id, r.advocate_id,
              r.person_id as friend_person_id
         from rewards w join referrals r on r.id = w.referral_id where w.id = ? for update of w`,
      [rewardId],
    );
    const reward = answer.rows[0];
    if (!reward) throw new RewardNotFound(`There is no reward ${rewardId} in this workspace.`);
    if (reward.state === 'approved') return [];
    if (!isAllowed({ from: reward.state, to: 'approved', cause: 'approved_by_person' })) {
      throw new RewardNotPending(`The reward is ${reward.state}.`);
    }
    const now = new Date(deps.clock.now());
    await tx('rewards')
      .where({ id: rewardId, state: reward.state })
      .update({ state: 'approved', approved_by: actor, state_at: now, row_version: tx.raw('row_version + 1') });
    await tx('reward_events').insert({
      workspace_id: workspaceId,
      reward_id: rewardId,
      at: now,
      from_state: reward.state,
      to_state: 'approved',
      cause: 'approved_by_person',
      actor,
      amount_minor: reward.amount_minor,
      currency: reward.currency,
    });
    await tx('audit_log').insert({
      workspace_id: workspaceId,
      at: now,
      actor,
      action: 'reward.approved',
      subject: rewardId,
    });
    return deps.settle(tx, {
      workspaceId,
      now,
      publicUrl: deps.publicUrl,
      advocateIds: [reward.advocate_id],
      // The friend's, because a CRM may show each referral with its reward.
      personIds: [reward.recipient_person_id, reward.friend_person_id],
      captureIds: [],
    });
  });
  deps.wake(workspaceId, connectionIds);
}
