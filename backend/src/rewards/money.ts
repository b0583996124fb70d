/**
 * Money is a whole number of the currency's smallest unit plus an ISO 4217 code; it is read from and written to decimal
 * strings with integers only. How many decimals a currency has comes from `Intl`, which is CLDR: JPY 0, USD 2, BHD 3, but
 * also HUF, COP and IDR 0, whatever ISO 4217 says. A test pins the list, because a change would re-scale stored amounts.
 */

/** Why a text is no money. `too_precise` comes from `parseMoney` only. */
export type MoneyRefusal = 'empty' | 'not_a_number' | 'negative' | 'too_precise' | 'unknown_currency';

/** `rounded`: the text had more decimals than the currency and was rounded half up. */
export type MoneyReading =
  | { readonly ok: true; readonly amountMinor: bigint; readonly currency: string; readonly rounded: boolean }
  | { readonly ok: false; readonly reason: MoneyRefusal };

/** `currency` is upper case; `text` is a plain decimal with a point and no separators. */
export type MoneyText = { readonly text: string | null; readonly currency: string };

/** The value is `units / 10^scale`; `scale` is never negative. */
type Decimal = { readonly units: bigint; readonly scale: number };

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
const EXPONENTS = new Map<string, number>();
const DECIMAL = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,2}))?$/;
const PERCENT = /^\d{1,3}(?:\.\d{1,4})?$/;
/** What a 64-bit ledger column holds; nothing a CRM calls money comes near. */
const LARGEST_MINOR = 9_223_372_036_854_775_807n;

/** Decimals of a currency (`USD` 2, `JPY` 0), or null when the code is not a current ISO 4217 one in upper case. */
export function currencyExponent(currency: string): number | null {
  if (!CURRENCIES.has(currency)) return null;
  const known = EXPONENTS.get(currency);
  if (known !== undefined) return known;
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  EXPONENTS.set(currency, digits);
  return digits;
}

/**
 * Money that a person configures: refuses what cannot be stored as written, so `25.001` and `25.000` USD are
 * `too_precise` and `1,234.50`, `1e3` and `+5` are `not_a_number`. Amounts beyond 64 bits are `not_a_number`.
 */
export function parseMoney(input: MoneyText): MoneyReading {
  const text = input.text?.trim() ?? '';
  if (/e/i.test(text)) return { ok: false, reason: 'not_a_number' };
  const reading = readCrmMoney(input);
  const exponent = currencyExponent(input.currency);
  if (!reading.ok || exponent === null) return reading;
  const decimals = text.split('.')[1]?.length ?? 0;
  return decimals > exponent ? { ok: false, reason: 'too_precise' } : reading;
}

/**
 * Money as a CRM states it: extra decimals are rounded half up and flagged, never refused, and the `1.25E7` that CRMs
 * write for large computed numbers is read exactly. Never throws: a field may hold anything.
 */
export function readCrmMoney(input: MoneyText): MoneyReading {
  const text = input.text?.trim() ?? '';
  if (text === '') return { ok: false, reason: 'empty' };
  const exponent = currencyExponent(input.currency);
  if (exponent === null) return { ok: false, reason: 'unknown_currency' };
  const decimal = readDecimal(text);
  if (decimal === null) return { ok: false, reason: 'not_a_number' };
  if (decimal.units < 0n) return { ok: false, reason: 'negative' };
  const numerator = decimal.units * 10n ** BigInt(exponent);
  const denominator = 10n ** BigInt(decimal.scale);
  const amountMinor = divideHalfUp(numerator, denominator);
  if (amountMinor > LARGEST_MINOR) return { ok: false, reason: 'not_a_number' };
  return { ok: true, amountMinor, currency: input.currency, rounded: numerator % denominator !== 0n };
}

/** True for a decimal string above 0 and at most 100 with at most four decimals, such as `12.5`. */
export function isPercent(text: string): boolean {
  const decimal = PERCENT.test(text) ? readDecimal(text) : null;
  return decimal !== null && decimal.units > 0n && decimal.units <= 100n * 10n ** BigInt(decimal.scale);
}

/**
 * `percent` of an amount in minor units, exact until one final rounding to the minor unit: half up, that is half away
 * from zero for negative amounts (a clawback mirrors its reward). Throws `RangeError` unless `isPercent(percent)`.
 */
export function percentOf(amountMinor: bigint, percent: string): bigint {
  const decimal = isPercent(percent) ? readDecimal(percent) : null;
  if (decimal === null) throw new RangeError(`Not a percentage between 0 and 100: ${percent}`);
  return divideHalfUp(amountMinor * decimal.units, 100n * 10n ** BigInt(decimal.scale));
}

/** Minor units as a decimal string with all of the currency's decimals: `1250n USD` is `12.50`. Throws `RangeError` on an unknown currency. */
export function formatMoney(amountMinor: bigint, currency: string): string {
  const exponent = currencyExponent(currency);
  if (exponent === null) throw new RangeError(`Unknown currency: ${currency}`);
  return formatDecimal({ units: amountMinor, scale: exponent });
}

/** The shortest way to write a decimal (`12.50` is `12.5`, `1.2E1` is `12`, `-0` is `0`), or null when it is not one. */
export function shortestDecimal(text: string): string | null {
  const decimal = readDecimal(text.trim());
  if (decimal === null) return null;
  const written = formatDecimal(decimal);
  return written.includes('.') ? written.replace(/\.?0+$/, '') : written;
}

/** Below zero, zero or above zero as `a` is less than, equal to or more than `b`; null when one of them is no decimal. */
export function compareDecimals(a: string, b: string): number | null {
  const [left, right] = [readDecimal(a.trim()), readDecimal(b.trim())];
  if (left === null || right === null) return null;
  const scale = Math.max(left.scale, right.scale);
  const units = ({ units: own, scale: ownScale }: Decimal): bigint => own * 10n ** BigInt(scale - ownScale);
  const difference = units(left) - units(right);
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}

function readDecimal(text: string): Decimal | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  const units = BigInt(`${sign}${whole}${fraction}`);
  const scale = fraction.length - Number(power);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

function formatDecimal({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const sign = units < 0n ? '-' : '';
  return scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-scale)}`;
}

/** `denominator` is positive. Half goes away from zero. */
function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  const quotient = (2n * size + denominator) / (2n * denominator);
  return numerator < 0n ? -quotient : quotient;
}
