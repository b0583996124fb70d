import type { CrmAccount, CrmObjectType } from '../port.ts';
import { API_PATHS } from './api-paths.ts';
import type { HubSpotGateway } from './gateway.ts';
import { liveResults } from './records.ts';

export type ReadByUniqueValueInput = {
  readonly objectType: CrmObjectType;
  /** A property HubSpot keeps unique; a value of any other is refused. */
  readonly property: string;
  /** At most 100 distinct values. */
  readonly values: readonly string[];
  readonly properties: readonly string[];
};

/** HubSpot's live records that hold one of the values, in one call and in HubSpot's order. */
export async function readByUniqueValue(
  gateway: HubSpotGateway,
  account: CrmAccount,
  input: ReadByUniqueValueInput,
): Promise<readonly unknown[]> {
  const answer = await gateway.call({
    account,
    kind: 'default',
    method: 'POST',
    path: API_PATHS.objectBatch(input.objectType, 'read'),
    body: {
      idProperty: input.property,
      inputs: input.values.map((id) => ({ id })),
      properties: input.properties,
      propertiesWithHistory: [],
    },
  });
  return liveResults(answer);
}
