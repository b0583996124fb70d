import { toCursor, type Page, type PageInput } from '../db/page.ts';
import { RequestInvalid } from './http-errors.ts';

type Fits = (part: string) => boolean;

const PARTS: Readonly<Record<CursorKind, readonly Fits[]>> = {
  // A time to the microsecond, as the database writes it, and an id.
  newest: [isTime, (part) => /^[\w~.-]{1,200}$/.test(part)],
  sequence: [(part) => /^\d{1,18}$/.test(part)],
};

/** Only what PostgreSQL takes: a date written back is another one where the calendar has no such day; it knows no year 0. */
function isTime(part: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(part) || part.startsWith('0000')) return false;
  const toTheMs = part.slice(0, -4);
  const at = new Date(`${toTheMs}Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString() === `${toTheMs}Z`;
}

/** How a list is ordered: by time and id, or by a number that only grows. */
export type CursorKind = 'newest' | 'sequence';

/** Reads the page controls of a list; a cursor that is not ours is refused like any other field. */
export function readPage(query: { limit: number; cursor?: string | undefined }, kind: CursorKind): PageInput {
  return { limit: query.limit, after: query.cursor === undefined ? null : decode(query.cursor, kind) };
}

/** A page as lists answer it. */
export function pageAnswer<T>(page: Page<T>): { items: T[]; nextCursor: string | null } {
  return { items: [...page.items], nextCursor: toCursor(page.next) };
}

function decode(cursor: string, kind: CursorKind): readonly string[] {
  const parts = parse(cursor);
  const shapes = PARTS[kind];
  const isOurs = parts.length === shapes.length && shapes.every((fits, index) => fits(parts[index] ?? ''));
  if (isOurs) return parts;
  throw new RequestInvalid([{ path: 'query.cursor', message: 'Must be the nextCursor of this very list.' }]);
}

function parse(cursor: string): readonly string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parts) && parts.every((part) => typeof part === 'string') ? parts : [];
  } catch {
    return [];
  }
}
