import { isLeadField } from '../../../../shared/person-fields.ts';
import { textOrNull, type JsonObject } from '../answer-shape.ts';
import type { CallKind, CrmAccount, CrmRecord, FieldValues } from '../port.ts';
import type { FollowedRow } from './followed-rows.ts';
import { fromSalesforceRow, idOf } from './mapping.ts';
import type { OrgAccess } from './org-access.ts';
import { readSelectedRows } from './selected-rows.ts';
import { compare } from './soql.ts';

export type PeopleInput = {
  /** Live rows of contacts and leads. */
  readonly rows: readonly FollowedRow[];
  readonly fields: readonly string[];
  readonly kind: CallKind;
  readonly mergedInto: (id: string) => readonly string[];
};

/** Records of people, by id. A field of a lead on a contact costs a further query: the contact may have been that lead. */
export async function toPeople(
  org: OrgAccess,
  account: CrmAccount,
  input: PeopleInput,
): Promise<ReadonlyMap<string, CrmRecord>> {
  const contacts = input.rows.filter(({ sobject }) => sobject === 'Contact');
  const pasts = await readPasts(org, account, { ...input, contactIds: contacts.map(({ row }) => idOf(row)) });
  const people = new Map<string, CrmRecord>();
  for (const { row, selection } of input.rows) {
    const id = idOf(row);
    const past = pasts.get(id);
    const own = past ? input.fields.filter((field) => !isLeadField(field)) : input.fields;
    const values = { ...selection.pick(row, own), ...past?.values };
    const mergedIds = [...new Set([...input.mergedInto(id), ...(past?.leadIds ?? [])])].sort();
    people.set(id, fromSalesforceRow({ objectType: 'contact', row, values, mergedIds }));
  }
  return people;
}

/** What a contact was before: the leads that were converted into it, and the fields of the newest of them. */
type Past = { readonly leadIds: readonly string[]; readonly values: FieldValues };

async function readPasts(
  org: OrgAccess,
  account: CrmAccount,
  input: Pick<PeopleInput, 'fields' | 'kind'> & { readonly contactIds: readonly string[] },
): Promise<ReadonlyMap<string, Past>> {
  const fields = input.fields.filter(isLeadField);
  if (fields.length === 0 || input.contactIds.length === 0) return new Map();
  const { rows, selection } = await readSelectedRows(org, account, {
    sobject: 'Lead',
    ids: input.contactIds,
    by: 'ConvertedContactId',
    fields,
    besides: ['ConvertedContactId', 'ConvertedDate', 'LastModifiedDate'],
    where: [compare('IsConverted', '=', true)],
    kind: input.kind,
    // What became of the lead afterwards takes nothing from what the contact was.
    deletedToo: true,
  });
  const byContact = Map.groupBy(rows, (row) => textOrNull(row['ConvertedContactId']) ?? '');
  return new Map(
    [...byContact].map(([contactId, leads]) => {
      const newest = leads.toSorted(byConversion).at(-1) ?? {};
      return [contactId, { leadIds: leads.map(idOf), values: selection.pick(newest, fields) }];
    }),
  );
}

/** Salesforce keeps the day of a conversion; of two on one day the later change, then the higher id, is the newer. */
function byConversion(a: JsonObject, b: JsonObject): number {
  const [before, after] = [a, b].map((row) =>
    [row['ConvertedDate'], row['LastModifiedDate'], row['Id']].map((part) => textOrNull(part) ?? '').join(' '),
  );
  return (before ?? '') < (after ?? '') ? -1 : 1;
}
