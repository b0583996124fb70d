import { ServiceRefused, ServiceUnreachable } from '../service-api.ts';
import type { Bench } from '../workbench.ts';

/** What a form sent, as text. */
export type Given = Readonly<Record<string, string>>;

export interface Done {
  /** one plain sentence for the person who pressed the button */
  message: string;
  /** whom the page should show next */
  choose?: string;
}

/** Makes something happen, or throws `Refused`. */
export type Action = (bench: Bench, given: Given) => Promise<Done> | Done;

/** The request cannot be carried out as it stands; each field says why. */
export class Refused extends Error {
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;

  constructor(message: string, fields: Readonly<Record<string, string>> = {}, status = 422) {
    super(message || 'Please look at the marked field.');
    this.fields = fields;
    this.status = status;
  }
}

/** A field that must not be empty. */
export function required(given: Given, name: string, ask: string): string {
  const value = given[name]?.trim() ?? '';
  if (value === '') throw new Refused('Something is missing.', { [name]: ask });
  return value;
}

/** The service's refusal in the words of this form; `names` maps its fields to ours. */
export function refusedBy(error: unknown, names: Readonly<Record<string, string>> = {}): Refused {
  if (error instanceof Refused) return error;
  if (error instanceof ServiceUnreachable)
    return new Refused('Passalong does not answer. Try again in a moment.', {}, 503);
  if (!(error instanceof ServiceRefused)) throw error;
  const fields = Object.fromEntries(
    error.fields.flatMap(({ path, message }) => {
      const name = names[path.replace(/^body\./, '')];
      return name === undefined ? [] : [[name, message]];
    }),
  );
  const advice = Object.keys(fields).length === 0 && error.remedy ? ` ${error.remedy}` : '';
  return new Refused(`${error.message}${advice}`, fields, error.status >= 500 ? 503 : 422);
}
