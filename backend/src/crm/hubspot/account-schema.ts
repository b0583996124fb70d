import { CrmRejected } from '../errors.ts';
import type { AccountDetails, ContactRole, CrmAccount, CrmObjectType, FieldDescription, Pipeline } from '../port.ts';
import { objectOrEmpty, requireList } from './answer-shape.ts';
import { API_PATHS } from './api-paths.ts';
import type { HubSpotGateway } from './gateway.ts';
import { fromHubSpotAccount, fromHubSpotContactRole, fromHubSpotPipeline, isArchived } from './mapping.ts';
import { fromHubSpotProperty } from './property-types.ts';

/** The portal's settings. Raises `CrmRejected` when the token turns out to belong to another portal. */
export async function readAccount(gateway: HubSpotGateway, account: CrmAccount): Promise<AccountDetails> {
  const details = fromHubSpotAccount(await get(gateway, account, API_PATHS.accountDetails));
  if (details.externalAccountId === account.externalAccountId) return details;
  throw new CrmRejected('The token of this connection belongs to another HubSpot portal.', {
    expected: account.externalAccountId,
    answered: details.externalAccountId,
  });
}

/** Deal pipelines with their live stages. */
export async function readPipelines(gateway: HubSpotGateway, account: CrmAccount): Promise<readonly Pipeline[]> {
  const body = await get(gateway, account, API_PATHS.dealPipelines);
  const pipelines = requireList(objectOrEmpty(body)['results'], 'the pipelines');
  return pipelines.filter((pipeline) => !isArchived(pipeline)).map(fromHubSpotPipeline);
}

/** Every live property of an object, hidden ones included: a rule may name them. */
export async function readFields(
  gateway: HubSpotGateway,
  account: CrmAccount,
  objectType: CrmObjectType,
): Promise<readonly FieldDescription[]> {
  const body = await get(gateway, account, API_PATHS.properties(objectType));
  const properties = requireList(objectOrEmpty(body)['results'], 'the properties');
  return properties.filter((property) => !isArchived(property)).map(fromHubSpotProperty);
}

/** Labels of the account's own and HubSpot's; the ids are those a deal's associations carry. */
export async function readContactRoles(gateway: HubSpotGateway, account: CrmAccount): Promise<readonly ContactRole[]> {
  const body = await get(gateway, account, API_PATHS.associationLabels('deal', 'contact'));
  const labels = requireList(objectOrEmpty(body)['results'], 'the association labels');
  return labels.map(fromHubSpotContactRole).filter((role) => role !== null);
}

async function get(gateway: HubSpotGateway, account: CrmAccount, path: string): Promise<unknown> {
  return (await gateway.call({ account, kind: 'default', method: 'GET', path })).body;
}
