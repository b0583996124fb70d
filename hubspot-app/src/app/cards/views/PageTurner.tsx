import { Alert, Button, Flex, Text } from '@hubspot/ui-extensions';
import { useCardHost } from '../card-host.tsx';
import type { Pages } from '../use-pages.ts';
import { FailureWords } from './FailureState.tsx';

export function PageTurner<T>({ pages }: { readonly pages: Pages<T> }) {
  const { formats } = useCardHost();
  const { page, from, busy, failure, next, previous } = pages;
  if (!next && !previous) return null;
  const to = from + page.items.length - 1;
  return (
    <>
      {failure ? (
        <Alert title="The next page did not come" variant="warning">
          <FailureWords failure={failure} />
        </Alert>
      ) : null}
      <Flex direction="row" gap="sm" align="center" wrap>
        <Button size="xs" variant="secondary" disabled={busy || !previous} onClick={() => previous?.()}>
          Previous
        </Button>
        <Text inline variant="microcopy">
          {busy ? 'Loading' : `${formats.number(from)} to ${formats.number(to)} of ${formats.number(page.total)}`}
        </Text>
        <Button size="xs" variant="secondary" disabled={busy || !next} onClick={() => next?.()}>
          Next
        </Button>
      </Flex>
    </>
  );
}
