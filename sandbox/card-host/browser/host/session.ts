import { createContext, useContext } from 'react';
import type { CardError } from '../wire.ts';
import type { Overlays } from './overlays.ts';

/** What a component of a card needs of the page around it. */
export type CardSession = {
  readonly appName: string;
  readonly timezone: string;
  readonly report: (error: CardError) => void;
  readonly navigate: (href: string) => void;
  readonly overlays: Overlays;
  /** Where modals and panels are drawn: outside the card, above the page. */
  readonly overlayRoot: HTMLElement;
};

export const SessionContext = createContext<CardSession | null>(null);

export function useSession(): CardSession {
  const session = useContext(SessionContext);
  if (!session) throw new Error('A component of a card was drawn outside a card.');
  return session;
}

type Handler = (...given: never[]) => unknown;

/** Calls a handler that lives in the card's worker. What it throws there, the worker reports. */
export function useCall(): (handler: Handler | undefined, ...given: unknown[]) => Promise<void> {
  return async (handler, ...given) => {
    try {
      await handler?.(...(given as never[]));
    } catch {
      // Said once is enough.
    }
  };
}

type Reactions = Record<'openModal' | 'closeModal' | 'openPanel' | 'closePanel', (id: string) => void>;

/** The second argument of handlers that may open and close overlays. */
export function useReactions(): Reactions {
  const { open, close } = useSession().overlays;
  return { openModal: open, closeModal: close, openPanel: open, closePanel: close };
}

let events = 0;

/** An event as the card gets it: data only, the DOM stays on this side. */
export function extensionEvent(type: string): { type: string; bubbles: boolean; timeStamp: number; id: string } {
  events += 1;
  return { type, bubbles: true, timeStamp: performance.now(), id: `event-${events}` };
}
