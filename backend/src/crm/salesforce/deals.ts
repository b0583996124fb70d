import { textOrNull, type JsonObject } from '../answer-shape.ts';
import type { CrmAccount, CrmRecord, FieldValues } from '../port.ts';
import type { CurrencyRates } from './currencies.ts';
import { decimalText, divideDecimals } from './decimal-text.ts';
import type { FieldSelection } from './field-selection.ts';
import { ALWAYS_READ, fromSalesforceRow, time } from './mapping.ts';
import type { OrgAccess } from './org-access.ts';
import { childRows } from './query.ts';
import { sobjectOfId, toLongId } from './record-ids.ts';
import { readSelectedRows } from './selected-rows.ts';
import { childQuery } from './soql.ts';

/** Record type of every org that has no other: what Salesforce itself calls the master. */
export const MASTER_RECORD_TYPE = '012000000000000AAA';
/** The amount in the currency of the org. */
const HOME_AMOUNT = 'Amount.home';
const ENTERED = 'StageName.entered:';

const HISTORY = childQuery({
  select: ['Id', 'StageName', 'CreatedDate'],
  from: 'OpportunityHistories',
  orderBy: ['CreatedDate', 'Id'],
});

export type ReadDealsInput = { readonly ids: readonly string[]; readonly fields: readonly string[] };

/** Live opportunities in one query, the history of their stages with them where it was asked for. */
export async function readDeals(
  org: OrgAccess,
  account: CrmAccount,
  { ids, fields }: ReadDealsInput,
): Promise<ReadonlyMap<string, CrmRecord>> {
  const known = [...new Set(ids.map(toLongId))].filter((id) => sobjectOfId('deal', id) !== null);
  if (known.length === 0) return new Map();
  const virtual = (field: string) => field === HOME_AMOUNT || field.startsWith(ENTERED);
  const atHome = fields.includes(HOME_AMOUNT);
  const plain = [...fields.filter((field) => !virtual(field)), ...(atHome ? ['Amount', 'CurrencyIsoCode'] : [])];
  const { rows, selection } = await readSelectedRows(org, account, {
    sobject: 'Opportunity',
    ids: known,
    fields: [...new Set(plain)],
    besides: [...ALWAYS_READ, ...(fields.some((field) => field.startsWith(ENTERED)) ? [HISTORY] : [])],
    kind: 'default',
  });
  const manyCurrencies = atHome && rows.some((row) => textOrNull(row['CurrencyIsoCode']) !== null);
  const rates = manyCurrencies ? await org.currencies.of(account) : null;
  const records = rows.map((row) => {
    const stated = selection.pick(row, fields);
    const entered = enteredAt(row, fields);
    const home: FieldValues = atHome && 'Amount' in row ? { [HOME_AMOUNT]: amountAtHome(row, rates) } : {};
    const type = fields.includes('RecordTypeId') ? recordTypeOf(stated, selection) : {};
    return fromSalesforceRow({
      objectType: 'deal',
      row,
      values: { ...stated, ...entered, ...home, ...type },
      mergedIds: [],
    });
  });
  const byId = new Map(records.map((record) => [record.id, record]));
  return new Map(
    ids.flatMap((id) => {
      const record = byId.get(toLongId(id));
      return record === undefined ? [] : [[id, record]];
    }),
  );
}

/** An org without record types may not have the field; where there are some, one that is not shown may be any of them. */
function recordTypeOf({ RecordTypeId: stated }: FieldValues, { hasRecordTypes }: FieldSelection): FieldValues {
  if (stated === undefined && hasRecordTypes) return {};
  return { RecordTypeId: stated ?? MASTER_RECORD_TYPE };
}

/** When the deal last came into each stage asked for. A row of history is also made when only the amount changes. */
function enteredAt(row: JsonObject, fields: readonly string[]): FieldValues {
  const asked = fields.filter((field) => field.startsWith(ENTERED));
  if (asked.length === 0) return {};
  const entered = new Map<string, string>();
  let before: string | null = null;
  for (const step of childRows(row, 'OpportunityHistories').toSorted(byTime)) {
    const stage = textOrNull(step['StageName']);
    if (stage !== null && stage !== before) entered.set(stage, time(step, 'CreatedDate').toISOString());
    before = stage;
  }
  return Object.fromEntries(asked.map((field) => [field, entered.get(field.slice(ENTERED.length)) ?? null]));
}

function byTime(a: JsonObject, b: JsonObject): number {
  const difference = time(a, 'CreatedDate').getTime() - time(b, 'CreatedDate').getTime();
  return difference !== 0 ? difference : (textOrNull(a['Id']) ?? '') < (textOrNull(b['Id']) ?? '') ? -1 : 1;
}

/** Null where there is no amount, or the org keeps no rate for its currency. */
function amountAtHome(row: JsonObject, currencies: CurrencyRates | null): string | null {
  const amount = row['Amount'];
  if (typeof amount !== 'number') return null;
  const code = textOrNull(row['CurrencyIsoCode']);
  if (code === null || currencies === null || code === currencies.home) return decimalText(amount);
  const rate = currencies.rates.get(code);
  return rate === undefined ? null : divideDecimals(decimalText(amount), rate, currencies.decimals);
}
