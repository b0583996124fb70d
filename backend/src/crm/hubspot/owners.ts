import { CrmUnavailable } from '../errors.ts';
import type { CrmAccount, CrmOwner } from '../port.ts';
import { nextCursor, objectOrEmpty, requireList } from './answer-shape.ts';
import { API_PATHS } from './api-paths.ts';
import type { HubSpotGateway } from './gateway.ts';
import { fromHubSpotOwner, isActiveUser } from './mapping.ts';

/** Every active user who may own records, in HubSpot's order. One call per hundred. */
export async function readOwners(gateway: HubSpotGateway, account: CrmAccount): Promise<readonly CrmOwner[]> {
  const owners: CrmOwner[] = [];
  const seen = new Set<string | null>();
  let after: string | null = null;
  do {
    if (seen.has(after)) throw new CrmUnavailable('HubSpot answered a page of owners that leads to itself.');
    seen.add(after);
    const answer = await gateway.call({ account, kind: 'default', method: 'GET', path: API_PATHS.owners(after) });
    const body = objectOrEmpty(answer.body);
    owners.push(...requireList(body['results'], 'the owners').filter(isActiveUser).map(fromHubSpotOwner));
    after = nextCursor(body);
  } while (after !== null);
  return owners;
}
