import { useRef, useState } from 'react';
import type { Answer, Failure } from './read-answer.ts';

export type Submission<T> = {
  readonly busy: boolean;
  readonly failure: Failure | null;
  /** Resolves to what the service answered, or to null when it failed or a submission is still under way. */
  readonly submit: (send: () => Promise<Answer<T>>) => Promise<T | null>;
  readonly fail: (failure: Failure) => void;
};

export function useSubmit<T>(): Submission<T> {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const running = useRef(false);
  const submit = async (send: () => Promise<Answer<T>>) => {
    // State alone would let a double click through: both clicks see the render before.
    if (running.current) return null;
    running.current = true;
    setBusy(true);
    const answer = await send();
    running.current = false;
    setBusy(false);
    setFailure(answer.outcome === 'ok' ? null : answer);
    return answer.outcome === 'ok' ? answer.value : null;
  };
  return { busy, failure, submit, fail: setFailure };
}
