import { Component } from 'react';
import type { ReactNode } from 'react';
import type { CardSession } from './session.ts';

type HostBoundaryProps = { readonly report: CardSession['report']; readonly children: ReactNode };

/** A mistake of ours in drawing a component ends the card loudly, and leaves the page alone. */
export class HostBoundary extends Component<HostBoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: unknown): void {
    this.props.report({ code: 'render', message: error instanceof Error ? error.message : String(error) });
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children;
  }
}
