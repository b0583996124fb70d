import {
  EmptyState,
  Flex,
  Heading,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Text,
  Tile,
} from '@hubspot/ui-extensions';
import type { ReferralLine, ReferralPage } from '@passalong/shared/card-view';
import type { RecordId } from '../api.ts';
import { useCardHost } from '../card-host.tsx';
import type { Formats } from '../formats.ts';
import { usePages } from '../use-pages.ts';
import { AskForReview } from './AskForReview.tsx';
import { PageTurner } from './PageTurner.tsx';
import { PersonName } from './PersonName.tsx';
import { ReferralTag } from './StatusTags.tsx';

export type ReferralListProps = {
  readonly contactId: RecordId;
  readonly first: ReferralPage;
  readonly namesProgram: boolean;
  readonly onChanged: () => void;
};

type LinesProps = Omit<ReferralListProps, 'first'> & { readonly lines: readonly ReferralLine[] };

export function ReferralList({ first, ...props }: ReferralListProps) {
  const { service, compact, formats } = useCardHost();
  const pages = usePages({ first, load: (cursor) => service.contactReferrals(props.contactId, cursor) });
  if (pages.page.total === 0) return <NoReferrals />;
  const Lines = compact ? ReferralTiles : ReferralTable;
  return (
    <Flex direction="column" gap="sm">
      <Heading>{`${props.namesProgram ? 'Referrals in all programs' : 'Referrals'} (${formats.number(pages.page.total)})`}</Heading>
      <Lines {...props} lines={pages.page.items} />
      <PageTurner pages={pages} />
    </Flex>
  );
}

function NoReferrals() {
  return (
    <EmptyState title="No referrals yet" layout="vertical" imageName="announcement">
      <Text>Everybody who comes through the link or is added here shows up, with status and reason.</Text>
    </EmptyState>
  );
}

function ReferralTable({ lines, ...props }: LinesProps) {
  return (
    <Table bordered density="condensed">
      <TableHead>
        <TableRow>
          <TableHeader>Friend</TableHeader>
          <TableHeader>Status</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {lines.map((line) => (
          <ReferralRow key={line.id} line={line} {...props} />
        ))}
      </TableBody>
    </Table>
  );
}

type LineProps = Omit<LinesProps, 'lines'> & { readonly line: ReferralLine };

function ReferralRow({ line, contactId, namesProgram, onChanged }: LineProps) {
  const { formats } = useCardHost();
  return (
    <TableRow>
      <TableCell>
        <PersonName person={line.friend} />
        <Text variant="microcopy">{whenAndWhere(line, namesProgram, formats)}</Text>
      </TableCell>
      <TableCell>
        <Flex direction="row" gap="sm" align="center" justify="between" wrap>
          <Flex direction="column">
            <ReferralTag status={line.status} />
            <Text variant="microcopy">{line.reason}</Text>
          </Flex>
          <AskForReview contactId={contactId} line={line} onAsked={onChanged} />
        </Flex>
      </TableCell>
    </TableRow>
  );
}

function whenAndWhere(line: ReferralLine, namesProgram: boolean, formats: Formats): string {
  const date = formats.day(line.referredAt);
  return namesProgram ? `${line.programName}, ${date}` : date;
}

function ReferralTiles({ lines, ...props }: LinesProps) {
  return (
    <>
      {lines.map((line) => (
        <ReferralTile key={line.id} line={line} {...props} />
      ))}
    </>
  );
}

function ReferralTile({ line, contactId, namesProgram, onChanged }: LineProps) {
  const { formats } = useCardHost();
  return (
    <Tile compact>
      <Flex direction="column" gap="xs" align="start">
        <Flex direction="row" gap="sm" align="center" wrap>
          <PersonName person={line.friend} />
          <ReferralTag status={line.status} />
        </Flex>
        <Text>{line.reason}</Text>
        <Text variant="microcopy">{whenAndWhere(line, namesProgram, formats)}</Text>
        <AskForReview contactId={contactId} line={line} onAsked={onChanged} />
      </Flex>
    </Tile>
  );
}
