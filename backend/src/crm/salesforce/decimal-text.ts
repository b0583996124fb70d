/** A number as plain digits: no exponent, however large or small. */
export function decimalText(value: number): string {
  const text = String(value);
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (parts === null) return text;
  const [, sign = '', first = '', rest = '', exponent = '0'] = parts;
  const [digits, point] = [first + rest, 1 + Number(exponent)];
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return point >= digits.length
    ? sign + digits.padEnd(point, '0')
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

type Scaled = { readonly units: bigint; readonly scale: number };

function toScaled(text: string): Scaled | null {
  const [, sign, whole, fraction = ''] = DECIMAL.exec(text.trim()) ?? [];
  if (whole === undefined) return null;
  const units = BigInt(whole + fraction);
  return { units: sign === '-' ? -units : units, scale: fraction.length };
}

/** `dividend / divisor` with this many decimals, half away from zero; null when one is no decimal number, or zero. */
export function divideDecimals(dividend: string, divisor: string, decimals: number): string | null {
  const [above, below] = [toScaled(dividend), toScaled(divisor)];
  if (above === null || below === null || below.units === 0n) return null;
  const numerator = above.units * 10n ** BigInt(below.scale + decimals);
  const denominator = below.units * 10n ** BigInt(above.scale);
  const negative = numerator < 0n !== denominator < 0n;
  const [n, d] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  const digits = ((2n * n + d) / (2n * d)).toString().padStart(decimals + 1, '0');
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return negative && /[1-9]/.test(digits) ? `-${text}` : text;
}
