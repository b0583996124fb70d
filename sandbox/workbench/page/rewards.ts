import { nameOf } from '../reading/service-answers.ts';
import type { Referral, Reward } from '../reading/service-answers.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { count, money, when } from './words.ts';

const MOST_PENDING = 10;

/** Rewards that wait for somebody's approval, each with its button, and how many are past that. */
export function rewardsRegion(rewards: readonly Reward[], referrals: readonly Referral[]): Html {
  const pending = rewards.filter(({ state }) => state === 'pending');
  const approved = rewards.filter(({ state }) => state === 'approved' || state === 'issued');
  const friends = new Map(referrals.map(({ id, friend }) => [id, nameOf(friend)]));
  const line =
    approved.length === 0
      ? null
      : html`<p class="muted">${count(approved.length, 'reward')} approved: ${totals(approved)}.</p>`;
  if (pending.length === 0)
    return html`<p class="empty">No reward waits for approval. Move a friend’s deal to Closed Won to earn one.</p>
      ${line}`;
  return html`<ul class="rewards">
      ${pending.slice(0, MOST_PENDING).map((reward) => pendingLine(reward, friends))}
    </ul>
    ${pending.length > MOST_PENDING && html`<p class="muted">and ${pending.length - MOST_PENDING} more</p>`} ${line}`;
}

function pendingLine(reward: Reward, friends: ReadonlyMap<string, string>): Html {
  const amount = money(reward.amount, reward.currency);
  const who = reward.recipient.name ?? reward.recipient.email ?? 'the advocate';
  return html`<li>
    <form data-action="approve-reward">
      <input type="hidden" name="reward" value="${reward.id}" />
      <p>
        <strong>${amount}</strong> for ${who}
        <span class="muted"
          >referred ${friends.get(reward.referralId) ?? 'a friend'} · ${when(Date.parse(reward.createdAt))}</span
        >
      </p>
      <button type="submit">Approve<span class="visually-hidden"> ${amount} for ${who}</span></button>
    </form>
  </li>`;
}

/** Each currency by itself; whole minor units, so that sums stay exact. */
function totals(rewards: readonly Reward[]): string {
  const sums = new Map<string, number>();
  for (const { amount, currency } of rewards)
    sums.set(currency, (sums.get(currency) ?? 0) + Math.round(Number(amount) * 100));
  return [...sums].map(([currency, minor]) => money(String(minor / 100), currency)).join(' + ');
}
