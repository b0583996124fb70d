/** Decimal arithmetic as in school, for tests: exact fractions, long division, and nothing of the code under test. */
export type Fraction = { readonly over: bigint; readonly under: bigint };

/** `-12.50`, `007`, `1.25E7`. */
export function asFraction(text: string): Fraction {
  const [mantissa = '', power = '0'] = text.split('E');
  const [whole = '', decimals = ''] = mantissa.replace('-', '').split('.');
  let over = 0n;
  let under = 1n;
  for (const digit of whole) over = over * 10n + BigInt(digit);
  for (const digit of decimals) {
    over = over * 10n + BigInt(digit);
    under *= 10n;
  }
  const shift = 10n ** BigInt(power.replace('-', ''));
  if (power.startsWith('-')) under *= shift;
  else over *= shift;
  return { over: text.startsWith('-') ? -over : over, under };
}

export function times(a: Fraction, b: Fraction): Fraction {
  return { over: a.over * b.over, under: a.under * b.under };
}

/** The nearest whole number of a fraction that is not negative; a half goes up. */
export function wholeHalfUp({ over, under }: Fraction): bigint {
  const whole = over / under;
  const rest = over - whole * under;
  return rest + rest >= under ? whole + 1n : whole;
}

/** `1250` with two decimals is `12.50`. */
export function asDecimal(units: bigint, decimals: number): string {
  const size = units < 0n ? -units : units;
  const one = 10n ** BigInt(decimals);
  const fraction = decimals === 0 ? '' : `.${String((size % one) + one).slice(1)}`;
  return `${units < 0n ? '-' : ''}${String(size / one)}${fraction}`;
}
