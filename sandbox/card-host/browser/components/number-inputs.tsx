import type { CurrencyInputProps, NumberInputProps, StepperInputProps } from '@hubspot/ui-extensions';
import type { ReactNode } from 'react';
import { classes, hosted } from '../host/hosted.tsx';
import { Field } from './field.tsx';
import { IconShape } from './icon.tsx';
import { useTypedText } from './typed-text.ts';

type NumberProps = Omit<NumberInputProps, 'textAlign' | 'formatStyle'>;

/** Null for what is no number (yet). */
function parseNumber(text: string): number | null {
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? null : number;
}

function useNumber(props: NumberProps) {
  const { name, value, defaultValue, onChange, onInput, onBlur, onFocus, precision } = props;
  return useTypedText<number, number>({
    ...{ name, value, defaultValue, onChange, onInput, onBlur, onFocus },
    parse: parseNumber,
    format: (number) => (precision === undefined ? String(number) : number.toFixed(precision)),
  });
}

type NumberFieldProps = {
  readonly props: NumberProps;
  readonly typed: ReturnType<typeof useNumber>;
  readonly before?: ReactNode;
  readonly after?: ReactNode;
  readonly className?: string;
  readonly step?: number | undefined;
};

function NumberField({ props, typed, before, after, className, step }: NumberFieldProps) {
  const { min, max, precision, readOnly, placeholder } = props;
  return (
    <Field {...props}>
      {(attributes) => (
        <span className={classes('pch-affixed', className)}>
          {before}
          <input
            {...attributes}
            {...typed.control}
            className="pch-input"
            type="number"
            inputMode="decimal"
            step={step ?? (precision === undefined ? 'any' : 10 ** -precision)}
            {...{ min, max, readOnly, placeholder }}
          />
          {after}
        </span>
      )}
    </Field>
  );
}

function NumberInput({ textAlign = 'left', formatStyle = 'decimal', ...props }: NumberInputProps) {
  const typed = useNumber(props);
  const sign = formatStyle === 'percentage' ? <span className="pch-affix">%</span> : null;
  return <NumberField {...{ props, typed }} after={sign} className={`pch-number-${textAlign}`} />;
}

function CurrencyInput({ currency = 'USD', ...props }: CurrencyInputProps) {
  const { symbol, digits } = formatOf(currency);
  const precise = { ...props, precision: props.precision ?? digits };
  const typed = useNumber(precise);
  return <NumberField props={precise} typed={typed} before={<span className="pch-affix">{symbol}</span>} />;
}

function formatOf(currency: string): { symbol: string; digits: number } {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  const symbol = format.formatToParts(0).find(({ type }) => type === 'currency')?.value ?? currency;
  return { symbol, digits: format.resolvedOptions().maximumFractionDigits ?? 2 };
}

function StepperInput({
  stepSize = 1,
  minValueReachedTooltip,
  maxValueReachedTooltip,
  formatStyle: _,
  ...props
}: StepperInputProps) {
  const typed = useNumber(props);
  const { min = -Infinity, max = Infinity, label, readOnly } = props;
  const now = parseNumber(typed.text) ?? 0;
  const button = (by: number, words: { name: string; icon: string; tooltip: string | undefined }) => {
    const next = now + by;
    const outside = next < min || next > max;
    return (
      <button
        type="button"
        className="pch-stepper-button"
        aria-label={`${words.name} ${label}`}
        title={outside ? words.tooltip : undefined}
        disabled={outside || readOnly}
        onClick={() => {
          typed.type(String(next));
          void typed.commit(String(next));
        }}
      >
        <IconShape name={words.icon} />
      </button>
    );
  };
  return (
    <NumberField
      {...{ props, typed }}
      step={stepSize}
      className="pch-stepper"
      before={button(-stepSize, { name: 'Decrease', icon: 'subtract', tooltip: minValueReachedTooltip })}
      after={button(stepSize, { name: 'Increase', icon: 'add', tooltip: maxValueReachedTooltip })}
    />
  );
}

const formatStyle = ['decimal', 'percentage'] as const;

export const numberInputs = [
  hosted<NumberInputProps>('NumberInput', NumberInput, { formatStyle, textAlign: ['left', 'right'] }),
  hosted<CurrencyInputProps>('CurrencyInput', CurrencyInput),
  hosted<StepperInputProps>('StepperInput', StepperInput, { formatStyle }),
];
