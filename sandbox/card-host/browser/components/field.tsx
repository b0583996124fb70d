import { useId } from 'react';
import type { ReactNode } from 'react';
import { classes } from '../host/hosted.tsx';

/** What every input has around it. */
export type FieldProps = {
  readonly label?: string | undefined;
  readonly required?: boolean | undefined;
  readonly description?: string | undefined;
  readonly tooltip?: string | undefined;
  readonly error?: boolean | undefined;
  readonly validationMessage?: string | undefined;
  readonly testId?: string | undefined;
};

export type ControlAttributes = {
  readonly id: string;
  readonly 'aria-required': true | undefined;
  readonly 'aria-invalid': true | undefined;
  readonly 'aria-describedby': string | undefined;
};

type FieldInput = FieldProps & { readonly children: (control: ControlAttributes) => ReactNode };

/** A label above a control, and below it what the field is for and what is wrong with it. */
export function Field({ children, ...field }: FieldInput) {
  const id = useId();
  const { required, description, error, validationMessage, testId } = field;
  const described = [description && `${id}-description`, validationMessage && `${id}-message`]
    .filter(Boolean)
    .join(' ');
  return (
    <div className={classes('pch-field', error && 'pch-field-wrong')} data-test-id={testId}>
      <FieldLabel {...field} htmlFor={id} />
      {children({
        id,
        'aria-required': required || undefined,
        'aria-invalid': error || undefined,
        'aria-describedby': described || undefined,
      })}
      <FieldNotes {...field} id={id} />
    </div>
  );
}

/** The same around several controls that belong together. */
export function FieldGroup({ children, ...field }: FieldProps & { readonly children: ReactNode }) {
  const id = useId();
  return (
    <fieldset className={classes('pch-field', field.error && 'pch-field-wrong')} data-test-id={field.testId}>
      <legend>
        <FieldLabel {...field} />
      </legend>
      {children}
      <FieldNotes {...field} id={id} />
    </fieldset>
  );
}

function FieldLabel({ label, required, tooltip, htmlFor }: FieldProps & { htmlFor?: string }) {
  const tipId = useId();
  if (!label) return null;
  const Element = htmlFor ? 'label' : 'span';
  return (
    <span className="pch-label">
      <Element {...(htmlFor ? { htmlFor } : {})}>
        {label}
        {required ? (
          <span className="pch-required" aria-hidden="true">
            {' *'}
          </span>
        ) : null}
      </Element>
      {tooltip ? (
        <span className="pch-anchor pch-has-tooltip">
          <button type="button" className="pch-help" aria-label={`About ${label}`} aria-describedby={tipId}>
            ?
          </button>
          <span className="pch-tooltip pch-tooltip-top" role="tooltip" id={tipId}>
            {tooltip}
          </span>
        </span>
      ) : null}
    </span>
  );
}

function FieldNotes({ description, error, validationMessage, id }: FieldProps & { id: string }) {
  return (
    <>
      {description ? (
        <span className="pch-text-microcopy" id={`${id}-description`}>
          {description}
        </span>
      ) : null}
      <span className="pch-validation" id={`${id}-message`} role={error ? 'alert' : undefined}>
        {validationMessage}
      </span>
    </>
  );
}
