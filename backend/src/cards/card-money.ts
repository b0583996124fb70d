import type { CardMoney } from '../../../shared/card-view.ts';
import { formatMoney } from '../rewards/money.ts';

/** Sums by currency as cards show them, in the order of their currencies; those that are nothing are left out. */
export function toCardMoney(totals: Readonly<Record<string, bigint>>): CardMoney[] {
  return Object.entries(totals)
    .filter(([, amountMinor]) => amountMinor !== 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, amountMinor]) => ({ amount: formatMoney(amountMinor, currency), currency }));
}

/** `480.00 USD`: in a sentence every reader understands it the same way. */
export function moneyText({ amount, currency }: CardMoney): string {
  return `${amount} ${currency}`;
}
