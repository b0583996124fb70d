import type { IframeRequest } from '../wire.ts';

export type OpenIframe = { readonly request: IframeRequest; readonly onClose: () => void };

/** What lies above a card: which of its modals and panels are open, and an iframe if it asked for one. */
export type OverlayState = { readonly open: ReadonlySet<string>; readonly iframe: OpenIframe | null };

export type Overlays = {
  readonly subscribe: (listener: () => void) => () => void;
  readonly state: () => OverlayState;
  /** A modal or panel says that it exists; the returned function takes it back. */
  readonly register: (id: string) => () => void;
  readonly open: (id: string) => void;
  readonly close: (id: string) => void;
  readonly showIframe: (iframe: OpenIframe | null) => void;
};

/** `refuse` hears of ids that belong to no overlay of the card. */
export function createOverlays(refuse: (message: string) => void): Overlays {
  const listeners = new Set<() => void>();
  const known = new Set<string>();
  let state: OverlayState = { open: new Set(), iframe: null };
  const change = (next: Partial<OverlayState>): void => {
    state = { ...state, ...next };
    for (const listener of listeners) listener();
  };
  const without = (id: string): Set<string> => new Set([...state.open].filter((other) => other !== id));

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    state: () => state,
    register(id) {
      known.add(id);
      return () => {
        known.delete(id);
        if (state.open.has(id)) change({ open: without(id) });
      };
    },
    open(id) {
      if (known.has(id)) change({ open: new Set([...state.open, id]) });
      else refuse(`The card opens the overlay "${id}", but has no Modal or Panel with this id.`);
    },
    close(id) {
      if (state.open.has(id)) change({ open: without(id) });
      else if (!known.has(id)) refuse(`The card closes the overlay "${id}", but has no Modal or Panel with this id.`);
    },
    showIframe: (iframe) => change({ iframe }),
  };
}
