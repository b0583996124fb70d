import { textOrNull, type JsonObject } from '../answer-shape.ts';
import { CrmPackageMissing } from '../errors.ts';
import type { CrmAccount } from '../port.ts';
import { asPermission } from './field-permission.ts';
import { ALWAYS_READ, idOf, time } from './mapping.ts';
import { CONTACT_FIELD_NAMES } from './own-fields.ts';
import type { OrgAccess } from './org-access.ts';
import { queryByValues } from './query.ts';
import { allOf, anyOf, compare, isIn, select, textLiteral, type Soql } from './soql.ts';

/** Whom somebody asks for: by the address, by the referral, or by both. Addresses in lower case. */
export type Wanted = { readonly email: string | null; readonly referralId: string | null };

export type ExistingPeople = {
  /** A contact before a lead, then the one that was there first. */
  withEmail(email: string): string | undefined;
  withReferral(referralId: string): string | undefined;
};

/** A converted lead lives on as its contact: the address is the contact's affair, the referral may be the lead's alone. */
const PEOPLE = [
  { sobject: 'Contact', besides: [], withEmail: [] },
  {
    sobject: 'Lead',
    besides: ['IsConverted', 'ConvertedContactId'],
    withEmail: [compare('IsConverted', '=', false)],
  },
] as const;

type Person = (typeof PEOPLE)[number];

/** Contacts and unconverted leads that are already there: one query for each. */
export async function findExistingPeople(
  org: OrgAccess,
  account: CrmAccount,
  wanted: readonly Wanted[],
): Promise<ExistingPeople> {
  const [emails, referrals] = [new Map<string, string>(), new Map<string, string>()];
  const asked = wanted.filter(({ email, referralId }) => email !== null || referralId !== null);
  const idFields = asked.length === 0 ? [] : await referralIdFields(org, account, asked);
  for (const { person, idField } of idFields) {
    const values = idField === null ? asked.filter(({ email }) => email !== null) : asked;
    const soqlOf = (some: readonly Wanted[]) =>
      select({
        select: [...ALWAYS_READ, 'Email', ...person.besides, ...(idField === null ? [] : [idField])],
        from: person.sobject,
        where: [anyOf(conditions(some, { person, idField }))],
      });
    const rows = await asPermission(person.sobject, () =>
      queryByValues(org.gateway, account, { kind: 'default', values, soqlOf }),
    );
    for (const row of rows.toSorted(byAge)) {
      const became = row['IsConverted'] === true ? textOrNull(row['ConvertedContactId']) : null;
      if (row['IsConverted'] !== true) keepFirst(emails, textOrNull(row['Email'])?.toLowerCase(), idOf(row));
      keepFirst(referrals, textOrNull(row[idField ?? '']), became ?? idOf(row));
    }
  }
  return {
    withEmail: (email) => emails.get(email.trim().toLowerCase()),
    withReferral: (referralId) => referrals.get(referralId),
  };
}

/**
 * What each object has for our referral's id. Hidden on one of the two it costs the look by referral there (E23); where a
 * person can be looked for in no other way, or nowhere, it raises: they would be made a second time.
 */
async function referralIdFields(
  org: OrgAccess,
  account: CrmAccount,
  asked: readonly Wanted[],
): Promise<readonly Asked[]> {
  const found: Asked[] = [];
  for (const person of PEOPLE) found.push({ person, idField: await referralIdField(org, account, person.sobject) });
  const hidden = found.find(({ idField }) => idField === null);
  const byReferral = asked.filter(({ referralId }) => referralId !== null);
  if (hidden === undefined || byReferral.length === 0) return found;
  const nowhere = found.every(({ idField }) => idField === null);
  if (nowhere || byReferral.some(({ email }) => email === null)) throw noExternalId(hidden.person.sobject);
  return found;
}

/** Salesforce's name of the field with our referral's id; null where it is not there for us. */
export async function referralIdField(org: OrgAccess, account: CrmAccount, sobject: string): Promise<string | null> {
  const name = CONTACT_FIELD_NAMES.referralId;
  return (await org.descriptions.with(account, sobject, [name])).find(name)?.name ?? null;
}

export function noExternalId(sobject: string): CrmPackageMissing {
  return new CrmPackageMissing(`${sobject} has no Referral_Id__c that the connected user may use.`, { sobject });
}

type Asked = { readonly person: Person; readonly idField: string | null };

function conditions(wanted: readonly Wanted[], { person, idField }: Asked): readonly Soql[] {
  const emails = wanted.flatMap(({ email }) => email ?? []);
  const referrals = wanted.flatMap(({ referralId }) => referralId ?? []);
  const withEmail = (): Soql => allOf([...person.withEmail, isIn('Email', [...new Set(emails)].map(textLiteral))]);
  return [
    ...(emails.length === 0 ? [] : [withEmail()]),
    ...(referrals.length === 0 || idField === null ? [] : [isIn(idField, [...new Set(referrals)].map(textLiteral))]),
  ];
}

function keepFirst(found: Map<string, string>, value: string | null | undefined, id: string): void {
  if (value !== null && value !== undefined && !found.has(value)) found.set(value, id);
}

function byAge(a: JsonObject, b: JsonObject): number {
  const difference = time(a, 'CreatedDate').getTime() - time(b, 'CreatedDate').getTime();
  return difference !== 0 ? difference : idOf(a) < idOf(b) ? -1 : 1;
}
