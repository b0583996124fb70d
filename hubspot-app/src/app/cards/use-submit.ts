import { useRef, useState } from 'react';
import { isUnconfirmed } from './read-answer.ts';
import type { Answer, Failure } from './read-answer.ts';
import { useRequestKeys } from './request-key.ts';

export type Sending<T> = {
  /** What the rep asks for, as text: the same again, while nobody knows what became of it, is the same request. */
  readonly content: string;
  readonly send: (requestKey: string) => Promise<Answer<T>>;
};

export type Submission<T> = {
  readonly busy: boolean;
  readonly failure: Failure | null;
  /** Resolves to what the service answered, or to null when it failed or a submission is still under way. */
  readonly submit: (sending: Sending<T>) => Promise<T | null>;
  readonly fail: (failure: Failure) => void;
};

export function useSubmit<T>(): Submission<T> {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const running = useRef(false);
  const keys = useRequestKeys();
  const submit = async ({ content, send }: Sending<T>) => {
    // State alone would let a double click through: both clicks see the render before.
    if (running.current) return null;
    running.current = true;
    setBusy(true);
    const answer = await send(keys.keyFor(content));
    running.current = false;
    setBusy(false);
    if (answer.outcome === 'ok' || !isUnconfirmed(answer)) keys.renew();
    setFailure(answer.outcome === 'ok' ? null : answer);
    return answer.outcome === 'ok' ? answer.value : null;
  };
  return { busy, failure, submit, fail: setFailure };
}
