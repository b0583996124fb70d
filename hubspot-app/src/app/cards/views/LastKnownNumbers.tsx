import {
  Alert,
  Button,
  DescriptionList,
  DescriptionListItem,
  Flex,
  Link,
  Statistics,
  StatisticsItem,
  Text,
} from '@hubspot/ui-extensions';
import { useCardHost } from '../card-host.tsx';
import { ageOf } from '../formats.ts';
import { lastKnownFrom } from '../last-known.ts';
import type { LastKnown, Properties } from '../last-known.ts';
import { advocateRewardLook } from '../statuses.ts';
import { useCopy } from '../use-copy.ts';
import { FailureState, RetryButton } from './FailureState.tsx';
import type { FailureStateProps } from './FailureState.tsx';
import { LookTag, ReferralTag } from './StatusTags.tsx';

export function LastKnownNumbers({ properties, ...fallback }: FailureStateProps & { readonly properties: Properties }) {
  const known = lastKnownFrom(properties);
  if (!known) return <FailureState {...fallback} />;
  return (
    <Flex direction="column" gap="md">
      <Alert title="Live details are not reachable" variant="warning">
        <Flex direction="column" gap="sm" align="start">
          <Text>Below is what was last written to this contact.</Text>
          <RetryButton busy={fallback.busy} onRetry={fallback.onRetry} />
        </Flex>
      </Alert>
      <Counted known={known} />
      <KnownLink known={known} />
      <KnownDetails known={known} />
    </Flex>
  );
}

type KnownProps = { readonly known: LastKnown };

function Counted({ known: { counts, countedAt } }: KnownProps) {
  const { formats } = useCardHost();
  const age =
    countedAt === null
      ? 'It is not known when these numbers were counted.'
      : `Numbers as of ${formats.moment(countedAt)}, counted ${ageOf(countedAt, Date.now())}`;
  return (
    <Flex direction="column" gap="xs">
      {counts.length === 0 ? null : (
        <Statistics>
          {counts.map(({ label, count }) => (
            <StatisticsItem key={label} label={label} number={formats.number(count)} />
          ))}
        </Statistics>
      )}
      <Text variant="microcopy">{age}</Text>
    </Flex>
  );
}

function KnownLink({ known: { link } }: KnownProps) {
  const copy = useCopy();
  if (link === null) return null;
  return (
    <Flex direction="column" gap="xs" align="start">
      <Text truncate={{ tooltipText: link }}>
        <Link href={{ url: link, external: true }}>{link}</Link>
      </Text>
      <Button variant="secondary" onClick={() => void copy(link, 'Link')}>
        Copy link
      </Button>
    </Flex>
  );
}

function KnownDetails({ known }: KnownProps) {
  const { formats } = useCardHost();
  const { code, rewardStatus, rewardTotal, lastReferralAt, friend } = known;
  const items = [
    code && { label: 'Code', content: code },
    rewardStatus && { label: 'Rewards', content: <LookTag look={advocateRewardLook(rewardStatus)} /> },
    rewardTotal !== null && { label: 'Approved and issued, in your currency', content: formats.number(rewardTotal) },
    lastReferralAt !== null && { label: 'Last referral', content: formats.moment(lastReferralAt) },
    friend && { label: 'Referral status', content: <ReferralTag status={friend.status} /> },
    friend?.reason && { label: 'Why', content: friend.reason },
    friend?.by && { label: 'Referred by', content: friend.by },
  ].filter((item) => item !== null && item !== false && item !== '' && item !== undefined);
  if (items.length === 0) return null;
  return (
    <DescriptionList direction="row">
      {items.map(({ label, content }) => (
        <DescriptionListItem key={label} label={label}>
          {content}
        </DescriptionListItem>
      ))}
    </DescriptionList>
  );
}
