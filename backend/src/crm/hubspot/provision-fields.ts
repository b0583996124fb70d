import { CRM_FIELDS, HUBSPOT_PROPERTY_GROUP, type CrmField } from '../../../../shared/crm-fields.ts';
import type { CrmAccount, ProvisionReport } from '../port.ts';
import { objectOrEmpty, requireList, textOrNull } from './answer-shape.ts';
import { API_PATHS } from './api-paths.ts';
import type { HubSpotGateway } from './gateway.ts';
import { toHubSpotProperty } from './property-types.ts';
import { HubSpotRejected } from './rejection.ts';

type HubSpotField = CrmField & { readonly hubspot: string };

const ALL_FIELDS: readonly CrmField[] = CRM_FIELDS;
const FIELDS = ALL_FIELDS.filter((field): field is HubSpotField => field.hubspot !== null);

/** Creates our property group and contact properties where they are missing; one that exists is never written to. */
export async function provisionFields(gateway: HubSpotGateway, account: CrmAccount): Promise<ProvisionReport> {
  await provisionGroup(gateway, account);
  const there = await readExisting(gateway, account);
  const missing = FIELDS.filter(({ hubspot }) => !there.has(hubspot));
  const created = await createMissing(gateway, account, missing);
  return {
    created,
    alreadyThere: FIELDS.map(({ hubspot }) => hubspot).filter((name) => !created.includes(name)),
  };
}

/** Reads the list of groups: asking for ours by name would be an error answer on every first installation. */
async function provisionGroup(gateway: HubSpotGateway, account: CrmAccount): Promise<void> {
  const path = API_PATHS.propertyGroups('contact');
  const answer = await gateway.call({ account, kind: 'default', method: 'GET', path });
  const groups = requireList(objectOrEmpty(answer.body)['results'], 'the property groups').map(objectOrEmpty);
  if (groups.some((group) => group['name'] === HUBSPOT_PROPERTY_GROUP.name && group['archived'] !== true)) return;
  await unlessThere(() =>
    gateway.call({ account, kind: 'default', method: 'POST', path, body: HUBSPOT_PROPERTY_GROUP }),
  );
}

async function readExisting(gateway: HubSpotGateway, account: CrmAccount): Promise<ReadonlySet<string>> {
  const answer = await gateway.call({
    account,
    kind: 'default',
    method: 'POST',
    path: API_PATHS.propertyBatch('contact', 'read'),
    body: { archived: false, dataSensitivity: 'non_sensitive', inputs: FIELDS.map(({ hubspot: name }) => ({ name })) },
  });
  const properties = requireList(objectOrEmpty(answer.body)['results'], 'the properties').map(objectOrEmpty);
  const live = properties.filter((property) => property['archived'] !== true);
  return new Set(live.map((property) => textOrNull(property['name'])).filter((name) => name !== null));
}

/** All in one call; when HubSpot refuses that, each alone, so that a property made meanwhile stops no other. */
async function createMissing(
  gateway: HubSpotGateway,
  account: CrmAccount,
  missing: readonly HubSpotField[],
): Promise<readonly string[]> {
  if (missing.length === 0) return [];
  const batch = API_PATHS.propertyBatch('contact', 'create');
  const body = { inputs: missing.map(toHubSpotProperty) };
  try {
    const answer = await gateway.call({ account, kind: 'default', method: 'POST', path: batch, body });
    if (answer.status !== 207) return missing.map(({ hubspot }) => hubspot);
  } catch (error) {
    if (!(error instanceof HubSpotRejected) || (error.status !== 409 && error.status !== 400)) throw error;
  }
  const there = await readExisting(gateway, account);
  const created = missing.filter(({ hubspot }) => there.has(hubspot)).map(({ hubspot }) => hubspot);
  for (const field of missing.filter(({ hubspot }) => !there.has(hubspot))) {
    const path = API_PATHS.properties('contact');
    const create = () =>
      gateway.call({ account, kind: 'default', method: 'POST', path, body: toHubSpotProperty(field) });
    if (await unlessThere(create)) created.push(field.hubspot);
  }
  return created;
}

/** False when HubSpot answers that it is already there: another process was faster. */
async function unlessThere(create: () => Promise<unknown>): Promise<boolean> {
  try {
    await create();
    return true;
  } catch (error) {
    if (error instanceof HubSpotRejected && error.status === 409) return false;
    throw error;
  }
}
