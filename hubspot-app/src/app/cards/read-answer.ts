import type { CardRefusal } from '@passalong/shared/card-view';
import { REFUSAL_WORDS } from './refusal-words.ts';
import type { RefusalWords, Words } from './refusal-words.ts';

export type FieldProblem = { readonly field: string; readonly message: string };

/**
 * Why there is no answer. `unavailable` may pass by itself, so typed text is kept and trying again makes sense;
 * `outdated` is an answer this card cannot read: card and service are of different versions.
 */
export type Failure = {
  readonly outcome: 'forbidden' | 'not_found' | 'invalid' | 'refused' | 'unavailable' | 'outdated';
  readonly message: string;
  readonly remedy: string;
  readonly requestId: string | null;
  readonly fields: readonly FieldProblem[];
};
export type Answer<T> = { readonly outcome: 'ok'; readonly value: T } | Failure;

type Json = Readonly<Record<string, unknown>>;
/** What may be missing of a refusal, since other versions and proxies answer too. */
type LooseRefusal = Partial<Record<keyof CardRefusal, unknown>>;
type Said = { readonly status: number; readonly body: unknown };

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? value : otherwise;

export const UNREACHABLE: Failure = {
  outcome: 'unavailable',
  message: 'Passalong is not reachable right now.',
  remedy: 'Try again in a moment.',
  requestId: null,
  fields: [],
};
const BUSY = { message: 'HubSpot is passing on many requests at once.', remedy: 'Wait a few seconds, then try again.' };
const DEFAULTS = {
  forbidden: {
    message: 'Passalong shows nothing on this record.',
    remedy: 'Ask an admin to check that Passalong is connected to this account.',
  },
  not_found: {
    message: 'Passalong could not find this record.',
    remedy: 'Reload the page. If it was just merged or deleted, open the record that is left.',
  },
  invalid: {
    message: 'Something in the form needs another look.',
    remedy: 'Correct what is marked or named here, then send again.',
  },
  refused: { message: 'Passalong did not accept this.', remedy: 'Reload the page and try again.' },
  unavailable: { message: UNREACHABLE.message, remedy: UNREACHABLE.remedy },
  outdated: {
    message: 'This card and the Passalong service are of different versions.',
    remedy: 'Reload the page. If this stays, ask an admin to upload the current version of the app.',
  },
} as const;

/** What the service said, taken out of the envelope HubSpot's proxy may put around it. */
function unwrap(status: number, body: unknown): Said {
  if (!isObject(body) || !isObject(body.context)) return { status, body };
  const code = body.context.appServerStatusCode;
  const own = Number(Array.isArray(code) ? code[0] : code);
  const hasOwn = code !== undefined && Number.isInteger(own) && own >= 100;
  return { status: hasOwn ? own : status, body: parseText(body.responseBody) };
}

function parseText(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function outcomeOf(status: number, code: string): Failure['outcome'] {
  // The first try may still succeed: nobody can say yet that it did not.
  if (code === 'idempotency_key_busy') return 'unavailable';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 422) return 'invalid';
  if (status === 408 || status === 429 || status >= 500) return 'unavailable';
  return status >= 400 ? 'refused' : 'outdated';
}

function fieldsOf(refusal: LooseRefusal): FieldProblem[] {
  const fields: unknown[] = Array.isArray(refusal.fields) ? refusal.fields : [];
  return fields.filter(isObject).map((entry) => ({
    // "body.email" and "email" name the same input.
    field: text(entry.path, '').split('.').at(-1) ?? '',
    message: text(entry.message, 'Please check this field.'),
  }));
}

const PER_FIELD = 'request_invalid';

function wordsFor(code: string, special: RefusalWords): Words | null {
  const words = { ...REFUSAL_WORDS, ...special };
  return Object.hasOwn(words, code) ? (words[code] ?? null) : null;
}

/** Of a code the card does not know, only the sentence is the service's: its remedies are for developers. */
function neutralWords(said: Said, refusal: LooseRefusal, outcome: Failure['outcome']): Words {
  const words = said.status === 429 ? BUSY : DEFAULTS[outcome];
  // With problems at their inputs the fields say it.
  const byFields = fieldsOf(refusal).length > 0;
  return { message: byFields ? words.message : text(refusal.message, words.message), remedy: words.remedy };
}

function failureOf(said: Said, special: RefusalWords): Failure {
  const refusal: LooseRefusal = isObject(said.body) && isObject(said.body.error) ? said.body.error : {};
  const code = text(refusal.code, '');
  const outcome = outcomeOf(said.status, code);
  const known = wordsFor(code, special);
  const { message, remedy } = known ?? neutralWords(said, refusal, outcome);
  const fields = fieldsOf(refusal);
  return {
    outcome,
    message,
    remedy,
    requestId: typeof refusal.requestId === 'string' ? refusal.requestId : null,
    fields: known && code !== PER_FIELD ? fields.map(({ field }) => ({ field, message })) : fields,
  };
}

/** Whether it was done all the same cannot be told; after any other refusal it is certain that it was not. */
export function isUnconfirmed({ outcome }: Pick<Failure, 'outcome'>): boolean {
  return outcome === 'unavailable' || outcome === 'outdated';
}

export type AnswerInput<T> = Said & {
  readonly isValue: (body: unknown) => body is T;
  /** Words of this card, before those all cards share. */
  readonly words?: RefusalWords;
};

export function readAnswer<T>({ status, body, isValue, words = {} }: AnswerInput<T>): Answer<T> {
  const said = unwrap(status, body);
  if (said.status < 200 || said.status > 299) return failureOf(said, words);
  return isValue(said.body) ? { outcome: 'ok', value: said.body } : failureOf({ status: 0, body: null }, words);
}
