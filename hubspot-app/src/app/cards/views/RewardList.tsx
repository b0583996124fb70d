import { Accordion, DescriptionList, DescriptionListItem, Flex, Text, Tile } from '@hubspot/ui-extensions';
import type { AdvocateView, ContactCardView, RewardLine } from '@passalong/shared/card-view';
import { useCardHost } from '../card-host.tsx';
import { advocateRewardLook } from '../statuses.ts';
import { LookTag, RewardTag } from './StatusTags.tsx';

/** Sums are kept apart by currency: adding euros to dollars would say nothing. */
export function RewardSummary({ advocate }: { readonly advocate: AdvocateView }) {
  const { formats } = useCardHost();
  const { pendingTotals, rewardTotals } = advocate;
  return (
    <DescriptionList direction="row">
      <DescriptionListItem label="Rewards">
        <LookTag look={advocateRewardLook(advocate.rewardStatus)} />
      </DescriptionListItem>
      {rewardTotals.length === 0 ? null : (
        <DescriptionListItem label="Approved and issued">{formats.moneys(rewardTotals)}</DescriptionListItem>
      )}
      {pendingTotals.length === 0 ? null : (
        <DescriptionListItem label="Waiting for approval">{formats.moneys(pendingTotals)}</DescriptionListItem>
      )}
    </DescriptionList>
  );
}

export function RewardList({ rewards }: { readonly rewards: ContactCardView['rewards'] }) {
  const { items, total } = rewards;
  if (items.length === 0) return null;
  return (
    <Accordion title={`Each reward (${total})`} size="sm">
      <Flex direction="column" gap="xs">
        {items.map((reward) => (
          <RewardTile key={reward.id} reward={reward} />
        ))}
        {total > items.length ? <Text variant="microcopy">{`The first ${items.length} of ${total}`}</Text> : null}
      </Flex>
    </Accordion>
  );
}

function RewardTile({ reward }: { readonly reward: RewardLine }) {
  const { formats } = useCardHost();
  return (
    <Tile compact>
      <Flex direction="row" gap="sm" align="center" wrap>
        <Text inline format={{ fontWeight: 'demibold' }}>
          {formats.money(reward.amount)}
        </Text>
        <RewardTag state={reward.state} />
      </Flex>
      <Text truncate={{ tooltipText: reward.friendName }}>{`For ${reward.friendName}`}</Text>
      <Text variant="microcopy">{`${reward.basis}, since ${formats.day(reward.stateAt)}`}</Text>
    </Tile>
  );
}
