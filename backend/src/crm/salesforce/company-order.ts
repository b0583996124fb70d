import { textOrNull } from '../answer-shape.ts';
import type { CrmAccount } from '../port.ts';
import type { CollectionItem } from './collection.ts';
import { idOf } from './mapping.ts';
import type { OrgAccess } from './org-access.ts';
import { readStandardRowsById } from './standard-rows.ts';

/** Whoever writes to contacts of one company at once waits for the company: in its order they get through. */
export async function byCompany(
  org: OrgAccess,
  account: CrmAccount,
  items: readonly CollectionItem[],
): Promise<readonly CollectionItem[]> {
  const contacts = items.filter(({ sobject }) => sobject === 'Contact').flatMap(({ id }) => id ?? []);
  if (contacts.length < 2) return items;
  const rows = await readStandardRowsById(org, account, {
    select: ['Id', 'AccountId'],
    from: 'Contact',
    by: 'Id',
    ids: contacts,
    kind: 'default',
  });
  const companies = new Map(rows.map((row) => [idOf(row), textOrNull(row['AccountId']) ?? '']));
  const placeOf = ({ sobject, id }: CollectionItem) => `${sobject} ${companies.get(id ?? '') ?? ''} ${id ?? ''}`;
  return items.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}
