import type { CardMoney } from '@passalong/shared/card-view';

export type FormatsInput = { readonly locale: string | undefined; readonly timeZone: string };

const MINUTE_MS = 60_000;
const UNITS = [
  { name: 'day', ms: 24 * 60 * MINUTE_MS },
  { name: 'hour', ms: 60 * MINUTE_MS },
  { name: 'minute', ms: MINUTE_MS },
] as const;

/** HubSpot says "de-de" or "pt_BR" and sometimes nothing; what Intl does not know becomes British English. */
function knownLocale(locale: string | undefined): string {
  try {
    return Intl.getCanonicalLocales(locale?.replace('_', '-') ?? 'en-GB')[0] ?? 'en-GB';
  } catch {
    return 'en-GB';
  }
}

function knownZone(timeZone: string): string {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone });
    return timeZone;
  } catch {
    return 'UTC';
  }
}

/** "1 referral", "2 referrals": the words of the cards are English, whatever the user's locale. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** "3 hours ago"; a clock that runs ahead of the service's never says "in 2 minutes". */
export function ageOf(time: number, now: number): string {
  const unit = UNITS.find(({ ms }) => now - time >= ms);
  return unit ? `${countOf(Math.floor((now - time) / unit.ms), unit.name)} ago` : 'just now';
}

export type Formats = ReturnType<typeof makeFormats>;

/** Dates in the account's time zone, numbers and dates the way the user reads them. */
export function makeFormats(input: FormatsInput) {
  const locale = knownLocale(input.locale);
  const timeZone = knownZone(input.timeZone);
  const date = { day: 'numeric', month: 'short', year: 'numeric', timeZone } as const;
  const clock = { hour: '2-digit', minute: '2-digit', timeZone } as const;
  const days = new Intl.DateTimeFormat(locale, date);
  const clocks = new Intl.DateTimeFormat(locale, clock);
  const moments = new Intl.DateTimeFormat(locale, { ...date, ...clock });
  const months = new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', timeZone: 'UTC' });
  const numbers = new Intl.NumberFormat(locale);
  const read = (time: string | number, format: Intl.DateTimeFormat) => {
    const at = new Date(time);
    return Number.isNaN(at.getTime()) ? 'at an unknown time' : format.format(at);
  };
  return {
    number: (value: number) => numbers.format(value),
    day: (time: string) => read(time, days),
    moment: (time: string | number) => read(time, moments),
    /** The time of day alone while it is still the same day. */
    clock: (time: string, now: number) =>
      days.format(now) === read(time, days) ? read(time, clocks) : read(time, moments),
    /** @param month "2026-11" */
    month: (month: string) => read(`${month}-01T00:00:00Z`, months),
    money: (money: CardMoney) => formatMoney(money, locale),
    moneys: (totals: readonly CardMoney[]) => totals.map((total) => formatMoney(total, locale)).join(' · '),
  };
}

function formatMoney({ amount, currency }: CardMoney, locale: string): string {
  const value = Number(amount);
  if (amount === '' || Number.isNaN(value)) return `${amount} ${currency}`.trim();
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(value);
  } catch {
    return `${amount} ${currency}`;
  }
}
