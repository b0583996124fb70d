import { requireText, type JsonObject } from '../answer-shape.ts';
import type { CrmAccount } from '../port.ts';
import { decimalText } from './decimal-text.ts';
import type { SalesforceGateway } from './gateway.ts';
import { queryRows } from './query.ts';
import { select } from './soql.ts';

/** The currencies of an org that has several. */
export type CurrencyRates = {
  /** ISO 4217 code of the org's own currency. */
  readonly home: string;
  readonly decimals: number;
  /** How much of a currency is one unit of the home currency, as decimal text. */
  readonly rates: ReadonlyMap<string, string>;
};

const HOUR_MS = 3_600_000;
const SOQL = select({
  select: ['IsoCode', 'ConversionRate', 'DecimalPlaces', 'IsCorporate'],
  from: 'CurrencyType',
});

/** Rates as people keep them in the org, at most an hour old. To be asked only where the org has several currencies. */
export class Currencies {
  readonly #gateway: SalesforceGateway;
  readonly #kept = new Map<string, { readonly rates: CurrencyRates; readonly readAtMs: number }>();

  constructor(gateway: SalesforceGateway) {
    this.#gateway = gateway;
  }

  async of(account: CrmAccount): Promise<CurrencyRates> {
    const nowMs = this.#gateway.clock.now();
    const kept = this.#kept.get(account.connectionId);
    if (kept !== undefined && nowMs - kept.readAtMs < HOUR_MS) return kept.rates;
    const rates = fromCurrencyRows(await queryRows(this.#gateway, account, { soql: SOQL, kind: 'default' }));
    this.#kept.set(account.connectionId, { rates, readAtMs: nowMs });
    return rates;
  }
}

function fromCurrencyRows(rows: readonly JsonObject[]): CurrencyRates {
  const corporate = rows.find((row) => row['IsCorporate'] === true);
  const places = Number(corporate?.['DecimalPlaces']);
  return {
    home: requireText(corporate?.['IsoCode'], 'the corporate currency'),
    decimals: Number.isInteger(places) && places >= 0 && places <= 6 ? places : 2,
    rates: new Map(
      rows.map((row) => [
        requireText(row['IsoCode'], 'the code of a currency'),
        decimalText(Number(row['ConversionRate'])),
      ]),
    ),
  };
}
