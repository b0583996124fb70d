import { textOrNull } from '../answer-shape.ts';
import { CrmListGone, CrmRejected, CrmPermissionMissing } from '../errors.ts';
import type { CrmAccount, ListMembersPage } from '../port.ts';
import { requireAscending } from './changed-records.ts';
import { idOf } from './mapping.ts';
import type { OrgAccess } from './org-access.ts';
import { countRows } from './query.ts';
import { compare, COUNT, idLiteral, isRecordId, select } from './soql.ts';
import { readStandardRows } from './standard-rows.ts';

export type ReadListMembersInput = { readonly listId: string; readonly cursor: string | null };

/** What the ids of campaigns begin with. */
const PREFIX = '701';

/** One page of the contacts and leads of a campaign. Raises `CrmListGone` where Salesforce knows no such campaign. */
export async function readListMembers(
  org: OrgAccess,
  account: CrmAccount,
  { listId, cursor }: ReadListMembersInput,
): Promise<ListMembersPage> {
  const kind = 'background' as const;
  if (!isRecordId(listId) || (cursor !== null && !isRecordId(cursor))) throw gone(listId);
  const ofList = compare('CampaignId', '=', idLiteral(listId));
  const [campaign] = await readStandardRows(org, account, {
    select: ['Id'],
    from: 'Campaign',
    where: [compare('Id', '=', idLiteral(listId))],
    kind,
  }).catch(unreadable);
  if (campaign === undefined || !listId.startsWith(PREFIX)) throw gone(listId);
  const rows = await readStandardRows(org, account, {
    select: ['Id', 'ContactId', 'LeadId'],
    from: 'CampaignMember',
    where: [ofList, ...(cursor === null ? [] : [compare('Id', '>', idLiteral(cursor))])],
    orderBy: ['Id'],
    limit: org.pageSize,
    kind,
  });
  requireAscending(rows, cursor);
  const soql = select({ select: [COUNT], from: 'CampaignMember', where: [ofList] });
  const last = rows.at(-1);
  // A lead that was converted stays a member under its own id; its contact is named beside it.
  const people = rows.map((row) => textOrNull(row['ContactId']) ?? textOrNull(row['LeadId']));
  return {
    recordIds: [...new Set(people.filter((id) => id !== null))],
    total: await countRows(org.gateway, account, { soql, kind }),
    nextCursor: rows.length >= org.pageSize && last !== undefined ? idOf(last) : null,
  };
}

/** Whoever may not read campaigns enrols nobody from them; the rest of the connection's work goes on. */
function unreadable(error: unknown): never {
  if (error instanceof CrmPermissionMissing)
    throw new CrmRejected('The connected user may not read campaigns.', {}, error);
  throw error;
}

function gone(listId: string): CrmListGone {
  return new CrmListGone('The CRM has no such list of contacts.', { listId });
}
