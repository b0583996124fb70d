import type { CrmAccount, CrmObjectType, RecordWrite, WriteOutcome } from '../port.ts';
import { API_PATHS } from './api-paths.ts';
import type { HubSpotGateway } from './gateway.ts';
import { toHubSpotProperties } from './mapping.ts';
import { writeBatch } from './write-batch.ts';

export type UpdateRecordsInput = {
  readonly objectType: CrmObjectType;
  /** At most 100 records; two writes to one record are sent as one, the later value winning. */
  readonly writes: readonly RecordWrite[];
};

/**
 * Writes field values, one outcome per record, keyed by the id that was asked for. `recordId` is the survivor's when the
 * record was merged away; `values` are HubSpot's, which may have coerced ours.
 */
export function updateRecords(
  gateway: HubSpotGateway,
  account: CrmAccount,
  input: UpdateRecordsInput,
): Promise<readonly WriteOutcome[]> {
  const byId = new Map<string, RecordWrite['values']>();
  for (const { id, values } of input.writes) byId.set(id, { ...byId.get(id), ...values });
  return writeBatch({
    items: [...byId].map(([id, values]) => ({ key: id, id, values })),
    send: (sent) =>
      gateway.call({
        account,
        kind: 'default',
        method: 'POST',
        path: API_PATHS.objectBatch(input.objectType, 'update'),
        body: {
          inputs: sent.map(({ id, values }) => ({
            id,
            properties: toHubSpotProperties(values),
            objectWriteTraceId: id,
          })),
        },
      }),
  });
}
