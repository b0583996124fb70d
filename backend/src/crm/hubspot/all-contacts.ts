import type { AllContactsInput, AllContactsPage, CrmAccount, CrmRecord } from '../port.ts';
import { requireText } from './answer-shape.ts';
import type { HubSpotGateway } from './gateway.ts';
import { fromHubSpotRecord, propertiesToRead } from './mapping.ts';
import { readRecords } from './records.ts';
import { readSearchPage, type SearchPage } from './search-page.ts';

/** A search has 3,000 characters for everything; the rest of this one is under 400. */
const CHARACTERS_FOR_PROPERTIES = 2_500;
const BATCH = 100;

/**
 * One page of all live contacts, by ascending id. With more fields than a search can name, the page costs two reads
 * besides. A contact made meanwhile has a higher id, so it is in a later page, once the search index knows it.
 */
export async function readAllContacts(
  gateway: HubSpotGateway,
  account: CrmAccount,
  input: AllContactsInput,
): Promise<AllContactsPage> {
  const { fields, afterId, createdFrom } = input;
  const properties = propertiesToRead('contact', fields);
  const fits = JSON.stringify(properties).length <= CHARACTERS_FOR_PROPERTIES;
  const since = { propertyName: 'createdate', operator: 'GTE', value: String(createdFrom?.getTime()) };
  const page = await readSearchPage(gateway, account, {
    objectType: 'contact',
    filters: createdFrom === null ? [] : [since],
    properties: fits ? properties : [],
    afterId,
  });
  return {
    records: fits
      ? page.results.map((record) => fromHubSpotRecord({ objectType: 'contact', record, fields }))
      : await readFound(gateway, account, { page, fields }),
    total: Number(requireText(page.body['total'], 'the total of a search')),
    nextAfterId: page.nextAfterId,
  };
}

/** The contacts of a page as they are now; one that was deleted or merged away since is left out. */
async function readFound(
  gateway: HubSpotGateway,
  account: CrmAccount,
  { page, fields }: { readonly page: SearchPage; readonly fields: readonly string[] },
): Promise<readonly CrmRecord[]> {
  const records: CrmRecord[] = [];
  for (let start = 0; start < page.ids.length; start += BATCH) {
    const ids = page.ids.slice(start, start + BATCH);
    const found = await readRecords(gateway, account, { objectType: 'contact', ids, fields });
    records.push(...[...found].filter(([id, record]) => record.id === id).map(([, record]) => record));
  }
  return records;
}
