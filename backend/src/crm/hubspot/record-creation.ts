import type { CrmAccount, CrmObjectType, WriteOutcome } from '../port.ts';
import type { JsonObject } from './answer-shape.ts';
import { API_PATHS } from './api-paths.ts';
import type { HubSpotGateway } from './gateway.ts';
import { toHubSpotProperties } from './mapping.ts';
import type { BatchItem } from './write-answer.ts';
import { writeBatch } from './write-batch.ts';
import type { UniqueValue } from './write-refusal.ts';

export type NewRecord = BatchItem & { readonly unique: UniqueValue; readonly associations: readonly JsonObject[] };

export type CreateRecordsInput = {
  readonly objectType: CrmObjectType;
  /** At most 100, with distinct keys. */
  readonly records: readonly NewRecord[];
  /** The ids of the records that hold one of these unique values, by value, in one call. */
  readonly findExisting: (values: readonly string[]) => Promise<ReadonlyMap<string, string>>;
};

/**
 * Creates records, one outcome each in their order. One whose unique value HubSpot knows already is refused with
 * `record_exists` and, where it can be found, the existing id; it blocks no other.
 */
export function createRecords(
  gateway: HubSpotGateway,
  account: CrmAccount,
  input: CreateRecordsInput,
): Promise<readonly WriteOutcome[]> {
  return writeBatch({
    items: input.records,
    send: (sent) =>
      gateway.call({
        account,
        kind: 'default',
        method: 'POST',
        path: API_PATHS.objectBatch(input.objectType, 'create'),
        body: { inputs: sent.map(toInput) },
      }),
    findConflicts: (refused) => refusalsOfExisting(input, refused),
  });
}

function toInput({ key, values, unique, associations }: NewRecord) {
  const properties = { ...toHubSpotProperties(values), [unique.property]: unique.value };
  return { properties, associations, objectWriteTraceId: key };
}

async function refusalsOfExisting({ objectType, findExisting }: CreateRecordsInput, records: readonly NewRecord[]) {
  const existing = await findExisting([...new Set(records.map(({ unique }) => unique.value))]);
  const outcomes = new Map<string, WriteOutcome>();
  for (const { key, unique } of records) {
    const existingRecordId = existing.get(unique.value);
    if (existingRecordId === undefined) continue;
    const message = `A ${objectType} with this ${unique.property} already exists. Existing ID: ${existingRecordId}`;
    const refusal = { code: 'record_exists', message, fields: [unique.property], existingRecordId } as const;
    outcomes.set(key, { key, ok: false, refusal });
  }
  return outcomes;
}
