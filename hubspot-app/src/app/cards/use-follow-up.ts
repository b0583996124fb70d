import { useEffect, useRef } from 'react';
import type { LoadedCard } from './use-card-view.ts';

/** The service hears of a change from HubSpot a moment after the card does, so it is asked a few times, then left alone. */
export const FOLLOW_UP_DELAYS_MS = [2_000, 5_000, 10_000] as const;

export type FollowUpInput<T> = {
  readonly card: LoadedCard<T>;
  /** What would look different once the service has taken the change in. */
  readonly fingerprint: (view: T) => string;
};

export function useFollowUp<T>({ card, fingerprint }: FollowUpInput<T>): () => Promise<void> {
  const shown = useRef<string | null>(null);
  shown.current = card.state.phase === 'ready' ? fingerprint(card.state.view) : null;
  const turn = useRef(0);
  useEffect(() => {
    const turns = turn;
    return () => {
      turns.current += 1;
    };
  }, []);
  return async () => {
    const own = ++turn.current;
    const before = shown.current;
    for (const delayMs of FOLLOW_UP_DELAYS_MS) {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      // A newer change begins its own round, and a card that is gone asks nothing.
      if (turn.current !== own) return;
      const answer = await card.reload();
      if (answer?.outcome === 'ok' && fingerprint(answer.value) !== before) return;
    }
  };
}
