const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 6 * 3_600_000;
/** After this many tries an item waits for a person: about 14 hours of trying. */
export const MAX_ATTEMPTS = 12;

/**
 * When an item that failed by its own fault is tried again: 30 s, doubled each time, at most 6 h.
 * @param attempts tries so far, this one included.
 * @returns null when it is set aside for a person.
 */
export function nextRetryAt(now: Date, attempts: number): Date | null {
  if (attempts >= MAX_ATTEMPTS) return null;
  return new Date(now.getTime() + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempts - 1)));
}
