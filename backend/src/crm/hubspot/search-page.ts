import { CrmUnavailable } from '../errors.ts';
import type { CrmAccount, CrmObjectType } from '../port.ts';
import { nextCursor, objectOrEmpty, requireList, requireText, type JsonObject } from './answer-shape.ts';
import { API_PATHS } from './api-paths.ts';
import type { HubSpotGateway } from './gateway.ts';

/** HubSpot takes 3,000 characters of a search: few filters, and not every property of a record. */
export type SearchPageInput = {
  readonly objectType: CrmObjectType;
  readonly filters: readonly JsonObject[];
  readonly properties: readonly string[];
  /** Only records with a higher id; null for the first page. */
  readonly afterId: string | null;
};

export type SearchPage = {
  readonly results: readonly unknown[];
  /** Of the results, in their order. */
  readonly ids: readonly string[];
  /** HubSpot's whole answer. */
  readonly body: JsonObject;
  /** Null when there is nothing behind this page. */
  readonly nextAfterId: string | null;
};

const PAGE = 200;

/**
 * One page of a search, by ascending id. Pages are cut by `hs_object_id`, never by HubSpot's `after`: that one ends at
 * 10,000 results, and one import can give more rows than that a single timestamp. The search index lags by seconds.
 */
export async function readSearchPage(
  gateway: HubSpotGateway,
  account: CrmAccount,
  input: SearchPageInput,
): Promise<SearchPage> {
  const above = { propertyName: 'hs_object_id', operator: 'GT', value: input.afterId ?? '0' };
  const answer = await gateway.call({
    account,
    kind: 'search',
    method: 'POST',
    path: API_PATHS.search(input.objectType),
    body: {
      filterGroups: [{ filters: [...input.filters, above] }],
      sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
      properties: input.properties,
      limit: PAGE,
    },
  });
  const body = objectOrEmpty(answer.body);
  const results = requireList(body['results'], 'the results of a search');
  const ids = results.map((result) => requireText(objectOrEmpty(result)['id'], 'the id of a search result'));
  requireAscending(ids, input.afterId);
  const more = results.length >= PAGE || nextCursor(body) !== null;
  return { results, ids, body, nextAfterId: more ? (ids.at(-1) ?? null) : null };
}

/** A page in another order would make the next one skip records without anybody noticing. */
function requireAscending(ids: readonly string[], afterId: string | null): void {
  let previous = BigInt(afterId ?? 0);
  for (const id of ids) {
    if (!/^\d+$/.test(id) || BigInt(id) <= previous)
      throw new CrmUnavailable('HubSpot answered a search in another order than asked for.');
    previous = BigInt(id);
  }
}
