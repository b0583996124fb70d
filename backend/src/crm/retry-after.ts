const DAY_MS = 86_400_000;

/**
 * Milliseconds to wait by a Retry-After header: seconds or an HTTP date, at most a day.
 * Null when the header is absent, unreadable or names no time to wait.
 */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const trimmed = header.trim();
  const waitMs = /^\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) * 1_000 : Date.parse(trimmed) - nowMs;
  if (Number.isNaN(waitMs) || waitMs <= 0) return null;
  return Math.min(Math.ceil(waitMs), DAY_MS);
}
