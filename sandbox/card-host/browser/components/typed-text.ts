import { useEffect, useRef, useState } from 'react';
import type { FocusEvent } from 'react';
import { useCall } from '../host/session.ts';
import { useFormField } from './form.tsx';

export type TypedTextInput<Value, Given> = {
  readonly name: string | undefined;
  readonly value: Value | null | undefined;
  readonly defaultValue: Value | null | undefined;
  /** Null: the text is no value yet; the card hears nothing. */
  readonly parse: (text: string) => Given | null;
  readonly format: (value: Value) => string;
  readonly onChange?: ((value: Given) => void) | undefined;
  readonly onInput?: ((value: Given) => void) | undefined;
  readonly onBlur?: ((value: Given) => void) | undefined;
  readonly onFocus?: ((value: Given) => void) | undefined;
};

/**
 * The text of an input. The card lives on another thread, so its answer to a key comes late: the text is kept here, the
 * card hears `onInput` with every key and `onChange` when the value is committed, and an answer that a newer key has
 * overtaken changes nothing.
 */
export function useTypedText<Value, Given>(input: TypedTextInput<Value, Given>) {
  const { name, value, defaultValue, parse, format } = input;
  const textOf = (given: Value | null | undefined): string =>
    given === null || given === undefined ? '' : format(given);
  const [text, setText] = useState(() => textOf(value ?? defaultValue));
  const committed = useRef(text);
  const sent = useRef<string[]>([]);
  const call = useCall();

  const answer = value === undefined ? undefined : textOf(value);
  useEffect(() => {
    if (answer === undefined) return;
    const known = sent.current.indexOf(answer);
    sent.current = known < 0 ? [] : sent.current.slice(known + 1);
    if (sent.current.length > 0) return;
    committed.current = answer;
    setText(answer);
  }, [answer]);

  const tell = async (handler: ((value: Given) => void) | undefined, now: string): Promise<void> => {
    const parsed = parse(now);
    if (handler && parsed !== null) await call(handler, parsed);
  };
  const commit = async (now = text): Promise<void> => {
    if (now === committed.current) return;
    committed.current = now;
    if (input.onChange) sent.current.push(now);
    await tell(input.onChange, now);
  };
  const type = (now: string): void => {
    setText(now);
    if (input.onInput) sent.current.push(now);
    void tell(input.onInput, now);
  };
  useFormField({ name, value: () => parse(text) ?? undefined, commit: () => commit() });

  return {
    text,
    type,
    commit,
    control: {
      name,
      value: text,
      onChange: ({ target }: { target: { value: string } }) => type(target.value),
      onFocus: () => void tell(input.onFocus, text),
      onBlur: (_event: FocusEvent) => {
        void commit();
        void tell(input.onBlur, text);
      },
    },
  };
}
