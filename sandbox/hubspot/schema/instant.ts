/** Milliseconds since 1970, a date, or an ISO 8601 instant with its zone; nothing looser. */
export function instantOf(given: string): number | null {
  if (/^-?\d+$/.test(given)) {
    const atMs = Number(given);
    return Math.abs(atMs) <= 8.64e15 ? atMs : null;
  }
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/.test(given)) return null;
  const atMs = Date.parse(given);
  if (Number.isNaN(atMs)) return null;
  // Date.parse takes 2026-02-30 for 2 March.
  const day = given.slice(0, 10);
  return new Date(Date.parse(`${day}T00:00:00Z`)).toISOString().startsWith(day) ? atMs : null;
}
