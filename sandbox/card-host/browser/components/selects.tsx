import type { MultiSelectProps, SelectProps } from '@hubspot/ui-extensions';
import { useEffect, useId, useRef, useState } from 'react';
import { classes, hosted } from '../host/hosted.tsx';
import { useCall } from '../host/session.ts';
import { Field } from './field.tsx';
import { useFormField } from './form.tsx';
import { IconShape } from './icon.tsx';

type Value = NonNullable<SelectProps['value']>;

/** HTML knows only text; positions keep numbers and booleans what they are. */
function Select(props: SelectProps) {
  const { name, value, options = [], onChange, placeholder = 'Select an option', variant = 'input', readOnly } = props;
  const [chosen, setChosen] = useState(value);
  const call = useCall();
  useEffect(() => setChosen(value), [value]);
  useFormField({ name, value: () => chosen, commit: () => Promise.resolve() });
  const position = options.findIndex((option) => option.value === chosen);
  const choose = (next: number): void => {
    const option = options[next];
    if (!option) return;
    setChosen(option.value);
    void call(onChange, option.value);
  };
  return (
    <Field {...props}>
      {(attributes) => (
        <span className="pch-select-frame">
          <select
            {...attributes}
            name={name}
            className={classes('pch-input', 'pch-select', variant === 'transparent' && 'pch-select-transparent')}
            value={position}
            disabled={readOnly}
            aria-label={props.label ? undefined : placeholder}
            onChange={({ target }) => choose(Number(target.value))}
          >
            {position < 0 ? (
              <option value={-1} disabled>
                {placeholder}
              </option>
            ) : null}
            {options.map(({ label }, index) => (
              <option key={index} value={index}>
                {label}
              </option>
            ))}
          </select>
          <IconShape name="downCarat" className="pch-select-mark" />
        </span>
      )}
    </Field>
  );
}

function MultiSelect(props: MultiSelectProps) {
  const {
    name,
    value = [],
    options = [],
    onChange,
    placeholder = 'Select options',
    variant = 'input',
    readOnly,
  } = props;
  const [chosen, setChosen] = useState<readonly Value[]>(value);
  const [open, setOpen] = useState(false);
  const call = useCall();
  const listId = useId();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => setChosen(value), [JSON.stringify(value)]);
  useFormField({ name, value: () => chosen, commit: () => Promise.resolve() });
  const toggle = (option: Value): void => {
    const next = chosen.includes(option) ? chosen.filter((other) => other !== option) : [...chosen, option];
    setChosen(next);
    void call(onChange, next);
  };
  const words = options.filter((option) => chosen.includes(option.value)).map(({ label }) => label);
  return (
    <Field {...props}>
      {(attributes) => (
        <div
          ref={frame}
          className="pch-select-frame"
          onBlur={({ relatedTarget }) => {
            if (!frame.current?.contains(relatedTarget)) setOpen(false);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || !open) return;
            event.stopPropagation();
            setOpen(false);
            frame.current?.querySelector('button')?.focus();
          }}
        >
          <button
            id={attributes.id}
            aria-describedby={attributes['aria-describedby']}
            type="button"
            className={classes('pch-input', 'pch-select', variant === 'transparent' && 'pch-select-transparent')}
            aria-expanded={open}
            aria-controls={listId}
            aria-label={[props.label, words.join(', ') || placeholder].filter(Boolean).join(': ')}
            disabled={readOnly}
            onClick={() => setOpen(!open)}
          >
            {words.join(', ') || placeholder}
          </button>
          <IconShape name="downCarat" className="pch-select-mark" />
          <div id={listId} className="pch-options" role="group" aria-label={props.label ?? placeholder} hidden={!open}>
            {options.map(({ label, value: option }) => (
              <label key={String(option)} className="pch-check">
                <input type="checkbox" checked={chosen.includes(option)} onChange={() => toggle(option)} />
                {label}
              </label>
            ))}
          </div>
        </div>
      )}
    </Field>
  );
}

const variant = ['transparent', 'input'] as const;

export const selects = [
  hosted<SelectProps>('Select', Select, { variant }),
  hosted<MultiSelectProps>('MultiSelect', MultiSelect, { variant }),
];
