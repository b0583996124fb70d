import { textOrNull, type JsonObject } from '../answer-shape.ts';
import type { CrmAccount, CrmRecord } from '../port.ts';
import { FieldSelection } from './field-selection.ts';
import type { FollowedRow } from './followed-rows.ts';
import { ALWAYS_READ, idOf, time } from './mapping.ts';
import type { OrgAccess } from './org-access.ts';
import { toPeople } from './people.ts';
import { queryByValues } from './query.ts';
import type { Sobject } from './record-ids.ts';
import { withDescription } from './selected-rows.ts';
import { compare, isIn, select, textLiteral, type Soql } from './soql.ts';

export type FindByEmailInput = { readonly emails: readonly string[]; readonly fields: readonly string[] };

const PEOPLE: readonly { readonly sobject: Sobject; readonly where: readonly Soql[] }[] = [
  { sobject: 'Contact', where: [] },
  { sobject: 'Lead', where: [compare('IsConverted', '=', false)] },
];

/**
 * Contacts and unconverted leads by e-mail, keyed by the lower-cased e-mail that was asked for. Of several records with
 * one address a contact comes before a lead, then the one that was there first.
 */
export async function findContactsByEmail(
  org: OrgAccess,
  account: CrmAccount,
  input: FindByEmailInput,
): Promise<ReadonlyMap<string, CrmRecord>> {
  const emails = [...new Set(input.emails.map((email) => email.trim().toLowerCase()))].filter((email) => email !== '');
  if (emails.length === 0) return new Map();
  const chosen = new Map<string, FollowedRow>();
  for (const person of PEOPLE) {
    const rows = await readByEmail(org, account, { ...input, ...person, emails });
    for (const found of rows.toSorted(byAge)) {
      const email = textOrNull(found.row['Email'])?.toLowerCase() ?? '';
      if (!chosen.has(email)) chosen.set(email, found);
    }
  }
  const rows = [...chosen.values()];
  const people = await toPeople(org, account, {
    rows,
    fields: input.fields,
    kind: 'default',
    mergedInto: () => [],
  });
  const found = emails.flatMap((email) => {
    const row = chosen.get(email)?.row;
    const record = row === undefined ? undefined : people.get(idOf(row));
    return record === undefined ? [] : [[email, record] as const];
  });
  return new Map(found);
}

type ByEmailInput = FindByEmailInput & { readonly sobject: Sobject; readonly where: readonly Soql[] };

function readByEmail(org: OrgAccess, account: CrmAccount, input: ByEmailInput): Promise<readonly FollowedRow[]> {
  const { sobject, where, fields, emails } = input;
  return withDescription(org, account, {
    sobject,
    names: fields,
    run: async (description) => {
      const selection = new FieldSelection(description, fields);
      const names = [...new Set([...ALWAYS_READ, 'Email', ...selection.names])];
      const rows = await queryByValues(org.gateway, account, {
        kind: 'default',
        values: emails.map(textLiteral),
        soqlOf: (some) => select({ select: names, from: sobject, where: [...where, isIn('Email', some)] }),
      });
      return rows.map((row) => ({ sobject, row, selection }));
    },
  });
}

function byAge(a: FollowedRow, b: FollowedRow): number {
  return createdMs(a.row) - createdMs(b.row) || (idOf(a.row) < idOf(b.row) ? -1 : 1);
}

function createdMs(row: JsonObject): number {
  return time(row, 'CreatedDate').getTime();
}
