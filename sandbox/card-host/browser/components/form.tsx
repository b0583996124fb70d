import type { FormProps } from '@hubspot/ui-extensions';
import { createContext, useContext, useEffect, useRef } from 'react';
import type { FormEvent } from 'react';
import { hosted, testAttribute } from '../host/hosted.tsx';
import { extensionEvent, useCall, useReactions } from '../host/session.ts';

/** What a form asks of its fields. */
export type FormField = {
  readonly name: string | undefined;
  /** What goes into the event; undefined is left out. */
  readonly value: () => unknown;
  /** Hands a value that is still being typed to the card. */
  readonly commit: () => Promise<void>;
};

const FieldsOfForm = createContext<Set<{ current: FormField }> | null>(null);

export function useFormField(field: FormField): void {
  const fields = useContext(FieldsOfForm);
  const latest = useRef(field);
  latest.current = field;
  useEffect(() => {
    fields?.add(latest);
    return () => void fields?.delete(latest);
  }, [fields]);
}

function Form({ children, onSubmit, autoComplete = 'on', testId }: FormProps) {
  const fields = useRef(new Set<{ current: FormField }>());
  const latest = useRef(onSubmit);
  latest.current = onSubmit;
  const call = useCall();
  const reactions = useReactions();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const given = [...fields.current].map(({ current }) => current);
    await Promise.all(given.map(({ commit }) => commit()));
    const targetValue = Object.fromEntries(
      given.map(({ name, value }) => [name, value()]).filter(([name, value]) => name && value !== undefined),
    ) as Record<string, unknown>;
    await call(latest.current, { ...extensionEvent('submit'), targetValue }, reactions);
  };
  return (
    <FieldsOfForm.Provider value={fields.current}>
      <form
        className="pch-form"
        // `required` only marks a field; whether it is filled is the card's to say.
        noValidate
        autoComplete={autoComplete}
        onSubmit={(event) => void submit(event)}
        {...testAttribute({ testId })}
      >
        {children}
      </form>
    </FieldsOfForm.Provider>
  );
}

export const forms = [hosted<FormProps>('Form', Form, { autoComplete: ['off', 'on'] })];
