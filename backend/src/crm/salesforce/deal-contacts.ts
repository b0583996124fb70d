import { textOrNull } from '../answer-shape.ts';
import type { CrmAccount, DealDraft } from '../port.ts';
import { readFollowedRows } from './followed-rows.ts';
import { idOf } from './mapping.ts';
import type { OrgAccess } from './org-access.ts';

/** The contact of a new deal, and its company: the deal is the company's as well. */
export type DealContact = { readonly id: string; readonly companyId: string | null };

/** By the id of the draft, which may be that of a lead that was converted; nothing for a lead, and for what is gone. */
export async function findContactsOfDeals(
  org: OrgAccess,
  account: CrmAccount,
  drafts: readonly DealDraft[],
): Promise<ReadonlyMap<string, DealContact>> {
  const ids = [...new Set(drafts.map(({ contactId }) => contactId))];
  const fields = ['AccountId'];
  const followed = await readFollowedRows(org, account, { objectType: 'contact', ids, fields, kind: 'default' });
  const found = new Map<string, DealContact>();
  for (const id of ids) {
    const survivor = followed.survivorOf(id);
    if (survivor?.sobject !== 'Contact') continue;
    found.set(id, { id: idOf(survivor.row), companyId: textOrNull(survivor.row['AccountId']) });
  }
  return found;
}
