import type { ContactRole, CrmObjectType, CrmOwner, FieldDescription, Pipeline } from '../crm/port.ts';

/** What a CRM account offers, as far as it could be read; null = not known. */
export type AccountFacts = {
  readonly pipelines: readonly Pipeline[] | null;
  readonly contactFields: readonly FieldDescription[] | null;
  readonly companyFields: readonly FieldDescription[] | null;
  readonly dealFields: readonly FieldDescription[] | null;
  readonly contactRoles: readonly ContactRole[] | null;
  readonly owners: readonly CrmOwner[] | null;
};

export const NOTHING_KNOWN: AccountFacts = {
  pipelines: null,
  contactFields: null,
  companyFields: null,
  dealFields: null,
  contactRoles: null,
  owners: null,
};

export function fieldsOf(facts: AccountFacts, object: CrmObjectType): readonly FieldDescription[] | null {
  return { contact: facts.contactFields, company: facts.companyFields, deal: facts.dealFields }[object];
}
