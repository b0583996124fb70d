import { money } from '../page/words.ts';
import { nameOf } from '../reading/service-answers.ts';
import type { Entry, Referral, Reward } from '../reading/service-answers.ts';
import type { ServiceFacts } from '../reading/service-facts.ts';
import type { TimelineItem } from './item.ts';

const TONES: Readonly<Record<string, TimelineItem['tone']>> = { approved: 'good', denied: 'bad' };
const ENTRY_TITLES: Readonly<Record<Entry['state'], string>> = {
  processed: 'Decided',
  ignored: 'Looked, nothing to change',
  failed: 'Could not decide',
  review: 'Waits for a person',
};
const ENTRY_TONES: Readonly<Record<Entry['state'], TimelineItem['tone']>> = {
  processed: 'plain',
  ignored: 'quiet',
  failed: 'bad',
  review: 'waiting',
};

/** What Passalong decided: status changes with their reasons, other entries, rewards. */
export function decisionItems(facts: ServiceFacts): TimelineItem[] {
  const friends = new Map(facts.referrals.map((referral) => [referral.id, nameOf(referral.friend)]));
  const told = new Set<string>();
  const changes = facts.referrals.flatMap((referral) => {
    const history = facts.histories.get(referral.id) ?? [];
    for (const { entryId } of history) if (entryId !== null) told.add(entryId);
    return history.map((change) => statusItem(referral, change));
  });
  const entries = facts.entries
    .filter(({ id }) => !told.has(id))
    .map((entry) => entryItem(entry, friends.get(entry.referralId ?? '')));
  return [...changes, ...entries, ...facts.rewards.flatMap((reward) => rewardItems(reward, friends))];
}

function statusItem(
  { friend, advocate }: Referral,
  change: { at: string; from: string | null; to: string; reason: string },
): TimelineItem {
  const title =
    change.from === null
      ? `${nameOf(friend)} was referred by ${nameOf(advocate)}`
      : `${nameOf(friend)}: ${change.from} → ${change.to}`;
  return {
    atMs: Date.parse(change.at),
    side: 'passalong',
    kind: 'decision',
    title,
    details: [change.reason],
    tone: change.from === null ? 'plain' : (TONES[change.to] ?? 'plain'),
  };
}

function entryItem(entry: Entry, friend: string | undefined): TimelineItem {
  const about = entry.objectType ? `looked at ${entry.objectType} ${entry.recordId ?? ''}` : null;
  return {
    atMs: Date.parse(entry.createdAt),
    side: 'passalong',
    kind: 'decision',
    title: friend === undefined ? ENTRY_TITLES[entry.state] : `${friend}: ${ENTRY_TITLES[entry.state].toLowerCase()}`,
    details: [entry.reason, ...(about ? [about] : [])],
    tone: ENTRY_TONES[entry.state],
  };
}

function rewardItems(reward: Reward, friends: ReadonlyMap<string, string>): TimelineItem[] {
  const amount = money(reward.amount, reward.currency);
  const who = reward.recipient.name ?? reward.recipient.email ?? 'the advocate';
  const item = (at: string, title: string, tone: TimelineItem['tone']): TimelineItem => ({
    atMs: Date.parse(at),
    side: 'passalong',
    kind: 'reward',
    title,
    details: [`for referring ${friends.get(reward.referralId) ?? 'a friend'}`],
    tone,
  });
  const granted = item(reward.createdAt, `Reward of ${amount} granted to ${who}`, 'good');
  if (reward.state === 'pending') return [granted];
  return [granted, item(reward.stateAt, `Reward of ${amount} for ${who}: ${reward.state.replace('_', ' ')}`, 'good')];
}
