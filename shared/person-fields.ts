/** What programs may name fields of: in Salesforce a person stands as a lead before they are a contact. */
export type ProgramObject = 'contact' | 'lead' | 'company' | 'deal';

/** How a lead's field is told from the field of a contact that has the same name. */
export const LEAD_PREFIX = 'Lead.';

/** What decisions read of a Salesforce person so as to tell a lead from a contact. */
export const LEAD_CONVERTED = 'Lead.IsConverted';

/** What rules on leads need besides: a lead may be far younger than the contact it became. */
export const LEAD_CREATED_AT = 'Lead.CreatedDate';
/** A day of the org's, without a time. */
export const LEAD_CONVERTED_ON = 'Lead.ConvertedDate';

/**
 * The field as the record of a person carries it: a lead becomes a contact and keeps what it held as a lead, so its fields
 * have names of their own there.
 */
export function fieldOnRecord({ object, field }: { readonly object: ProgramObject; readonly field: string }): string {
  return object === 'lead' ? `${LEAD_PREFIX}${field}` : field;
}

export function isLeadField(nameOnRecord: string): boolean {
  return nameOnRecord.startsWith(LEAD_PREFIX);
}

/** Of what kind of record that is in the CRM port's words: a lead is the record of a person. */
export function recordTypeOf(object: ProgramObject): 'contact' | 'company' | 'deal' {
  return object === 'lead' ? 'contact' : object;
}

/** A Salesforce lead that is no contact yet: what rules say about contacts does not concern it (RR-51, RR-52). */
export function isLeadOnly(values: Readonly<Record<string, string | null>>): boolean {
  return values[LEAD_CONVERTED] === 'false';
}
