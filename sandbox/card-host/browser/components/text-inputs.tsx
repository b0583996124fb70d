import type { InputProps, SearchInputProps, TextAreaProps } from '@hubspot/ui-extensions';
import { hosted } from '../host/hosted.tsx';
import { Field } from './field.tsx';
import { IconShape } from './icon.tsx';
import { useTypedText } from './typed-text.ts';

const same = (text: string): string => text;

function useText(props: InputProps | TextAreaProps | SearchInputProps) {
  const { name, value, defaultValue, onChange, onInput, onBlur, onFocus } = props;
  return useTypedText<string, string>({
    ...{ name, value, defaultValue, onChange, onInput, onBlur, onFocus },
    parse: same,
    format: same,
  });
}

function Input(props: InputProps) {
  const { control } = useText(props);
  return (
    <Field {...props}>
      {(attributes) => (
        <input
          {...attributes}
          {...control}
          className="pch-input"
          type={props.type ?? 'text'}
          readOnly={props.readOnly}
          placeholder={props.placeholder}
        />
      )}
    </Field>
  );
}

function TextArea(props: TextAreaProps) {
  const { control } = useText(props);
  return (
    <Field {...props}>
      {(attributes) => (
        <textarea
          {...attributes}
          {...control}
          className="pch-input"
          rows={props.rows ?? 3}
          cols={props.cols}
          maxLength={props.maxLength}
          readOnly={props.readOnly}
          placeholder={props.placeholder}
          style={{ resize: props.resize ?? 'both' }}
        />
      )}
    </Field>
  );
}

function SearchInput(props: SearchInputProps) {
  const { control, text, type, commit } = useText(props);
  const clear = (): void => {
    type('');
    void commit('');
  };
  return (
    <Field {...props}>
      {(attributes) => (
        <span className="pch-search">
          <IconShape name="search" className="pch-search-mark" />
          <input
            {...attributes}
            {...control}
            className="pch-input"
            type="search"
            readOnly={props.readOnly}
            placeholder={props.placeholder ?? 'Search'}
          />
          {(props.clearable ?? true) && text !== '' ? (
            <button type="button" className="pch-clear" aria-label="Clear the search" onClick={clear}>
              <IconShape name="remove" />
            </button>
          ) : null}
        </span>
      )}
    </Field>
  );
}

const resize = ['vertical', 'horizontal', 'both', 'none'] as const;

export const textInputs = [
  hosted<InputProps>('Input', Input, { type: ['text', 'password'] }),
  hosted<TextAreaProps>('TextArea', TextArea, { resize }),
  hosted<TextAreaProps>('Textarea', TextArea, { resize }),
  hosted<SearchInputProps>('SearchInput', SearchInput),
];
