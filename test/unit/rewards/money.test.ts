import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  currencyExponent,
  formatMoney,
  isPercent,
  parseMoney,
  percentOf,
  readCrmMoney,
  shortestDecimal,
} from '../../../backend/src/rewards/money.ts';
import type { MoneyRefusal } from '../../../backend/src/rewards/money.ts';

/** What Node 24.21 says; an upgrade that changes a line would re-scale every stored amount of that currency. */
const NOT_TWO_DECIMALS =
  'AFN0 ALL0 BHD3 BIF0 CLP0 COP0 DJF0 GNF0 HUF0 IDR0 IQD0 IRR0 ISK0 JOD3 JPY0 KMF0 KPW0 KRW0 KWD3 LAK0 LBP0 LYD3 MGA0 MMK0 OMR3 PKR0 PYG0 RWF0 SLL0 SOS0 SYP0 TND3 UGX0 VND0 VUV0 XAF0 XOF0 XPF0 YER0';

const currencies = Intl.supportedValuesOf('currency');
const anyCurrency = fc.constantFrom('JPY', 'USD', 'EUR', 'BHD');
const anyMinor = fc.bigInt({ min: 0n, max: 10n ** 15n });
/** A percentage as digits and decimals: `percentUnits / 10^decimals` percent. */
const anyPercent = fc
  .integer({ min: 0, max: 4 })
  .chain((decimals) =>
    fc.record({ decimals: fc.constant(decimals), units: fc.bigInt({ min: 1n, max: 100n * 10n ** BigInt(decimals) }) }),
  );

function percentText({ decimals, units }: { decimals: number; units: bigint }): string {
  const digits = units.toString().padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

describe('currencies', () => {
  it('have the decimals that stored amounts were scaled by (E19)', () => {
    const others = currencies.filter((code) => currencyExponent(code) !== 2);
    expect(others.map((code) => `${code}${String(currencyExponent(code))}`).join(' ')).toBe(NOT_TWO_DECIMALS);
  });

  it.each(['', 'usd', 'US', 'ZZZ', 'EURO', '$', ' USD'])('%j is not one (E19)', (code) => {
    expect(currencyExponent(code)).toBeNull();
    expect(readCrmMoney({ text: '1', currency: code })).toEqual({ ok: false, reason: 'unknown_currency' });
  });
});

describe('money from a CRM', () => {
  it.each<[string, string, bigint, boolean]>([
    ['1234.5', 'USD', 123450n, false],
    [' 1234.50 ', 'USD', 123450n, false],
    ['0', 'USD', 0n, false],
    ['-0.00', 'USD', 0n, false],
    ['007', 'USD', 700n, false],
    ['1234.500', 'USD', 123450n, false],
    ['0.004', 'USD', 0n, true],
    ['0.005', 'USD', 1n, true],
    ['0.1234999999', 'BHD', 123n, true],
    ['1000.5', 'JPY', 1001n, true],
    ['1.25E7', 'USD', 1250000000n, false],
    ['5e-3', 'USD', 1n, true],
    ['90071992547409.93', 'USD', 9007199254740993n, false],
  ])(
    'reads %j %s exactly, rounding half up only what the currency cannot hold (E19)',
    (text, currency, amountMinor, rounded) => {
      expect(readCrmMoney({ text, currency })).toEqual({ ok: true, amountMinor, currency, rounded });
    },
  );

  it.each<[string | null, MoneyRefusal]>([
    [null, 'empty'],
    ['', 'empty'],
    ['  ', 'empty'],
    ['-1', 'negative'],
    ['-0.01', 'negative'],
    ['1,234.50', 'not_a_number'],
    ['1 234', 'not_a_number'],
    ['12.', 'not_a_number'],
    ['.5', 'not_a_number'],
    ['+5', 'not_a_number'],
    ['$5', 'not_a_number'],
    ['NaN', 'not_a_number'],
    ['Infinity', 'not_a_number'],
    ['0x10', 'not_a_number'],
    ['1e999', 'not_a_number'],
    ['1e30', 'not_a_number'],
    ['٣', 'not_a_number'],
    ['9'.repeat(60), 'not_a_number'],
  ])('answers for %j with a reason and never throws (E4, E19)', (text, reason) => {
    expect(readCrmMoney({ text, currency: 'USD' })).toEqual({ ok: false, reason });
  });

  it('never throws, whatever a field holds (E19)', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, currency) => {
        expect(typeof readCrmMoney({ text, currency }).ok).toBe('boolean');
        expect(typeof readCrmMoney({ text, currency: 'EUR' }).ok).toBe('boolean');
      }),
    );
  });

  it('equals exact rational rounding, for any digits (E19)', () => {
    const digits = fc.tuple(anyMinor, fc.integer({ min: 0, max: 8 }), anyCurrency);
    fc.assert(
      fc.property(digits, ([units, decimals, currency]) => {
        const text = percentText({ decimals, units });
        const exponent = currencyExponent(currency) ?? 0;
        const reading = readCrmMoney({ text, currency });
        if (!reading.ok) throw new Error(`${text} was refused: ${reading.reason}`);
        // amountMinor is the only whole number with value - 1/2 < amountMinor <= value + 1/2.
        const [value, one] = [2n * units * 10n ** BigInt(exponent), 10n ** BigInt(decimals)];
        expect(2n * reading.amountMinor * one > value - one).toBe(true);
        expect(2n * reading.amountMinor * one <= value + one).toBe(true);
        expect(reading.rounded).toBe(2n * reading.amountMinor * one !== value);
      }),
    );
  });
});

describe('money a person configures', () => {
  it.each<[string, string, MoneyRefusal]>([
    ['25.001', 'USD', 'too_precise'],
    ['25.000', 'USD', 'too_precise'],
    ['25.0', 'JPY', 'too_precise'],
    ['1e3', 'USD', 'not_a_number'],
    ['1,234.50', 'USD', 'not_a_number'],
    ['-5', 'USD', 'negative'],
    ['', 'USD', 'empty'],
    ['5', 'XYZ', 'unknown_currency'],
  ])('refuses %j %s (E19)', (text, currency, reason) => {
    expect(parseMoney({ text, currency })).toEqual({ ok: false, reason });
  });

  it('comes back as it was written, with all decimals (E19)', () => {
    fc.assert(
      fc.property(anyMinor, anyCurrency, (amountMinor, currency) => {
        const text = formatMoney(amountMinor, currency);
        expect(parseMoney({ text, currency })).toEqual({ ok: true, amountMinor, currency, rounded: false });
      }),
    );
    expect([formatMoney(5n, 'USD'), formatMoney(-1250n, 'USD'), formatMoney(7n, 'JPY')]).toEqual([
      '0.05',
      '-12.50',
      '7',
    ]);
    expect(() => formatMoney(1n, 'ZZZ')).toThrow(RangeError);
  });
});

describe('a percentage of money', () => {
  it.each<[bigint, string, bigint]>([
    [10000n, '12.5', 1250n],
    [1n, '50', 1n],
    [1n, '49.9999', 0n],
    [3n, '50', 2n],
    [-3n, '50', -2n],
    [-1n, '49.9999', 0n],
    [99999n, '0.0001', 0n],
    [123456789n, '100', 123456789n],
  ])('of %s minor units at %s percent is %s, half going away from zero (RF-42, E19)', (amount, percent, expected) => {
    expect(percentOf(amount, percent)).toBe(expected);
  });

  it('is the nearest whole minor unit to the exact fraction (RF-42, E19)', () => {
    fc.assert(
      fc.property(anyMinor, anyPercent, (amountMinor, percent) => {
        const result = percentOf(amountMinor, percentText(percent));
        const [exact, one] = [amountMinor * percent.units, 100n * 10n ** BigInt(percent.decimals)];
        expect(2n * result * one > 2n * exact - one).toBe(true);
        expect(2n * result * one <= 2n * exact + one).toBe(true);
        expect(percentOf(-amountMinor, percentText(percent))).toBe(-result);
      }),
    );
  });

  it('of a sum differs from the sum of the percentages by one minor unit at most (E19)', () => {
    fc.assert(
      fc.property(anyMinor, anyMinor, anyPercent, (a, b, percent) => {
        const text = percentText(percent);
        const apart = percentOf(a, text) + percentOf(b, text) - percentOf(a + b, text);
        expect(apart >= -1n && apart <= 1n).toBe(true);
      }),
    );
  });

  it('never exceeds the sale, and 100 % is the sale (RF-42)', () => {
    fc.assert(
      fc.property(anyMinor, anyPercent, (amountMinor, percent) => {
        expect(percentOf(amountMinor, percentText(percent)) <= amountMinor).toBe(true);
        expect(percentOf(amountMinor, '100')).toBe(amountMinor);
      }),
    );
  });

  it('refuses what is no percentage (RF-42)', () => {
    expect(isPercent('12.5')).toBe(true);
    for (const text of ['0', '101', '', 'x']) expect(() => percentOf(1n, text)).toThrow(RangeError);
  });
});

it.each<[string, string | null]>([
  ['12.50', '12.5'],
  ['12.00', '12'],
  ['100', '100'],
  ['0.0', '0'],
  ['-0', '0'],
  ['-1.50', '-1.5'],
  ['007.10', '7.1'],
  ['1.2E1', '12'],
  ['1E3', '1000'],
  ['abc', null],
  ['', null],
])('the shortest decimal of %j is %j (E19)', (text, expected) => {
  expect(shortestDecimal(text)).toBe(expected);
});
