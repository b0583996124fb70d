import { HUBSPOT_PROPERTY_GROUP } from '../../../../shared/crm-fields.ts';
import type { CrmAccount, CrmObjectType, ProvisionReport } from '../port.ts';
import { objectOrEmpty, requireList, textOrNull } from './answer-shape.ts';
import { API_PATHS } from './api-paths.ts';
import type { HubSpotGateway } from './gateway.ts';
import { toHubSpotProperty, type HubSpotField } from './property-types.ts';
import { HubSpotRejected } from './rejection.ts';

export type ProvisionPropertiesInput = {
  readonly objectType: CrmObjectType;
  readonly fields: readonly HubSpotField[];
};

type Caller = { readonly gateway: HubSpotGateway; readonly account: CrmAccount; readonly objectType: CrmObjectType };

/** HubSpot's maximum per batch. */
const BATCH = 100;

/** Creates our property group and these properties where they are missing; one that exists is never written to. */
export async function provisionProperties(
  gateway: HubSpotGateway,
  account: CrmAccount,
  { objectType, fields }: ProvisionPropertiesInput,
): Promise<ProvisionReport> {
  const caller = { gateway, account, objectType };
  await provisionGroup(caller);
  const created: string[] = [];
  for (let start = 0; start < fields.length; start += BATCH) {
    const part = fields.slice(start, start + BATCH);
    const there = await readExisting(caller, part);
    created.push(
      ...(await createMissing(
        caller,
        part.filter(({ hubspot }) => !there.has(hubspot)),
      )),
    );
  }
  const names = fields.map(({ hubspot }) => hubspot);
  return { created, alreadyThere: names.filter((name) => !created.includes(name)) };
}

/** Reads the list of groups: asking for ours by name would be an error answer on every first installation. */
async function provisionGroup({ gateway, account, objectType }: Caller): Promise<void> {
  const path = API_PATHS.propertyGroups(objectType);
  const answer = await gateway.call({ account, kind: 'default', method: 'GET', path });
  const groups = requireList(objectOrEmpty(answer.body)['results'], 'the property groups').map(objectOrEmpty);
  if (groups.some((group) => group['name'] === HUBSPOT_PROPERTY_GROUP.name && group['archived'] !== true)) return;
  await unlessThere(() =>
    gateway.call({ account, kind: 'default', method: 'POST', path, body: HUBSPOT_PROPERTY_GROUP }),
  );
}

async function readExisting(
  { gateway, account, objectType }: Caller,
  fields: readonly HubSpotField[],
): Promise<ReadonlySet<string>> {
  const answer = await gateway.call({
    account,
    kind: 'default',
    method: 'POST',
    path: API_PATHS.propertyBatch(objectType, 'read'),
    body: { archived: false, dataSensitivity: 'non_sensitive', inputs: fields.map(({ hubspot: name }) => ({ name })) },
  });
  const properties = requireList(objectOrEmpty(answer.body)['results'], 'the properties').map(objectOrEmpty);
  const live = properties.filter((property) => property['archived'] !== true);
  return new Set(live.map((property) => textOrNull(property['name'])).filter((name) => name !== null));
}

/** All in one call; when HubSpot refuses that, each alone, so that a property made meanwhile stops no other. */
async function createMissing(caller: Caller, missing: readonly HubSpotField[]): Promise<readonly string[]> {
  if (missing.length === 0) return [];
  const { gateway, account, objectType } = caller;
  const batch = API_PATHS.propertyBatch(objectType, 'create');
  const body = { inputs: missing.map(toHubSpotProperty) };
  try {
    const answer = await gateway.call({ account, kind: 'default', method: 'POST', path: batch, body });
    if (answer.status !== 207) return missing.map(({ hubspot }) => hubspot);
  } catch (error) {
    if (!(error instanceof HubSpotRejected) || (error.status !== 409 && error.status !== 400)) throw error;
  }
  const there = await readExisting(caller, missing);
  const created = missing.filter(({ hubspot }) => there.has(hubspot)).map(({ hubspot }) => hubspot);
  for (const field of missing.filter(({ hubspot }) => !there.has(hubspot))) {
    const path = API_PATHS.properties(objectType);
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
