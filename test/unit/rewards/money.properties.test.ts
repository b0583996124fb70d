import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { earnedRewards } from '../../../backend/src/rewards/earned-rewards.ts';
import { formatMoney, percentOf, readCrmMoney } from '../../../backend/src/rewards/money.ts';
import { asDecimal, asFraction, times, wholeHalfUp, type Fraction } from './fractions.ts';

/** As pinned in `money.test.ts`, but not asked of the code under test. */
const DECIMALS = { JPY: 0, KRW: 0, HUF: 0, USD: 2, EUR: 2, GBP: 2, CHF: 2, BHD: 3, KWD: 3, TND: 3 } as const;
type Currency = keyof typeof DECIMALS;

const RUNS = { numRuns: 10_000 };
const anyCurrency = fc.constantFrom(...(Object.keys(DECIMALS) as Currency[]));
const digits = (max: number) => fc.stringMatching(new RegExp(`^\\d{0,${String(max)}}$`));

/** As a CRM writes numbers: leading and trailing zeros, many decimals, a power of ten. */
const saleText = fc
  .record({
    whole: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    zeros: fc.constantFrom('', '0', '000'),
    fraction: digits(9),
    power: fc.option(fc.integer({ min: -3, max: 3 }), { nil: null, freq: 4 }),
  })
  .map(({ whole, zeros, fraction, power }) => {
    const decimals = fraction === '' ? '' : `.${fraction}`;
    return `${zeros}${String(whole)}${decimals}${power === null ? '' : `E${String(power)}`}`;
  });

/** Above 0, at most 100, with up to four decimals. */
const percentText = fc
  .tuple(fc.bigInt({ min: 1n, max: 1_000_000n }), fc.integer({ min: 0, max: 4 }))
  .map(([units, decimals]) => {
    const most = 100n * 10n ** BigInt(decimals);
    return asDecimal(units > most ? (units % most) + 1n : units, decimals);
  });

const minorUnits = (amount: Fraction, currency: Currency): bigint =>
  wholeHalfUp(times(amount, { over: 10n ** BigInt(DECIMALS[currency]), under: 1n }));

describe('money equals decimal arithmetic to the minor unit (E19)', () => {
  it('as it is read', () => {
    fc.assert(
      fc.property(saleText, anyCurrency, (text, currency) => {
        const amountMinor = minorUnits(asFraction(text), currency);
        expect(readCrmMoney({ text, currency })).toMatchObject({ ok: true, amountMinor, currency });
      }),
      RUNS,
    );
  });

  it('as it is written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), anyCurrency, (minor, currency) => {
        const text = formatMoney(minor, currency);
        expect(text).toBe(asDecimal(minor, DECIMALS[currency]));
        const { over, under } = asFraction(text);
        expect(over * 10n ** BigInt(DECIMALS[currency])).toBe(minor * under);
      }),
      RUNS,
    );
  });

  it('as a percentage is taken of it, half going up', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), percentText, (minor, percent) => {
        const exact = times(times({ over: minor, under: 1n }, asFraction(percent)), { over: 1n, under: 100n });
        expect(percentOf(minor, percent)).toBe(wholeHalfUp(exact));
      }),
      RUNS,
    );
  });

  it('exactly at the half, which hardly ever comes by chance', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), (n) => {
        // 50 % of an odd number, 0.5 % of 100 and so on: always a half to be rounded.
        expect(percentOf(2n * n + 1n, '50')).toBe(n + 1n);
        expect(percentOf(200n * n + 100n, '0.5')).toBe(n + 1n);
        expect(percentOf(80n * n + 40n, '1.25')).toBe(n + 1n);
      }),
      RUNS,
    );
  });

  it('from the CRM’s text to the reward that is owed', () => {
    fc.assert(
      fc.property(saleText, percentText, anyCurrency, (text, percent, currency) => {
        const sale = minorUnits(asFraction(text), currency);
        const owed = times(times({ over: sale, under: 1n }, asFraction(percent)), { over: 1n, under: 100n });
        const { earned, waiting } = rewardsOf(text, percent, currency);
        if (sale === 0n) expect(waiting).toMatchObject([{ because: 'sale_value_missing' }]);
        else expect(earned).toMatchObject([{ amountMinor: wholeHalfUp(owed), currency }]);
      }),
      RUNS,
    );
  });
});

function rewardsOf(text: string, percent: string, currency: Currency) {
  const modifiedAt = '2026-11-03T10:00:00.000Z';
  const deal = {
    objectType: 'deal' as const,
    recordId: '801',
    modifiedAt,
    contactIds: ['501'],
    otherReferredContactIds: [],
  };
  return earnedRewards({
    rewardRules: [
      {
        id: 'rwr_1',
        recipient: 'advocate',
        onStatus: 'approved',
        approval: 'manual',
        kind: 'percent',
        percent,
        saleValue: { object: 'deal', field: 'amount' },
      },
    ],
    status: 'approved',
    verdict: { decidingRecord: { objectType: 'deal', recordId: '801' }, trace: [] },
    subject: { contacts: [], deals: [{ ...deal, values: { amount: text, deal_currency_code: currency } }] },
    workspaceCurrency: currency,
  });
}
