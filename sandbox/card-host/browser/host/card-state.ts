import type { CardError, CardErrorCode } from '../wire.ts';

/** Errors after which nothing of a card is left to show, with what is said in its place. */
const FATAL: Partial<Record<CardErrorCode, (message: string) => string>> = {
  unknown_component: (message) => message,
  bundle: (message) => `This card could not start. ${sentence(message)} Build it again, then reload the page.`,
  render: (message) => `This card stopped with an error. ${sentence(message)} Reload the page to try again.`,
  worker: (message) => `This card stopped with an error. ${sentence(message)} Reload the page to try again.`,
};

export type CardState = { readonly phase: 'starting' | 'shown' | 'failed'; readonly failure: string | null };

export type CardStateStore = {
  readonly subscribe: (listener: () => void) => () => void;
  readonly state: () => CardState;
  readonly show: () => void;
  readonly report: (error: CardError) => void;
};

/** The console hears of every error, and the first fatal one stays. */
export function createCardState(onError?: (error: CardError) => void): CardStateStore {
  const listeners = new Set<() => void>();
  let state: CardState = { phase: 'starting', failure: null };
  const change = (next: CardState): void => {
    if (state.phase === 'failed') return;
    state = next;
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    state: () => state,
    show: () => change({ phase: 'shown', failure: null }),
    report(error) {
      console.error(`[card] ${error.code}: ${error.message}`);
      onError?.(error);
      const failure = FATAL[error.code]?.(error.message);
      if (failure) change({ phase: 'failed', failure });
    },
  };
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
