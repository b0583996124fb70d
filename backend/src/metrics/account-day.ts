import { crmInstantMs } from './crm-values.ts';

const DAY_MS = 86_400_000;
const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;
const EPOCH_MS = /^-?\d{1,15}$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** By zone: making one costs a hundred times what using it does. There are some 600 zones, and no other gets in. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();

/**
 * The day, `2026-11-03`, on which something was by the account's calendar: an instant is on the day it is in the account's
 * time zone (SG-12); a date without a time stays that date, in whichever of the ways a CRM writes one (E20): `2026-11-03`,
 * or epoch milliseconds that are midnight UTC. Null when the text is neither. A zone nobody knows counts as UTC.
 */
export function accountDay(value: string, timeZone: string | null): string | null {
  const text = value.trim();
  const ms = crmInstantMs(text);
  if (ms === null) return null;
  const isDate = DATE_ONLY.test(text) || (EPOCH_MS.test(text) && ms % DAY_MS === 0);
  return dayIn(isDate ? 'UTC' : timeZone, ms);
}

/** The same for people: `3 Nov 2026`; the text itself when it is no time. */
export function accountDayText(value: string, timeZone: string | null): string {
  const day = accountDay(value, timeZone);
  if (day === null) return value;
  const [year = '', month = '', date = ''] = day.split('-');
  return `${date.replace(/^0/, '')} ${MONTHS[Number(month) - 1] ?? ''} ${year}`;
}

function dayIn(timeZone: string | null, ms: number): string {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.get('year') ?? ''}-${parts.get('month') ?? ''}-${parts.get('day') ?? ''}`;
}

function formatOf(timeZone: string | null): Intl.DateTimeFormat {
  const zone = timeZone ?? 'UTC';
  const known = FORMATS.get(zone);
  if (known) return known;
  const made = makeFormat(zone);
  if (made === null) return formatOf('UTC');
  FORMATS.set(zone, made);
  return made;
}

/** Null when the runtime has no such zone. */
function makeFormat(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
  } catch {
    return null;
  }
}
