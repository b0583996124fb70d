import { Button, ErrorState, Flex, LoadingButton, Text } from '@hubspot/ui-extensions';
import type { Failure } from '../read-answer.ts';

const LOOKS = {
  forbidden: { title: 'Nothing to show here', type: 'lock' },
  not_found: { title: 'Record not found', type: 'error' },
  invalid: { title: 'This did not work', type: 'error' },
  refused: { title: 'This did not work', type: 'support' },
  unavailable: { title: 'Live details are not reachable', type: 'error' },
  outdated: { title: 'This card needs an update', type: 'support' },
} as const;

export type FailureStateProps = {
  readonly failure: Failure;
  readonly busy: boolean;
  readonly onRetry: () => void;
};

export function FailureState({ failure, busy, onRetry }: FailureStateProps) {
  const { title, type } = LOOKS[failure.outcome];
  return (
    <ErrorState title={title} type={type}>
      <Flex direction="column" gap="sm" align="center">
        <FailureWords failure={failure} />
        <RetryButton busy={busy} onRetry={onRetry} />
      </Flex>
    </ErrorState>
  );
}

/** The request's id is for whoever asks support, so it stands last and small; what was mistyped needs none. */
export function FailureWords({ failure }: { readonly failure: Failure }) {
  return (
    <>
      <Text>{`${failure.message} ${failure.remedy}`}</Text>
      {failure.requestId === null || failure.outcome === 'invalid' ? null : (
        <Text variant="microcopy">{`For support: request ${failure.requestId}`}</Text>
      )}
    </>
  );
}

export function RetryButton({ busy, onRetry }: { readonly busy: boolean; readonly onRetry: () => void }) {
  return (
    <LoadingButton variant="secondary" loading={busy} onClick={onRetry}>
      Try again
    </LoadingButton>
  );
}

export function CloseButton({ onClose }: { readonly onClose: () => void }) {
  return (
    <Button variant="secondary" onClick={onClose}>
      Cancel
    </Button>
  );
}
