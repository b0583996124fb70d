export type TimedAnswer = {
  /** The Date header of the answer. */
  readonly date: string | null;
  /** On our clock. */
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
};

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const SECOND_MS = 1_000;

/**
 * By how many whole seconds the other side's clock is ahead of ours; null when the answer does not say. A header names a
 * second, and the answer was made at some moment of the call: of all offsets that fit, the one nearest to none.
 */
export function clockOffset({ date, sentAtMs, receivedAtMs }: TimedAnswer): number | null {
  const saidMs = date !== null && HTTP_DATE.test(date) ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(saidMs)) return null;
  const least = saidMs - receivedAtMs;
  const below = saidMs + SECOND_MS - sentAtMs;
  if (least > 0) return Math.ceil(least / SECOND_MS) * SECOND_MS;
  return below > 0 ? 0 : (Math.ceil(below / SECOND_MS) - 1) * SECOND_MS;
}
