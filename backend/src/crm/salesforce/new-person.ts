import type { CrmAccount, ContactDraft, FieldValues } from '../port.ts';
import type { CollectionItem } from './collection.ts';
import { noExternalId } from './existing-people.ts';
import { toSalesforcePerson } from './mapping.ts';
import type { OrgAccess } from './org-access.ts';
import { CONTACT_FIELD_NAMES } from './own-fields.ts';

/** Salesforce's own word for a company that nobody named. */
const NO_COMPANY = '[not provided]';

/** How records of people are made: those of one kind go into one call. */
export type CreationKind = {
  readonly sobject: 'Contact' | 'Lead';
  readonly assign: boolean;
  readonly allowDuplicate: boolean;
  /** Salesforce's name of the field by which a second try finds the first; null: the record has none for us. */
  readonly externalId: string | null;
};

export type NewPerson = CollectionItem & { readonly draft: ContactDraft };

export async function creationKind(
  org: OrgAccess,
  account: CrmAccount,
  { as, assign, allowDuplicate, referralId }: ContactDraft,
): Promise<CreationKind> {
  const sobject = as === 'lead' ? 'Lead' : 'Contact';
  const externalId = referralId === undefined ? null : await keyOfReferral(org, account, sobject);
  // Beside somebody with the same address only the referral would tell a second try from the first.
  if (referralId !== undefined && externalId === null && allowDuplicate) throw noExternalId(sobject);
  return { sobject, assign: assign ?? true, allowDuplicate: allowDuplicate ?? false, externalId };
}

/** Null where the connected user may not fill it: then a second try finds the first by its address (E23). */
async function keyOfReferral(org: OrgAccess, account: CrmAccount, sobject: string): Promise<string | null> {
  const name = CONTACT_FIELD_NAMES.referralId;
  const field = (await org.descriptions.with(account, sobject, [name])).find(name);
  return field?.createable === true ? field.name : null;
}

/** What a new contact or lead is made with. A person's details that the org does not take are left out, values never. */
export function newPerson(draft: ContactDraft, { sobject, externalId }: CreationKind): NewPerson {
  const { key, email, values, referralId } = draft;
  const ofReferral = externalId === null ? {} : { [CONTACT_FIELD_NAMES.referralId]: referralId ?? null };
  return {
    key,
    sobject,
    values: { ...values, [CONTACT_FIELD_NAMES.email]: email, ...ofReferral },
    besides: personOf(draft, sobject),
    draft,
  };
}

/** Salesforce makes nobody without a last name, and no lead without a company. */
function personOf({ email, person, values }: ContactDraft, sobject: CreationKind['sobject']): FieldValues {
  const known = person === undefined ? {} : toSalesforcePerson(person);
  const company: FieldValues = sobject === 'Lead' ? { Company: person?.company?.trim() || NO_COMPANY } : {};
  const lastName = { LastName: email.trim().split('@')[0] || email };
  const named = Object.entries(values).filter(([, value]) => value !== null && value.trim() !== '');
  return { ...lastName, ...company, ...known, ...Object.fromEntries(named) };
}
