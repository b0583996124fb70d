import type { DateInputProps, TimeInputProps } from '@hubspot/ui-extensions';
import { hosted } from '../host/hosted.tsx';
import { useSession } from '../host/session.ts';
import { Field } from './field.tsx';
import { useTypedText } from './typed-text.ts';

type BaseDate = NonNullable<DateInputProps['min']>;
type BaseTime = NonNullable<TimeInputProps['min']>;
type DatePayload = Parameters<NonNullable<DateInputProps['onChange']>>[0];

const two = (number: number): string => String(number).padStart(2, '0');

/** Months count from 0 in the card and from 1 in HTML. */
const toHtmlDate = ({ year, month, date }: BaseDate): string => `${year}-${two(month + 1)}-${two(date)}`;

function toBaseDate(text: string): BaseDate | null {
  const [year, month, date] = text.split('-').map(Number);
  return year && month && date ? { year, month: month - 1, date } : null;
}

const FORMATS: Record<NonNullable<DateInputProps['format']>, Intl.DateTimeFormatOptions | null> = {
  short: { year: 'numeric', month: '2-digit', day: '2-digit' },
  L: { year: 'numeric', month: '2-digit', day: '2-digit' },
  medium: { year: 'numeric', month: 'short', day: 'numeric' },
  ll: { year: 'numeric', month: 'short', day: 'numeric' },
  long: { year: 'numeric', month: 'long', day: 'numeric' },
  LL: { year: 'numeric', month: 'long', day: 'numeric' },
  standard: null,
  'YYYY-MM-DD': null,
};

function payloadOf(text: string, format: keyof typeof FORMATS): DatePayload | null {
  const base = toBaseDate(text);
  if (!base) return null;
  const options = FORMATS[format];
  const moment = new Date(Date.UTC(base.year, base.month, base.date));
  const formattedDate = options
    ? new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' }).format(moment)
    : toHtmlDate(base);
  return { ...base, formattedDate };
}

function DateInput(props: DateInputProps) {
  const {
    name,
    value,
    defaultValue,
    onChange,
    onBlur,
    onFocus,
    min,
    max,
    format = 'short',
    clearButtonLabel,
    todayButtonLabel,
  } = props;
  const { timezone } = useSession();
  const typed = useTypedText<BaseDate, DatePayload>({
    ...{ name, value, defaultValue, onBlur, onFocus },
    onChange,
    parse: (text) => payloadOf(text, format),
    format: toHtmlDate,
  });
  const set = (text: string): void => {
    typed.type(text);
    void typed.commit(text);
  };
  const today = (): string => {
    const timeZone = props.timezone === 'portalTz' ? timezone : undefined;
    return new Intl.DateTimeFormat('en-CA', timeZone ? { timeZone } : {}).format(new Date());
  };
  return (
    <Field {...props}>
      {(attributes) => (
        <span className="pch-date">
          <input
            {...attributes}
            {...typed.control}
            className="pch-input"
            type="date"
            readOnly={props.readOnly}
            min={min && toHtmlDate(min)}
            max={max && toHtmlDate(max)}
          />
          {todayButtonLabel ? <SmallButton label={todayButtonLabel} press={() => set(today())} /> : null}
          {clearButtonLabel ? <SmallButton label={clearButtonLabel} press={() => set('')} /> : null}
        </span>
      )}
    </Field>
  );
}

function SmallButton({ label, press }: { label: string; press: () => void }) {
  return (
    <button type="button" className="pch-button pch-button-transparent pch-button-xs" onClick={press}>
      {label}
    </button>
  );
}

const toHtmlTime = ({ hours, minutes }: BaseTime): string => `${two(hours)}:${two(minutes)}`;

function toBaseTime(text: string): BaseTime | null {
  const [hours, minutes] = text.split(':').map(Number);
  return text === '' || hours === undefined || minutes === undefined ? null : { hours, minutes };
}

function TimeInput(props: TimeInputProps) {
  const { name, value, defaultValue, onChange, onBlur, onFocus, min, max, interval = 30 } = props;
  const typed = useTypedText<BaseTime, BaseTime>({
    ...{ name, value, defaultValue, onChange, onBlur, onFocus },
    parse: toBaseTime,
    format: toHtmlTime,
  });
  return (
    <Field {...props}>
      {(attributes) => (
        <input
          {...attributes}
          {...typed.control}
          className="pch-input"
          type="time"
          step={interval * 60}
          readOnly={props.readOnly}
          min={min && toHtmlTime(min)}
          max={max && toHtmlTime(max)}
        />
      )}
    </Field>
  );
}

const timezone = ['userTz', 'portalTz'] as const;

export const dateInputs = [
  hosted<DateInputProps>('DateInput', DateInput, {
    timezone,
    format: ['YYYY-MM-DD', 'L', 'LL', 'll', 'short', 'long', 'medium', 'standard'],
  }),
  hosted<TimeInputProps>('TimeInput', TimeInput, { timezone }),
];
