import { isLeadField } from '../../../../shared/person-fields.ts';
import { requireText, type JsonObject } from '../answer-shape.ts';
import { CrmUnavailable } from '../errors.ts';
import type { ChangedRecord, ChangedRecordsInput, ChangedRecordsPage, CrmAccount, CrmObjectType } from '../port.ts';
import { FieldSelection } from './field-selection.ts';
import { idOf, time } from './mapping.ts';
import type { OrgAccess } from './org-access.ts';
import { fitsOneQuery } from './selected-rows.ts';
import { compare, idLiteral, instantLiteral } from './soql.ts';
import { readStandardRows } from './standard-rows.ts';

/** One object to walk through, and which of its fields names the record that changed. */
type Walk = { readonly sobject: string; readonly prefix: string; readonly record: string };

/**
 * In the order of the prefixes of their ids, so that the last id of a page says where to go on. Who is on a deal is kept
 * beside it: the deal itself does not change when somebody joins or leaves.
 */
const WALKS: Readonly<Record<CrmObjectType, readonly Walk[]>> = {
  contact: [
    { sobject: 'Contact', prefix: '003', record: 'Id' },
    { sobject: 'Lead', prefix: '00Q', record: 'Id' },
  ],
  company: [{ sobject: 'Account', prefix: '001', record: 'Id' }],
  deal: [
    { sobject: 'Opportunity', prefix: '006', record: 'Id' },
    { sobject: 'OpportunityContactRole', prefix: '00K', record: 'OpportunityId' },
  ],
};

/** One page of the records changed in a closed window of the org's own time, deleted and merged ones included. */
export async function readChangedRecords(
  org: OrgAccess,
  account: CrmAccount,
  input: ChangedRecordsInput,
): Promise<ChangedRecordsPage> {
  const { from, to, afterId } = input;
  const window = [
    compare('SystemModstamp', '>=', instantLiteral(from)),
    compare('SystemModstamp', '<=', instantLiteral(to)),
  ];
  const changed = new Map<string, ChangedRecord>();
  for (const { sobject, prefix, record } of WALKS[input.objectType]) {
    if (afterId !== null && afterId.slice(0, 3) > prefix) continue;
    const above = afterId?.startsWith(prefix) ? [compare('Id', '>', idLiteral(afterId))] : [];
    const along = await fieldsAlong(org, account, { sobject, asked: input.fields ?? [] });
    const rows = await readStandardRows(org, account, {
      select: [...new Set(['Id', 'SystemModstamp', record])],
      optional: along.fields,
      from: sobject,
      where: [...window, ...above],
      orderBy: ['Id'],
      limit: org.pageSize,
      kind: 'background',
      deletedToo: true,
    });
    requireAscending(rows, afterId);
    for (const row of rows) {
      const id = requireText(row[record], `the ${record} of a changed record`);
      const modifiedAtMs = Math.max(changed.get(id)?.modifiedAtMs ?? 0, time(row, 'SystemModstamp').getTime());
      changed.set(id, { id, modifiedAtMs, ...along.valuesOf(row) });
    }
    const last = rows.at(-1);
    if (rows.length >= org.pageSize && last !== undefined) return page(changed, idOf(last));
  }
  return page(changed, null);
}

type Along = {
  readonly fields: readonly string[];
  valuesOf(row: JsonObject): Pick<ChangedRecord, 'values'>;
};

/** What a contact was as a lead is not in its own row, and a lead is looked at in any case. */
async function fieldsAlong(
  org: OrgAccess,
  account: CrmAccount,
  { sobject, asked }: { readonly sobject: string; readonly asked: readonly string[] },
): Promise<Along> {
  const names = sobject === 'Contact' ? asked.filter((name) => !isLeadField(name)) : [];
  const none: Along = { fields: [], valuesOf: () => ({}) };
  if (names.length === 0) return none;
  const selection = new FieldSelection(await org.descriptions.with(account, sobject, names), names);
  if (!fitsOneQuery(selection.names)) return none;
  return {
    fields: ['IsDeleted', ...selection.names],
    valuesOf: (row) => (row['IsDeleted'] === true ? {} : { values: selection.pick(row, names) }),
  };
}

function page(changed: ReadonlyMap<string, ChangedRecord>, nextAfterId: string | null): ChangedRecordsPage {
  return { records: [...changed.values()], nextAfterId };
}

/** A page in another order would make the next one skip records without anybody noticing. */
export function requireAscending(rows: readonly JsonObject[], afterId: string | null): void {
  let previous = afterId ?? '';
  for (const id of rows.map(idOf)) {
    if (!isAfter(id, previous)) throw new CrmUnavailable('Salesforce answered a page in another order than asked for.');
    previous = id;
  }
}

function isAfter(id: string, previous: string): boolean {
  return id > previous;
}
