import { useCallback, useEffect, useRef, useState } from 'react';
import type { Answer, Failure } from './read-answer.ts';

export type CardState<T> =
  | { readonly phase: 'loading' }
  | { readonly phase: 'ready'; readonly view: T; readonly busy: boolean; readonly problem: Failure | null }
  | { readonly phase: 'failed'; readonly failure: Failure; readonly busy: boolean };

export type LoadedCard<T> = {
  readonly state: CardState<T>;
  /** Reads again without hiding what is shown. Resolves to the answer, or to null when a reading was under way. */
  readonly reload: () => Promise<Answer<T> | null>;
};

function markBusy<T>(state: CardState<T>): CardState<T> {
  return state.phase === 'loading' ? state : { ...state, busy: true };
}

function after<T>(state: CardState<T>, answer: Answer<T>): CardState<T> {
  if (answer.outcome === 'ok') return { phase: 'ready', view: answer.value, busy: false, problem: null };
  // What was shown stays only while the service cannot be asked: after a refusal nothing of it may remain.
  const keeps = state.phase === 'ready' && answer.outcome === 'unavailable';
  return keeps ? { ...state, busy: false, problem: answer } : { phase: 'failed', failure: answer, busy: false };
}

/** One reading at a time, because all cards of an account share twenty calls; what comes in between asks once more. */
export function useCardView<T>(load: () => Promise<Answer<T>>): LoadedCard<T> {
  const [state, setState] = useState<CardState<T>>({ phase: 'loading' });
  const flight = useRef({ running: false, again: false, mounted: true });
  const latestLoad = useRef(load);
  latestLoad.current = load;
  const reload = useCallback(async () => {
    const own = flight.current;
    if (own.running) {
      own.again = true;
      return null;
    }
    own.running = true;
    setState(markBusy);
    let answer: Answer<T>;
    do {
      own.again = false;
      answer = await latestLoad.current();
    } while (own.again && own.mounted);
    own.running = false;
    const read = answer;
    if (own.mounted) setState((before) => after(before, read));
    return answer;
  }, []);
  useEffect(() => {
    const own = flight.current;
    own.mounted = true;
    void reload();
    return () => {
      own.mounted = false;
    };
  }, [reload]);
  return { state, reload };
}
