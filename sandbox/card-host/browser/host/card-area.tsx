import { RemoteRenderer, createController } from '@remote-ui/react/host';
import type { RemoteReceiver } from '@remote-ui/core';
import { useSyncExternalStore } from 'react';
import type { ComponentType } from 'react';
import { components } from '../components/components.ts';
import { IframeModal } from '../components/iframe-modal.tsx';
import type { CardStateStore } from './card-state.ts';
import { HostBoundary } from './host-boundary.tsx';
import { unknownComponent } from './hosted.tsx';
import type { CardSession } from './session.ts';
import { SessionContext } from './session.ts';

type CardAreaProps = {
  readonly receiver: RemoteReceiver;
  readonly cardState: CardStateStore;
  readonly session: CardSession;
};

/** The body of a card: what it draws, or in its place why it cannot. */
export function CardArea({ receiver, cardState, session }: CardAreaProps) {
  const { phase, failure } = useSyncExternalStore(cardState.subscribe, cardState.state);
  if (failure) {
    return (
      <div className="pch-failure" role="alert">
        {failure}
      </div>
    );
  }
  return (
    <SessionContext.Provider value={session}>
      <HostBoundary report={session.report}>
        {phase === 'starting' ? <Starting /> : null}
        <RemoteRenderer receiver={receiver} controller={controller} />
        <IframeModal />
      </HostBoundary>
    </SessionContext.Provider>
  );
}

function Starting() {
  return (
    <div className="pch-spinner pch-spinner-centered" role="status">
      <span className="pch-spinner-wheel" aria-hidden="true" />
      <span className="pch-sr">The card is loading</span>
    </div>
  );
}

const unknown = new Map<string, ComponentType<Record<string, unknown>>>();

const controller = {
  ...createController({}),
  get(type: unknown) {
    const name = String(type);
    const found = components.get(name) ?? unknown.get(name) ?? unknownComponent(name);
    if (!components.has(name)) unknown.set(name, found);
    return found;
  },
};
