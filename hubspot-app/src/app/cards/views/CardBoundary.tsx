import { Component } from 'react';
import type { ReactNode } from 'react';
import { Button, ErrorState, Flex, Text, logger } from '@hubspot/ui-extensions';

export type CardBoundaryProps = { readonly children: ReactNode };
type CardBoundaryState = { readonly broken: boolean };

/** An answer this card cannot draw must not leave an empty frame on the record. */
export class CardBoundary extends Component<CardBoundaryProps, CardBoundaryState> {
  override state: CardBoundaryState = { broken: false };

  static getDerivedStateFromError(): CardBoundaryState {
    return { broken: true };
  }

  override componentDidCatch(error: unknown): void {
    logger.error(`Passalong card could not be drawn: ${String(error)}`);
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <ErrorState title="This card could not be drawn" type="support">
        <Flex direction="column" gap="sm" align="center">
          <Text>Reload the page. If this stays, ask an admin to upload the current version of the app.</Text>
          <Button variant="secondary" onClick={() => this.setState({ broken: false })}>
            Try again
          </Button>
        </Flex>
      </ErrorState>
    );
  }
}
