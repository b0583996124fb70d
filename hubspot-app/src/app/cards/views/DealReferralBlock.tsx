import {
  DescriptionList,
  DescriptionListItem,
  Flex,
  StatusTag,
  StepIndicator,
  Text,
  Tile,
} from '@hubspot/ui-extensions';
import type { DealGoal, DealProgress, DealReferral, DealReward } from '@passalong/shared/card-view';
import { useCardHost } from '../card-host.tsx';
import { referralLook } from '../statuses.ts';
import { PersonName } from './PersonName.tsx';
import { ReferralTag, RewardTag } from './StatusTags.tsx';

export type DealReferralBlockProps = {
  readonly entry: DealReferral;
  /** False while somebody has to decide first: until then no stage of the deal brings this referral further. */
  readonly isOpen: boolean;
};

export function DealReferralBlock({ entry, isOpen }: DealReferralBlockProps) {
  const { referral, rewards } = entry;
  const { formats } = useCardHost();
  return (
    <Flex direction="column" gap="sm">
      <Flex direction="row" gap="sm" align="center" wrap>
        <ReferralTag status={referral.status} />
        <Text inline variant="microcopy">{`${referral.programName}, ${formats.day(referral.referredAt)}`}</Text>
      </Flex>
      <DescriptionList direction="row">
        <DescriptionListItem label="Referred">
          <PersonName person={referral.friend} />
        </DescriptionListItem>
        <DescriptionListItem label="Referred by">
          <PersonName person={referral.advocate} />
        </DescriptionListItem>
      </DescriptionList>
      <Text>{referral.reason}</Text>
      {isOpen ? <StageOfDeal progress={entry.progress} /> : null}
      {rewards.map((reward) => (
        <RewardTile key={`${reward.milestone} ${reward.text}`} reward={reward} />
      ))}
    </Flex>
  );
}

function StageOfDeal({ progress }: Pick<DealReferral, 'progress'>) {
  if (progress) return <Progress progress={progress} />;
  return <Text variant="microcopy">The stage of this deal is not known here yet. It comes with its next change.</Text>;
}

/** Stages behind the last one that counts, such as a lost deal's, are no steps still to be made. */
function stepsOf({ stages, currentIndex, goals }: DealProgress): string[] {
  const counting = goals.flatMap(({ stageIndex }) => stageIndex ?? []);
  return counting.length === 0 ? [...stages] : stages.slice(0, Math.max(currentIndex ?? 0, ...counting) + 1);
}

function Progress({ progress }: { readonly progress: DealProgress }) {
  const { compact } = useCardHost();
  const { currentIndex, goals, text, pipeline } = progress;
  return (
    <Flex direction="column" gap="xs">
      <Text format={{ fontWeight: 'demibold' }}>{text}</Text>
      {currentIndex === null ? null : (
        <StepIndicator
          stepNames={stepsOf(progress)}
          currentStep={currentIndex}
          direction="horizontal"
          variant={compact ? 'compact' : 'default'}
        />
      )}
      <Text variant="microcopy">{`Pipeline: ${pipeline}`}</Text>
      {goals.map((goal) => (
        <Goal key={`${goal.status} ${goal.stage}`} goal={goal} />
      ))}
    </Flex>
  );
}

function Goal({ goal: { status, stage, reached } }: { readonly goal: DealGoal }) {
  const { label } = referralLook(status);
  return (
    <Flex direction="row" gap="sm" align="center" wrap>
      <StatusTag variant={reached ? 'success' : 'default'} hollow={!reached}>
        {reached ? 'Reached' : 'To come'}
      </StatusTag>
      <Text inline>{`${label} at “${stage}”`}</Text>
    </Flex>
  );
}

function RewardTile({ reward }: { readonly reward: DealReward }) {
  const { formats } = useCardHost();
  return (
    <Tile compact>
      <Flex direction="row" gap="sm" align="center" wrap>
        <Text inline format={{ fontWeight: 'demibold' }}>
          {reward.amount === null ? 'Amount not known yet' : formats.money(reward.amount)}
        </Text>
        <RewardTag state={reward.state} />
      </Flex>
      <Text>{reward.text}</Text>
    </Tile>
  );
}
