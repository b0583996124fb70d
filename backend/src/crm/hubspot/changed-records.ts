import type { ChangedRecordsInput, ChangedRecordsPage, CrmAccount } from '../port.ts';
import type { HubSpotGateway } from './gateway.ts';
import { fromHubSpotChange, MODIFIED_PROPERTY } from './mapping.ts';
import { readSearchPage } from './search-page.ts';

/**
 * One page of the records changed in a closed window, by ascending id. HubSpot's search index lags by seconds: the
 * caller's windows must overlap.
 */
export async function readChangedRecords(
  gateway: HubSpotGateway,
  account: CrmAccount,
  input: ChangedRecordsInput,
): Promise<ChangedRecordsPage> {
  const { objectType, afterId } = input;
  const propertyName = MODIFIED_PROPERTY[objectType];
  const [value, highValue] = [input.from, input.to].map((end) => String(end.getTime()));
  const { results, nextAfterId } = await readSearchPage(gateway, account, {
    objectType,
    filters: [{ propertyName, operator: 'BETWEEN', value, highValue }],
    properties: ['hs_object_id', propertyName],
    afterId,
  });
  return { records: results.map((result) => fromHubSpotChange(objectType, result)), nextAfterId };
}
