import type { ApiClient } from './api-client.ts';
import { connectionOf, type Stage } from './connect-account.ts';
import { walkConsent } from './consent.ts';
import type { JoinedOrg } from './sandbox-files.ts';
import { firstCustomers } from './sample-people.ts';
import { IN_BOTH } from './sample-program.ts';

export const ORG_ID = '00DQy0000024680MAA';

/** The org in the local Salesforce, of the same business as the HubSpot account: some customers are in both. */
export async function ensureOrg(stage: Stage): Promise<void> {
  const { salesforce } = stage;
  if ((await addressesOf(stage)) === null)
    await salesforce.createOrg({
      orgId: ORG_ID,
      name: 'Brightside Software',
      myDomain: 'brightside',
      seed: 'believable',
      namespace: 'passalong',
      timeZone: 'America/New_York',
      currency: 'USD',
    });
  const org = salesforce.org(ORG_ID);
  for (const { email, firstName, lastName, company } of await firstCustomers(stage, IN_BOTH)) {
    if ((await org.find('Contact', 'Email', email)).length > 0) continue;
    const AccountId = await ensureOrgAccount(stage, { Name: company, Type: 'Customer - Direct' });
    await org.createContact({ FirstName: firstName, LastName: lastName, Email: email, AccountId });
  }
}

export async function ensureOrgAccount(
  { salesforce }: Stage,
  values: { readonly Name: string; readonly Type?: string },
): Promise<string> {
  const org = salesforce.org(ORG_ID);
  const [known] = await org.find('Account', 'Name', values.Name);
  return known ? String(known['Id']) : org.createAccount({ ...values });
}

/** Whether nothing is left to do: the org was joined once, and is where the service's tokens say. */
export async function isOrgInPlace(stage: Stage): Promise<boolean> {
  const [kept, now] = [stage.files.joinedOrg(), await addressesOf(stage)];
  return kept !== null && kept.instanceUrl === now?.instanceUrl && kept.loginUrl === now.loginUrl;
}

/** Brings the org into the workspace of the HubSpot account, once; later only where its address became another one. */
export async function ensureJoined(stage: Stage, api: ApiClient): Promise<void> {
  const known = await connectionOf(api, ORG_ID);
  if (known === null) await consent(stage, await joinQuery(api));
  else if (await needsConsent(stage, known.status)) await consent(stage, '');
  const now = await addressesOf(stage);
  if (now) stage.files.markJoined(now);
}

async function needsConsent(stage: Stage, status: string): Promise<boolean> {
  if (stage.files.joinedOrg() === null) return status !== 'connected';
  // Somebody who took the org out meant it.
  return status !== 'disconnected' && !(await isOrgInPlace(stage));
}

async function joinQuery(api: ApiClient): Promise<string> {
  const { url } = await api.post<{ url: string }>('/connections/join-links', { crm: 'salesforce' });
  return new URL(url).search;
}

function consent({ serviceUrl }: Stage, query: string): Promise<void> {
  const path = `/salesforce/oauth/install${query}`;
  return walkConsent({ serviceUrl, title: 'Salesforce', path, choice: { orgId: ORG_ID } });
}

async function addressesOf({ salesforce }: Stage): Promise<JoinedOrg | null> {
  const found = (await salesforce.orgs()).find(({ orgId }) => orgId === ORG_ID);
  return found ? { instanceUrl: found.instanceUrl, loginUrl: (await salesforce.hosts()).loginUrl } : null;
}
