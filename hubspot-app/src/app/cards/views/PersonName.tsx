import { Link, Text } from '@hubspot/ui-extensions';
import type { CardPerson } from '@passalong/shared/card-view';
import { useCardHost } from '../card-host.tsx';

const WIDTH_PX = { compact: 200, wide: 180 };

/** A name may be 200 characters long; the whole of it is in the tooltip. */
export function PersonName({ person }: { readonly person: CardPerson }) {
  const { compact } = useCardHost();
  return (
    <Text
      inline
      format={{ fontWeight: 'demibold' }}
      truncate={{ tooltipText: person.name, maxWidth: compact ? WIDTH_PX.compact : WIDTH_PX.wide }}
    >
      {person.recordUrl === null ? person.name : <Link href={person.recordUrl}>{person.name}</Link>}
    </Text>
  );
}
