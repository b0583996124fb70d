import { Component } from 'react';
import type { ReactNode } from 'react';
import { messageOf, page } from './page.ts';

/** An error while the card is drawn ends the card, and the page says so in its place. */
export class CardBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: unknown): void {
    void page.cardFailed({ code: 'render', message: messageOf(error) });
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children;
  }
}
