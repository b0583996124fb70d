import type { PageSettings } from '../../../../shared/page-settings.ts';
import { isEmail } from '../../referrals/email.ts';

/** One thing people are asked for. */
export type FormField = {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'email' | 'tel' | 'choice';
  readonly required: boolean;
  readonly maxLength: number;
  /** What browsers fill in by themselves. */
  readonly autocomplete?: string;
  readonly options?: readonly string[];
};

export type FieldProblem = {
  readonly name: string;
  readonly message: string;
  /** The question, where the message alone does not say which one is meant. */
  readonly about?: string;
};
export type FormValues = ReadonlyMap<string, string>;

/** What the API takes, too. */
const NAME_LENGTH = 120;
const EMAIL_LENGTH = 254;
const PHONE_LENGTH = 40;
const ANSWER_LENGTH = 1000;

const FIRST_NAME: FormField = {
  name: 'firstName',
  label: 'First name',
  type: 'text',
  required: true,
  maxLength: NAME_LENGTH,
  autocomplete: 'given-name',
};
const LAST_NAME: FormField = {
  name: 'lastName',
  label: 'Last name',
  type: 'text',
  required: false,
  maxLength: NAME_LENGTH,
  autocomplete: 'family-name',
};
const EMAIL: FormField = {
  name: 'email',
  label: 'Email',
  type: 'email',
  required: true,
  maxLength: EMAIL_LENGTH,
  autocomplete: 'email',
};
/** Also for what only the use case refuses. */
export const MALFORMED_EMAIL: FieldProblem = {
  name: EMAIL.name,
  message: 'Enter an email address such as dana@example.com.',
};

const PHONE: FormField = {
  name: 'phone',
  label: 'Phone',
  type: 'tel',
  required: false,
  maxLength: PHONE_LENGTH,
  autocomplete: 'tel',
};

export const JOIN_FIELDS: readonly FormField[] = [FIRST_NAME, LAST_NAME, EMAIL];

export function signUpFields({ questions }: Pick<PageSettings, 'questions'>): readonly FormField[] {
  const asked = questions.map(({ key, label, required, options }): FormField => ({
    name: answerName(key),
    label,
    required,
    maxLength: ANSWER_LENGTH,
    ...(options.length > 0 ? { type: 'choice', options } : { type: 'text' }),
  }));
  return [FIRST_NAME, LAST_NAME, EMAIL, PHONE, ...asked];
}

export function answerName(key: string): string {
  return `answer.${key}`;
}

/** What was typed: trimmed, and without control characters, which no database stores and nobody meant. */
export function readValues(fields: readonly FormField[], submitted: URLSearchParams): FormValues {
  return new Map(fields.map(({ name }) => [name, (submitted.get(name) ?? '').replace(/\p{Cc}+/gu, ' ').trim()]));
}

export function problemsOf(fields: readonly FormField[], values: FormValues): FieldProblem[] {
  return fields.flatMap((field) => problemOf(field, values.get(field.name) ?? ''));
}

function problemOf(field: FormField, value: string): FieldProblem[] {
  const { label, maxLength, name, options, required, type } = field;
  const says = (message: string): FieldProblem[] => [{ name, message }];
  const saysAbout = (message: string): FieldProblem[] => [{ name, message, about: label }];
  if (value === '') {
    if (!required) return [];
    if (name === FIRST_NAME.name) return says('Enter your first name.');
    if (name === EMAIL.name) return says('Enter your email address.');
    return saysAbout(type === 'choice' ? 'Choose an answer.' : 'Write an answer.');
  }
  if (value.length > maxLength) return saysAbout(`Write at most ${maxLength} characters.`);
  if (type === 'email' && !isEmail(value)) return [MALFORMED_EMAIL];
  if (type === 'choice' && !options?.includes(value)) return saysAbout('Choose one of the answers.');
  return [];
}
