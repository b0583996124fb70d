import type { CheckboxProps, RadioButtonProps, ToggleGroupProps, ToggleProps } from '@hubspot/ui-extensions';
import { useEffect, useId, useState } from 'react';
import { classes, hosted, testAttribute } from '../host/hosted.tsx';
import { useCall } from '../host/session.ts';
import { FieldGroup } from './field.tsx';
import { useFormField } from './form.tsx';

const settled = (): Promise<void> => Promise.resolve();

/** Checked or not: the card's word if it gives one, else what was clicked. */
function useChecked(checked: boolean | undefined, initial = false) {
  const [on, setOn] = useState(checked ?? initial);
  useEffect(() => {
    if (checked !== undefined) setOn(checked);
  }, [checked]);
  return [on, setOn] as const;
}

type TickProps = CheckboxProps & { readonly kind: 'checkbox' | 'radio' };

function Tick({ kind, ...props }: TickProps) {
  const {
    value = '',
    checked,
    readonly,
    readOnly = readonly,
    description,
    name,
    onChange,
    children,
    inline,
    testId,
  } = props;
  const [on, setOn] = useChecked(checked, props.initialIsChecked);
  const call = useCall();
  const id = useId();
  const small = props.size === 'sm' || props.size === 'small' || props.variant === 'small';
  useFormField({ name, value: () => (on ? value || true : undefined), commit: settled });
  return (
    <div
      className={classes('pch-tick', inline && 'pch-tick-inline', small && 'pch-tick-small')}
      {...testAttribute({ testId })}
    >
      <label className="pch-check">
        <input
          type={kind}
          name={name}
          value={value}
          checked={on}
          disabled={readOnly}
          aria-label={props['aria-label']}
          aria-describedby={description ? id : undefined}
          onChange={({ target }) => {
            setOn(target.checked);
            void call(onChange, target.checked, value);
          }}
        />
        <span>{children}</span>
      </label>
      {description ? (
        <span className="pch-text-microcopy" id={id}>
          {description}
        </span>
      ) : null}
    </div>
  );
}

function Toggle(props: ToggleProps) {
  const {
    checked,
    readonly,
    readOnly = readonly,
    name,
    size = 'md',
    onChange,
    label,
    labelDisplay = 'inline',
    testId,
  } = props;
  const [on, setOn] = useChecked(checked, props.initialIsChecked);
  const call = useCall();
  const id = useId();
  const large = size === 'md' || size === 'medium' || size === 'default';
  useFormField({ name, value: () => String(on), commit: settled });
  return (
    <div className={`pch-toggle pch-toggle-${labelDisplay}`} {...testAttribute({ testId })}>
      <span id={id} className={classes(labelDisplay === 'hidden' && 'pch-sr')}>
        {label}
      </span>
      <button
        type="button"
        role="switch"
        className={classes('pch-switch', large && 'pch-switch-large')}
        aria-checked={on}
        aria-labelledby={id}
        disabled={readOnly}
        onClick={() => {
          setOn(!on);
          void call(onChange, !on);
        }}
      >
        <span aria-hidden="true">
          {large ? (on ? (props.textChecked ?? 'ON') : (props.textUnchecked ?? 'OFF')) : null}
        </span>
      </button>
    </div>
  );
}

type GroupValue = readonly string[];

function ToggleGroup(props: ToggleGroupProps) {
  const { toggleType = 'checkboxList', name, options = [], inline, value, onChange } = props;
  const many = toggleType === 'checkboxList';
  const given = value === undefined ? undefined : [value].flat();
  const initial = options.filter(({ initialIsChecked }) => initialIsChecked).map((option) => option.value);
  const [chosen, setChosen] = useState<GroupValue>(given ?? initial);
  const call = useCall();
  const radioName = useId();
  useEffect(() => {
    if (given) setChosen(given);
  }, [JSON.stringify(given)]);
  useFormField({ name, value: () => (many ? chosen : chosen[0]), commit: settled });
  const choose = (option: string, on: boolean): void => {
    const next = !many ? [option] : on ? [...chosen, option] : chosen.filter((other) => other !== option);
    setChosen(next);
    void call(onChange, many ? next : option);
  };
  return (
    <FieldGroup {...props}>
      <div className={classes('pch-toggle-list', inline && 'pch-toggle-list-inline')}>
        {options.map(({ label, value: option, readonly, readOnly = readonly, description }) => (
          <div key={option} className="pch-tick">
            <label className="pch-check">
              <input
                type={many ? 'checkbox' : 'radio'}
                name={many ? name : radioName}
                value={option}
                checked={chosen.includes(option)}
                disabled={readOnly}
                onChange={({ target }) => choose(option, target.checked)}
              />
              <span>{label}</span>
            </label>
            {description ? <span className="pch-text-microcopy">{description}</span> : null}
          </div>
        ))}
      </div>
    </FieldGroup>
  );
}

const size = ['sm', 'small', 'md', 'medium', 'default'] as const;
const variant = ['default', 'small'] as const;

export const toggles = [
  hosted<CheckboxProps>('Checkbox', (props) => <Tick {...props} kind="checkbox" />, { size, variant }),
  hosted<RadioButtonProps>('RadioButton', (props) => <Tick {...props} kind="radio" />, { size, variant }),
  hosted<ToggleProps>('Toggle', Toggle, {
    size: ['xs', 'extra-small', ...size],
    labelDisplay: ['inline', 'top', 'hidden'],
  }),
  hosted<ToggleGroupProps>('ToggleGroup', ToggleGroup, {
    toggleType: ['checkboxList', 'radioButtonList'],
    size,
    variant,
  }),
];
