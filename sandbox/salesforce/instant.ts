/** Salesforce prints instants as `2026-11-02T09:00:00.000+0000`; equal instants are equal texts and later ones sort later. */
export const dateTimeText = (atMs: number): string => new Date(atMs).toISOString().replace('Z', '+0000');

export const wholeSecondText = (atMs: number): string => dateTimeText(Math.floor(atMs / 1000) * 1000);

export const dateText = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d)$/i;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** Milliseconds of an instant with its zone, or null where the text is none. */
export function readDateTime(text: string): number | null {
  if (!DATE_TIME.test(text)) return null;
  const atMs = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(atMs) ? null : atMs;
}

/** The date itself, or null where the text is none. */
export function readDate(text: string): string | null {
  if (!DATE.test(text)) return null;
  const atMs = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(atMs) || dateText(atMs) !== text ? null : text;
}
