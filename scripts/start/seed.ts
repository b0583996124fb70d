import { apiClient, type ApiClient } from './api-client.ts';
import { connectionOf, ensurePortal, install, makeKey, PORTAL_ID, usableKey, type Stage } from './connect-account.ts';
import { ensureJoined, ensureOrg, ensureOrgAccount, isOrgInPlace, ORG_ID } from './connect-org.ts';
import { firstCustomers } from './sample-people.ts';
import {
  ADVOCATES,
  SAMPLE_COMPANY,
  SAMPLE_DEAL,
  SAMPLE_FRIEND,
  SAMPLE_OPPORTUNITY,
  SAMPLE_TICKET,
  sampleProgram,
} from './sample-program.ts';
import { waitUntil } from './wait-until.ts';

type Listed = { readonly id: string; readonly draft: { readonly name: string }; readonly published: object | null };

/**
 * Makes the sample accounts on the first start and leaves them alone ever after. Every step looks before it acts and uses
 * public interfaces only, so a start that was killed in the middle is simply finished by the next one.
 * @returns the API key for the workbench.
 */
export async function seed(stage: Stage, say: (line: string) => void): Promise<string> {
  const kept = await usableKey(stage);
  const hadPortal = (await stage.hubspot.portals()).some(({ portalId }) => portalId === PORTAL_ID);
  const seeded = kept !== null && hadPortal && stage.files.seeded() !== null;
  if (seeded && (await isOrgInPlace(stage))) return kept;
  say(seeded ? 'Connecting the sample Salesforce org …' : 'Setting up the sample accounts (once) …');
  await ensurePortal(stage);
  await ensureOrg(stage);
  const key = seeded ? kept : await connected(stage, kept);
  const api = apiClient(stage.serviceUrl, key);
  await ensureJoined(stage, api);
  if (!seeded) await fill(stage, api);
  return key;
}

/** The program with its people; its rules speak of both CRMs, so both are connected by now. */
async function fill(stage: Stage, api: ApiClient): Promise<void> {
  for (const accountId of [String(PORTAL_ID), ORG_ID])
    await waitUntil('setting up the fields in the CRMs', async () => {
      const connection = await connectionOf(api, accountId);
      return connection?.provisionedAt ?? null;
    });
  const programId = await ensureProgram(api);
  const [first] = await enrolAdvocates(stage, api, programId);
  await api.post(`/programs/${programId}/referrals`, { code: first?.code, ...SAMPLE_FRIEND, source: 'form' });
  await ensureDeal(stage);
  await ensureOpportunity(stage);
  if (first) await ensureTicket(stage, first.contactId);
  stage.files.markSeeded({ programId });
}

async function connected(stage: Stage, kept: string | null): Promise<string> {
  const { appId } = stage.files.credentials();
  const installed = (await stage.hubspot.portal(PORTAL_ID).installedApps()).includes(appId);
  const known = kept === null ? null : await connectionOf(apiClient(stage.serviceUrl, kept), String(PORTAL_ID));
  if (!installed || known?.status !== 'connected') await install(stage);
  return kept ?? (await makeKey(stage));
}

async function ensureProgram(api: ApiClient): Promise<string> {
  const wanted = sampleProgram();
  const { items } = await api.get<{ items: Listed[] }>('/programs');
  const found = items.find(({ draft }) => draft.name === wanted.name);
  const { id } = found ?? (await api.post<{ id: string }>('/programs', wanted));
  await api.post(`/programs/${id}/publish`);
  return id;
}

type Enrolled = { readonly contactId: string; readonly code: string };

/** The first customers of the account, one per company. */
async function enrolAdvocates(stage: Stage, api: ApiClient, programId: string): Promise<Enrolled[]> {
  const enrolled: Enrolled[] = [];
  for (const { contactId, email, firstName, lastName } of await firstCustomers(stage, ADVOCATES)) {
    const person = { email, firstName, lastName, crmRecordId: contactId };
    const { code } = await api.post<{ code: string }>(`/programs/${programId}/advocates`, person);
    enrolled.push({ contactId, code });
  }
  return enrolled;
}

/** The friend's contact gets a company and a deal, as a rep would have made them. */
async function ensureDeal({ hubspot }: Stage): Promise<void> {
  const portal = hubspot.portal(PORTAL_ID);
  const contact = await waitUntil('writing the sample friend to HubSpot', async () => {
    const [found] = await portal.find('contacts', 'email', SAMPLE_FRIEND.email);
    return found?.properties['passalong_referral_id'] ? found : null;
  });
  const known = await portal.find('companies', 'domain', SAMPLE_COMPANY.domain);
  const companyId = known[0]?.id ?? (await portal.createCompany({ ...SAMPLE_COMPANY }));
  await portal.associate(['contacts', contact.id], ['companies', companyId]);
  const [deal] = contact.associations['deals'] ?? [];
  const dealId = deal ?? (await portal.createDeal({ ...SAMPLE_DEAL }, [contact.id]));
  await portal.associate(['deals', dealId], ['companies', companyId]);
}

/** In Salesforce the friend gets an account and an opportunity, of the same sale. */
async function ensureOpportunity(stage: Stage): Promise<void> {
  const org = stage.salesforce.org(ORG_ID);
  const contact = await waitUntil('writing the sample friend to Salesforce', async () => {
    const [found] = await org.find('Contact', 'Email', SAMPLE_FRIEND.email);
    return found?.['Referral_Id__c'] ? found : null;
  });
  const contactId = String(contact['Id']);
  const AccountId = await ensureOrgAccount(stage, { Name: SAMPLE_COMPANY.name });
  if (contact['AccountId'] !== AccountId) await org.set(contactId, { AccountId });
  const known = await org.find('OpportunityContactRole', 'ContactId', contactId);
  if (known.length === 0) await org.createOpportunity({ ...SAMPLE_OPPORTUNITY, AccountId, ContactId: contactId });
}

async function ensureTicket({ hubspot }: Stage, contactId: string): Promise<void> {
  const portal = hubspot.portal(PORTAL_ID);
  if ((await portal.ids('tickets')).length === 0) await portal.createTicket({ ...SAMPLE_TICKET }, [contactId]);
}
