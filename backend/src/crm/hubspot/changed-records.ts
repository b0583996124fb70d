import { CrmUnavailable } from '../errors.ts';
import type { ChangedRecordsInput, ChangedRecordsPage, CrmAccount } from '../port.ts';
import { objectOrEmpty, requireList, textOrNull } from './answer-shape.ts';
import { API_PATHS } from './api-paths.ts';
import type { HubSpotGateway } from './gateway.ts';
import { fromHubSpotChange, MODIFIED_PROPERTY } from './mapping.ts';

const PAGE = 200;

/**
 * One page of the records changed in a closed window, by ascending id. Pages are cut by `hs_object_id`, never by HubSpot's
 * `after`: that one ends at 10,000 results, and one import can give more rows than that a single timestamp.
 * HubSpot's search index lags by seconds: the caller's windows must overlap.
 */
export async function readChangedRecords(
  gateway: HubSpotGateway,
  account: CrmAccount,
  input: ChangedRecordsInput,
): Promise<ChangedRecordsPage> {
  const window = {
    propertyName: MODIFIED_PROPERTY[input.objectType],
    operator: 'BETWEEN',
    value: String(input.from.getTime()),
    highValue: String(input.to.getTime()),
  };
  const above = input.afterId === null ? [] : [{ propertyName: 'hs_object_id', operator: 'GT', value: input.afterId }];
  const answer = await gateway.call({
    account,
    kind: 'search',
    method: 'POST',
    path: API_PATHS.search(input.objectType),
    body: {
      filterGroups: [{ filters: [window, ...above] }],
      sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
      properties: ['hs_object_id', MODIFIED_PROPERTY[input.objectType]],
      limit: PAGE,
    },
  });
  const body = objectOrEmpty(answer.body);
  const records = requireList(body['results'], 'the results of a search').map((result) =>
    fromHubSpotChange(input.objectType, result),
  );
  requireAscending(
    records.map(({ id }) => id),
    input.afterId,
  );
  const cursor = textOrNull(objectOrEmpty(objectOrEmpty(body['paging'])['next'])['after']);
  const more = records.length >= PAGE || cursor !== null;
  return { records, nextAfterId: more ? (records.at(-1)?.id ?? null) : null };
}

/** A page in another order would make the next one skip records without anybody noticing. */
function requireAscending(ids: readonly string[], afterId: string | null): void {
  let previous = BigInt(afterId ?? 0);
  for (const id of ids.map(BigInt)) {
    if (id <= previous) throw new CrmUnavailable('HubSpot answered a search in another order than asked for.');
    previous = id;
  }
}
