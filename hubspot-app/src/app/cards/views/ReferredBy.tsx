import { Flex, Heading, Text, Tile } from '@hubspot/ui-extensions';
import type { ReferralLine } from '@passalong/shared/card-view';
import type { RecordId } from '../api.ts';
import { useCardHost } from '../card-host.tsx';
import { AskForReview } from './AskForReview.tsx';
import { PersonName } from './PersonName.tsx';
import { ReferralTag } from './StatusTags.tsx';

export type ReferredByProps = {
  readonly contactId: RecordId;
  readonly lines: readonly ReferralLine[];
  readonly onChanged: () => void;
};

/** The other side: who brought this contact. */
export function ReferredBy({ contactId, lines, onChanged }: ReferredByProps) {
  const { formats } = useCardHost();
  if (lines.length === 0) return null;
  return (
    <Flex direction="column" gap="xs">
      <Heading>Referred by</Heading>
      {lines.map((line) => (
        <Tile compact key={line.id}>
          <Flex direction="column" gap="xs" align="start">
            <Flex direction="row" gap="sm" align="center" wrap>
              <PersonName person={line.advocate} />
              <ReferralTag status={line.status} />
            </Flex>
            <Text>{line.reason}</Text>
            <Text variant="microcopy">{`${line.programName}, ${formats.day(line.referredAt)}`}</Text>
            <AskForReview contactId={contactId} line={line} onAsked={onChanged} />
          </Flex>
        </Tile>
      ))}
    </Flex>
  );
}
