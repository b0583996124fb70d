import type { CrmAccount, CrmRecord, ReadRecordsInput } from '../port.ts';
import { listOrEmpty, objectOrEmpty, requireList, textOrNull } from './answer-shape.ts';
import { API_PATHS } from './api-paths.ts';
import type { HubSpotAnswer, HubSpotGateway } from './gateway.ts';
import { fromHubSpotRecord, isArchived, propertiesToRead } from './mapping.ts';

/**
 * Reads live records by id. An id that was merged away is answered under the id of its survivor; it is told apart by
 * the survivor's list of merged ids, and where that list is silent by asking for the id alone.
 */
export async function readRecords(
  gateway: HubSpotGateway,
  account: CrmAccount,
  input: ReadRecordsInput,
): Promise<ReadonlyMap<string, CrmRecord>> {
  const asked = [...new Set(input.ids)];
  if (asked.length === 0) return new Map();
  const { records, missing } = await readBatch(gateway, account, { ...input, ids: asked });
  const found = new Map<string, CrmRecord>();
  for (const id of asked) {
    const record =
      records.find((candidate) => candidate.id === id) ?? records.find(({ mergedIds }) => mergedIds.includes(id));
    if (record !== undefined) found.set(id, record);
  }
  const answered = new Set([...found.values()].map(({ id }) => id));
  if (asked.length > 1 && records.some(({ id }) => !answered.has(id))) {
    const unexplained = asked.filter((id) => !found.has(id) && !missing.has(id));
    for (const id of unexplained) {
      const alone = await readRecords(gateway, account, { ...input, ids: [id] });
      for (const record of alone.values()) found.set(id, record);
    }
  }
  const [only] = records;
  if (asked.length === 1 && found.size === 0 && only !== undefined) for (const id of asked) found.set(id, only);
  return found;
}

type BatchRead = { readonly records: readonly CrmRecord[]; readonly missing: ReadonlySet<string> };

async function readBatch(gateway: HubSpotGateway, account: CrmAccount, input: ReadRecordsInput): Promise<BatchRead> {
  const { objectType, fields } = input;
  const answer = await gateway.call({
    account,
    kind: 'default',
    method: 'POST',
    path: API_PATHS.objectBatch(objectType, 'read'),
    body: {
      inputs: input.ids.map((id) => ({ id })),
      properties: propertiesToRead(objectType, fields),
      propertiesWithHistory: [],
    },
  });
  const live = liveResults(answer);
  return {
    records: live.map((record) => fromHubSpotRecord({ objectType, record, fields })),
    missing: missingIds(answer),
  };
}

/** The results of a batch read that are not in the recycling bin. */
export function liveResults(answer: HubSpotAnswer): readonly unknown[] {
  const results = requireList(objectOrEmpty(answer.body)['results'], 'the results of a batch read');
  return results.filter((record) => !isArchived(record));
}

/** The ids a partly failed read (207) says it did not find. */
function missingIds(answer: HubSpotAnswer): ReadonlySet<string> {
  const errors = listOrEmpty(objectOrEmpty(answer.body)['errors']).map(objectOrEmpty);
  const ids = errors.flatMap((error) => listOrEmpty(objectOrEmpty(error['context'])['ids']));
  return new Set(ids.map(textOrNull).filter((id) => id !== null));
}
