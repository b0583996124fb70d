import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NEW_PROGRAM_SETTINGS, type ProgramDefinition } from '../../../shared/program-definition.ts';
import { deal, dealRule } from '../qualification/build.ts';
import { decide, keep, newReferral, programOf } from './small-ledger.ts';

/** A fraction of whole numbers, never rounded: the second opinion on every amount. */
type Fraction = { readonly over: bigint; readonly under: bigint };

const DECIMALS: Readonly<Record<string, number>> = { EUR: 2, JPY: 0, KWD: 3 };

const anyDecimal = fc
  .record({ units: fc.bigInt({ min: 0n, max: 10n ** 12n }), scale: fc.integer({ min: 0, max: 6 }) })
  .map(({ units, scale }) => ({ text: written(units, scale), value: { over: units, under: 10n ** BigInt(scale) } }));
const anyPercent = fc
  .record({ units: fc.bigInt({ min: 1n, max: 1_000_000n }), scale: fc.integer({ min: 0, max: 4 }) })
  .filter(({ units, scale }) => units <= 100n * 10n ** BigInt(scale))
  .map(({ units, scale }) => ({ text: written(units, scale), value: { over: units, under: 10n ** BigInt(scale) } }));

function written(units: bigint, scale: number): string {
  const digits = units.toString().padStart(scale + 1, '0');
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The whole number nearest to it, of two equally near the larger one: found by trying, not by a formula. */
function nearest({ over, under }: Fraction): bigint {
  const below = over / under;
  return 2n * (over - below * under) >= under ? below + 1n : below;
}

function definitionWith(percent: string): ProgramDefinition {
  const saleValue = { object: 'deal', field: 'amount' } as const;
  const base = { id: 'rwr_1', recipient: 'advocate', onStatus: 'approved', approval: 'manual' } as const;
  return {
    ...NEW_PROGRAM_SETTINGS,
    name: 'Friends',
    landingUrl: null,
    rules: [dealRule()],
    rewardRules: [{ ...base, kind: 'percent', percent, saleValue }],
  };
}

it('a percentage in the ledger is exact decimal arithmetic to the minor unit, first granted or amended (E19, RF-42)', () => {
  const sales = fc.tuple(anyDecimal, anyDecimal);
  fc.assert(
    fc.property(sales, anyPercent, fc.constantFrom('EUR', 'JPY', 'KWD'), ([first, second], percent, currency) => {
      const program = programOf(definitionWith(percent.text));
      let kept = newReferral();
      for (const sale of [first, second]) {
        const values = { amount: sale.text, deal_currency_code: currency };
        const won = deal({ stage: 'closedwon', entered: { closedwon: '2026-11-03' }, values });
        kept = keep(kept, decide(kept, { program, subject: { contacts: [], deals: [won] } }));
        const unit = 10n ** BigInt(DECIMALS[currency] ?? 0);
        const minor = nearest({ over: sale.value.over * unit, under: sale.value.under });
        const share = nearest({ over: minor * percent.value.over, under: 100n * percent.value.under });
        const [row] = kept.ledger.filter(({ state }) => state !== 'voided');
        expect(row === undefined ? null : [row.amountMinor, row.currency]).toEqual(
          minor === 0n ? null : [share, currency],
        );
      }
    }),
    { numRuns: 10_000 },
  );
}, 60_000);
