import type { ContactList, CrmAccount } from '../port.ts';
import { objectOrEmpty, requireList } from './answer-shape.ts';
import { API_PATHS } from './api-paths.ts';
import type { HubSpotGateway } from './gateway.ts';
import { fromHubSpotList, isListOfContacts, LIST_SIZE_PROPERTY, LISTS_OF_CONTACTS } from './mapping.ts';

export type FindListsInput = { readonly query: string | null; readonly listIds: readonly string[] };

/** HubSpot's own maximum. Who has more lists finds one by its name. */
const MOST = 500;

/**
 * Lists of contacts whose name contains `query`, of `listIds` only where there are any: null and none mean every list.
 * At most 500; deleted ones, and those of other objects, are left out.
 */
export async function findLists(
  gateway: HubSpotGateway,
  account: CrmAccount,
  input: FindListsInput,
): Promise<readonly ContactList[]> {
  const query = input.query?.trim() ?? '';
  const answer = await gateway.call({
    account,
    kind: 'default',
    method: 'POST',
    path: API_PATHS.listSearch,
    body: {
      ...LISTS_OF_CONTACTS,
      ...(query === '' ? {} : { query }),
      listIds: input.listIds,
      additionalProperties: [LIST_SIZE_PROPERTY],
      offset: 0,
      count: MOST,
    },
  });
  const lists = requireList(objectOrEmpty(answer.body)['lists'], 'the lists');
  return lists.filter(isListOfContacts).map(fromHubSpotList);
}
