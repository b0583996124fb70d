import { DEAL_WORDS } from '../../../shared/deal-words.ts';
import type { DecidingRecord } from '../qualification/trace.ts';
import type { Labels } from '../qualification/explain.ts';

/** Where an amount comes from: of a reward as the ledger keeps it, or of a rule. */
export type BasisOfReward =
  | { readonly kind: 'fixed' }
  | {
      readonly kind: 'percent';
      readonly percent: string;
      readonly field: string;
      readonly record: Pick<DecidingRecord, 'objectType'>;
    };

/** The CRM converts a deal's amount for us; to people it is the same amount. */
const DEAL_AMOUNTS: readonly string[] = Object.values(DEAL_WORDS).flatMap(({ amount, amountAtHome }) => [
  amount,
  amountAtHome,
]);

/** How an amount comes about: `10 % of the deal amount`. Fields go by their names where no label is at hand. */
export function basisText(basis: BasisOfReward, labels?: Pick<Labels, 'field'>): string {
  if (basis.kind !== 'percent') return 'Fixed amount';
  const { percent, field } = basis;
  const { objectType } = basis.record;
  if (objectType === 'deal' && DEAL_AMOUNTS.includes(field)) return `${percent} % of the deal amount`;
  return `${percent} % of the ${objectType}’s ${labels?.field(objectType, field) ?? field}`;
}
