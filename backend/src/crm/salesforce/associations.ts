import { textOrNull, type JsonObject } from '../answer-shape.ts';
import type { AssociatedRecord, CrmAccount, CrmObjectType, ReadAssociationsInput } from '../port.ts';
import { PRIMARY_ROLE } from './contact-roles.ts';
import type { OrgAccess } from './org-access.ts';
import { sobjectOfId, toLongId } from './record-ids.ts';
import { readStandardRowsById } from './standard-rows.ts';

/** Where Salesforce keeps who belongs to what. */
type Relation = {
  readonly from: string;
  /** Field with the id that was asked for, and field with the other one. */
  readonly asked: string;
  readonly other: string;
  readonly roles?: true;
};

const RELATIONS: Readonly<Record<string, Relation>> = {
  'deal/contact': { from: 'OpportunityContactRole', asked: 'OpportunityId', other: 'ContactId', roles: true },
  'contact/deal': { from: 'OpportunityContactRole', asked: 'ContactId', other: 'OpportunityId', roles: true },
  'contact/company': { from: 'Contact', asked: 'Id', other: 'AccountId' },
  'company/contact': { from: 'Contact', asked: 'AccountId', other: 'Id' },
  'deal/company': { from: 'Opportunity', asked: 'Id', other: 'AccountId' },
  'company/deal': { from: 'Opportunity', asked: 'AccountId', other: 'Id' },
};

/** Object whose ids are asked for: without a right to it there would be nothing where there is something. */
const ASKED_FROM: Readonly<Record<CrmObjectType, string>> = {
  contact: 'Contact',
  company: 'Account',
  deal: 'Opportunity',
};

/** Ids associated to each asked id, distinct and sorted. A lead belongs to no company and has no deals. */
export async function readAssociations(
  org: OrgAccess,
  account: CrmAccount,
  input: ReadAssociationsInput,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const associated = await readAssociatedRoles(org, account, input);
  return new Map([...associated].map(([id, others]) => [id, others.map((other) => other.id)]));
}

/** The same with the roles that contacts have on deals. */
export async function readAssociatedRoles(
  org: OrgAccess,
  account: CrmAccount,
  input: ReadAssociationsInput,
): Promise<ReadonlyMap<string, readonly AssociatedRecord[]>> {
  const relation = RELATIONS[`${input.from}/${input.to}`];
  if (relation === undefined) throw new Error(`Nothing associates a ${input.from} with a ${input.to}.`);
  const ids = input.ids.map(toLongId).filter((id) => sobjectOfId(input.from, id) === ASKED_FROM[input.from]);
  if (ids.length > 0) await org.descriptions.of(account, ASKED_FROM[input.from]);
  const { from, asked, other } = relation;
  const rows = await readStandardRowsById(org, account, {
    select: [asked, other],
    optional: relation.roles === true ? ['Role', 'IsPrimary'] : [],
    from,
    by: asked,
    ids,
    kind: 'default',
  });
  const byId = Map.groupBy(rows, (row) => textOrNull(row[asked]) ?? '');
  return new Map(input.ids.map((id) => [id, toAssociated(byId.get(toLongId(id)) ?? [], other)]));
}

/** A contact may be on a deal several times, in one role each. */
function toAssociated(rows: readonly JsonObject[], other: string): readonly AssociatedRecord[] {
  const roles = new Map<string, Set<string>>();
  for (const row of rows) {
    const id = textOrNull(row[other]);
    if (id === null) continue;
    const role = textOrNull(row['Role']);
    const named = roles.get(id) ?? new Set();
    if (role !== null) named.add(role);
    if (row['IsPrimary'] === true) named.add(PRIMARY_ROLE.id);
    roles.set(id, named);
  }
  return [...roles].map(([id, named]) => ({ id, roles: [...named].sort() })).sort((a, b) => (a.id < b.id ? -1 : 1));
}
