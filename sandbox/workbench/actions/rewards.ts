import { money } from '../page/words.ts';
import type { Reward } from '../reading/service-answers.ts';
import { refusedBy, required } from './action.ts';
import type { Action } from './action.ts';

/** Somebody in marketing approves what the advocate earned. */
export const approveReward: Action = async (bench, given) => {
  const id = required(given, 'reward', 'Choose a reward.');
  try {
    const reward = await bench.api.post<Reward>(`/rewards/${encodeURIComponent(id)}/approve`);
    const who = reward.recipient.name ?? 'the advocate';
    return { message: `The reward of ${money(reward.amount, reward.currency)} for ${who} is approved.` };
  } catch (error) {
    throw refusedBy(error);
  }
};
