import { Flex, Heading, Text, Tile } from '@hubspot/ui-extensions';
import type { CompanyReferralPage } from '@passalong/shared/card-view';
import { useCardHost } from '../card-host.tsx';
import { usePages } from '../use-pages.ts';
import { PageTurner } from './PageTurner.tsx';
import { PersonName } from './PersonName.tsx';
import { ReferralTag } from './StatusTags.tsx';

type Line = CompanyReferralPage['items'][number];

export function CompanyReferrals({ first }: { readonly first: CompanyReferralPage }) {
  const { recordId, service, formats } = useCardHost();
  const pages = usePages<Line>({ first, load: (cursor) => service.companyReferrals(recordId, cursor) });
  if (pages.page.total === 0) return <Text>Nobody was referred yet.</Text>;
  return (
    <Flex direction="column" gap="sm">
      <Heading>{`Referrals (${formats.number(pages.page.total)})`}</Heading>
      {pages.page.items.map((line) => (
        <CompanyReferral key={line.id} line={line} />
      ))}
      <PageTurner pages={pages} />
    </Flex>
  );
}

const DIRECTIONS: Readonly<Record<Line['direction'], string>> = {
  made: 'Made by somebody here',
  received: 'Brought somebody here',
};

function CompanyReferral({ line }: { readonly line: Line }) {
  const { formats } = useCardHost();
  return (
    <Tile compact>
      <Flex direction="column" gap="xs" align="start">
        <Flex direction="row" gap="sm" align="center" wrap>
          <PersonName person={line.advocate} />
          <Text inline>referred</Text>
          <PersonName person={line.friend} />
        </Flex>
        <ReferralTag status={line.status} />
        <Text>{line.reason}</Text>
        <Text variant="microcopy">
          {`${DIRECTIONS[line.direction]}, ${line.programName}, ${formats.day(line.referredAt)}`}
        </Text>
      </Flex>
    </Tile>
  );
}
