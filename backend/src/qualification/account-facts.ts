import type { ProgramObject } from '../../../shared/person-fields.ts';
import type { ContactRole, CrmOwner, FieldDescription, Pipeline } from '../crm/port.ts';

/** What a CRM account offers, as far as it could be read; null = not known. */
export type AccountFacts = {
  readonly pipelines: readonly Pipeline[] | null;
  readonly contactFields: readonly FieldDescription[] | null;
  /** Salesforce only: HubSpot has no leads, so none of their fields. */
  readonly leadFields: readonly FieldDescription[] | null;
  readonly companyFields: readonly FieldDescription[] | null;
  readonly dealFields: readonly FieldDescription[] | null;
  readonly contactRoles: readonly ContactRole[] | null;
  readonly owners: readonly CrmOwner[] | null;
};

export const NOTHING_KNOWN: AccountFacts = {
  pipelines: null,
  contactFields: null,
  leadFields: null,
  companyFields: null,
  dealFields: null,
  contactRoles: null,
  owners: null,
};

export function fieldsOf(facts: AccountFacts, object: ProgramObject): readonly FieldDescription[] | null {
  const { contactFields: contact, leadFields: lead, companyFields: company, dealFields: deal } = facts;
  return { contact, lead, company, deal }[object];
}
