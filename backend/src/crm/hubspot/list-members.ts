import { CrmListGone, CrmUnavailable } from '../errors.ts';
import type { CrmAccount, ListMembersPage } from '../port.ts';
import { requireObject } from './answer-shape.ts';
import { API_PATHS } from './api-paths.ts';
import type { HubSpotGateway } from './gateway.ts';
import { fromHubSpotMembers } from './mapping.ts';
import { HubSpotRejected } from './rejection.ts';

export type ReadListMembersInput = { readonly listId: string; readonly cursor: string | null };

/**
 * One page of the records in a list, at most 250. Raises `CrmListGone` where HubSpot knows no such list. The answer does
 * not say what kind of records they are: only a list that `findLists` finds is one of contacts.
 */
export async function readListMembers(
  gateway: HubSpotGateway,
  account: CrmAccount,
  { listId, cursor }: ReadListMembersInput,
): Promise<ListMembersPage> {
  // HubSpot numbers its lists; anything else would lead to another address.
  if (!/^\d+$/.test(listId)) throw gone(listId);
  const path = API_PATHS.listMembers(listId, cursor);
  try {
    const answer = await gateway.call({ account, kind: 'default', method: 'GET', path });
    const page = fromHubSpotMembers(requireObject(answer.body, 'the members of a list'));
    if (page.nextCursor === null || page.nextCursor !== cursor) return page;
  } catch (error) {
    // A 404 without HubSpot's own words is a wrong address, not a list that is gone.
    if (error instanceof HubSpotRejected && error.status === 404 && error.error.category !== null)
      throw gone(listId, error);
    throw error;
  }
  throw new CrmUnavailable('HubSpot answered a page of a list that leads to itself.');
}

function gone(listId: string, cause?: unknown): CrmListGone {
  return new CrmListGone('The CRM has no such list of contacts.', { listId }, cause);
}
