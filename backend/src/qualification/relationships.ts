import type { CrmName } from '../crm/port.ts';

/** An object of either CRM in our words: a company is an Account, a deal an Opportunity. */
export type RelatedObject = 'lead' | 'contact' | 'company' | 'deal';

/** How many records of the one a record of the other may lead to. */
export type Reach = 'self' | 'one' | 'many';

export type Relationship = {
  readonly from: RelatedObject;
  readonly to: RelatedObject;
  readonly reach: Reach;
  /** The rows of the table it stands for; two where the table prints it twice. */
  readonly rows: readonly string[];
};

/** Printed for both CRMs; a pair that is not here leads nowhere (C2). */
const SHARED: readonly Relationship[] = [
  { from: 'contact', to: 'contact', reach: 'self', rows: ['RR-52'] },
  { from: 'contact', to: 'company', reach: 'one', rows: ['RR-53'] },
  { from: 'contact', to: 'deal', reach: 'many', rows: ['RR-54'] },
  { from: 'company', to: 'contact', reach: 'many', rows: ['RR-55'] },
  { from: 'company', to: 'company', reach: 'self', rows: ['RR-56', 'RR-58'] },
  { from: 'company', to: 'deal', reach: 'many', rows: ['RR-57', 'RR-59'] },
  { from: 'deal', to: 'contact', reach: 'many', rows: ['RR-60'] },
  { from: 'deal', to: 'company', reach: 'one', rows: ['RR-61'] },
  // Not printed, and yet the first of all rules needs it.
  { from: 'deal', to: 'deal', reach: 'self', rows: ['C2'] },
];

/** Which object leads to which, by CRM. HubSpot's contacts are its leads: it has no row for them. */
export const RELATIONSHIPS: Readonly<Record<CrmName, readonly Relationship[]>> = {
  hubspot: SHARED,
  salesforce: [{ from: 'lead', to: 'lead', reach: 'self', rows: ['RR-51'] }, ...SHARED],
};

/** Why a record was found, or why none was. */
export type Because = 'self' | 'one' | 'none' | 'several' | 'no_path';

export type Related<Known> = { readonly record: Known | null; readonly because: Because };

export type RelatedInput<Known> = {
  readonly crm: CrmName;
  /** What triggered; `record` is null when it is not known itself. */
  readonly from: { readonly objectType: RelatedObject; readonly record: Known | null };
  readonly to: RelatedObject;
  /** Records of the wanted object that are known to be associated with it, in any order; one may come twice. */
  readonly associated: readonly Known[];
};

/**
 * The one record of the wanted object a record leads to. Of several it never takes the first, and of a pair that is not in
 * the table none (RR-48 to RR-50): null then, with its reason.
 */
export function relatedRecord<Known extends { readonly recordId: string }>(input: RelatedInput<Known>): Related<Known> {
  const { crm, from, to } = input;
  const relationship = RELATIONSHIPS[crm].find((row) => row.from === from.objectType && row.to === to);
  if (relationship === undefined) return { record: null, because: 'no_path' };
  if (relationship.reach === 'self') return { record: from.record, because: from.record === null ? 'none' : 'self' };
  const distinct = new Map(input.associated.map((record) => [record.recordId, record]));
  const [record = null] = distinct.values();
  // "One" is what the CRM promises, not what is taken for granted: two of it are several all the same.
  if (distinct.size > 1) return { record: null, because: 'several' };
  return { record, because: record === null ? 'none' : 'one' };
}
