import type { ReactNode } from 'react';
import { Alert, Button, Flex, LoadingSpinner, Text } from '@hubspot/ui-extensions';
import type { CardAccount, CardProgram } from '@passalong/shared/card-view';
import { useCardHost } from '../card-host.tsx';
import type { Failure } from '../read-answer.ts';
import type { LoadedCard } from '../use-card-view.ts';
import { FailureState, FailureWords } from './FailureState.tsx';
import { NotSetUp } from './NotSetUp.tsx';

type AnyView = {
  readonly asOf: string;
  readonly account: CardAccount;
  readonly programs: readonly CardProgram[];
};

export type CardStatesProps<T> = {
  readonly card: LoadedCard<T>;
  readonly loadingLabel: string;
  /** True where there is something to show although no program is published any more. */
  readonly hasContent: (view: T) => boolean;
  /** What stands in while the service cannot be asked. */
  readonly fallback?: (failure: Failure, busy: boolean) => ReactNode;
  readonly children: (view: T) => ReactNode;
};

export function CardStates<T extends AnyView>({ card, fallback, ...rest }: CardStatesProps<T>) {
  const { state } = card;
  const retry = () => void card.reload();
  if (state.phase === 'loading') return <LoadingSpinner label={rest.loadingLabel} showLabel layout="centered" />;
  if (state.phase === 'failed') {
    const { failure, busy } = state;
    if (failure.outcome === 'unavailable' && fallback) return fallback(failure, busy);
    return <FailureState failure={failure} busy={busy} onRetry={retry} />;
  }
  const { view, busy, problem } = state;
  return (
    <Flex direction="column" gap="md">
      <AccountAlerts account={view.account} />
      {problem ? (
        <Alert title="Could not refresh" variant="warning">
          <FailureWords failure={problem} />
        </Alert>
      ) : null}
      {view.programs.length === 0 && !rest.hasContent(view) ? <NotSetUp /> : rest.children(view)}
      <RefreshLine asOf={view.asOf} busy={busy} onRefresh={retry} />
    </Flex>
  );
}

function AccountAlerts({ account }: { readonly account: CardAccount }) {
  if (account.status === 'needs_reauthorization') {
    return (
      <Alert title="HubSpot has to be connected again" variant="warning">
        What you see is as last known. Ask an admin to connect Passalong to HubSpot again.
      </Alert>
    );
  }
  if (!account.behind) return null;
  return (
    <Alert title="Changes are taking longer than usual" variant="info">
      The latest changes may be missing here. They are on their way and nothing is lost.
    </Alert>
  );
}

type RefreshLineProps = { readonly asOf: string; readonly busy: boolean; readonly onRefresh: () => void };

function RefreshLine({ asOf, busy, onRefresh }: RefreshLineProps) {
  const { formats } = useCardHost();
  return (
    <Flex direction="row" gap="sm" align="center" justify="between" wrap>
      <Text variant="microcopy">{`As of ${formats.clock(asOf, Date.now())}`}</Text>
      <Button variant="transparent" size="xs" disabled={busy} onClick={onRefresh}>
        {busy ? 'Refreshing' : 'Refresh'}
      </Button>
    </Flex>
  );
}
