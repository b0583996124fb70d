import { textOrNull, type JsonObject } from '../answer-shape.ts';
import type { ContactList, CrmAccount } from '../port.ts';
import { idOf } from './mapping.ts';
import type { OrgAccess } from './org-access.ts';
import { contains, idLiteral, isIn, isRecordId } from './soql.ts';
import { readStandardRows } from './standard-rows.ts';

export type FindListsInput = { readonly query: string | null; readonly listIds: readonly string[] };

/** Who has more campaigns finds one by its name. */
const MOST = 500;

/** In Salesforce people are gathered in campaigns: those whose name contains `query`, of `listIds` where there are any. */
export async function findLists(
  org: OrgAccess,
  account: CrmAccount,
  input: FindListsInput,
): Promise<readonly ContactList[]> {
  const query = input.query?.trim() ?? '';
  const ids = input.listIds.filter(isRecordId).map(idLiteral);
  if (input.listIds.length > 0 && ids.length === 0) return [];
  const rows = await readStandardRows(org, account, {
    select: ['Id', 'Name'],
    optional: ['NumberOfContacts', 'NumberOfLeads'],
    from: 'Campaign',
    where: [...(query === '' ? [] : [contains('Name', query)]), ...(ids.length === 0 ? [] : [isIn('Id', ids)])],
    orderBy: ['Name', 'Id'],
    limit: MOST,
    kind: 'background',
  });
  return rows.map(fromCampaign);
}

function fromCampaign(row: JsonObject): ContactList {
  return { id: idOf(row), name: textOrNull(row['Name']) ?? '', kind: 'static', size: sizeOf(row) };
}

/** As Salesforce counts: a lead that was converted since may be among both. */
function sizeOf(row: JsonObject): number | null {
  const [contacts, leads] = [row['NumberOfContacts'], row['NumberOfLeads']];
  return typeof contacts === 'number' && typeof leads === 'number' ? contacts + leads : null;
}
