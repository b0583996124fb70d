import { apiClient, type ApiClient } from './api-client.ts';
import { ensurePortal, install, makeKey, PORTAL_ID, usableKey, type Stage } from './connect-account.ts';
import {
  ADVOCATES,
  SAMPLE_COMPANY,
  SAMPLE_DEAL,
  SAMPLE_FRIEND,
  SAMPLE_TICKET,
  sampleProgram,
} from './sample-program.ts';
import { StartFailed } from './start-failed.ts';
import { waitUntil } from './wait-until.ts';

type Connection = {
  readonly externalAccountId: string;
  readonly status: string;
  readonly provisionedAt: string | null;
};
type Listed = { readonly id: string; readonly draft: { readonly name: string }; readonly published: object | null };

/**
 * Makes the sample account on the first start and leaves it alone ever after. Every step looks before it acts and uses
 * public interfaces only, so a start that was killed in the middle is simply finished by the next one.
 * @returns the API key for the workbench.
 */
export async function seed(stage: Stage, say: (line: string) => void): Promise<string> {
  const kept = await usableKey(stage);
  const hadPortal = (await stage.hubspot.portals()).some(({ portalId }) => portalId === PORTAL_ID);
  if (kept !== null && hadPortal && stage.files.seeded()) return kept;
  say('Setting up the sample account (once) …');
  await ensurePortal(stage);
  const key = await connected(stage, kept);
  const api = apiClient(stage.serviceUrl, key);
  await waitUntil('setting up the properties in HubSpot', async () =>
    (await connectionsOf(api)).find(({ provisionedAt }) => provisionedAt !== null),
  );
  const programId = await ensureProgram(api);
  const [first] = await enrolAdvocates(stage, api, programId);
  await api.post(`/programs/${programId}/referrals`, { code: first?.code, ...SAMPLE_FRIEND, source: 'form' });
  await ensureDeal(stage);
  if (first) await ensureTicket(stage, first.contactId);
  stage.files.markSeeded({ programId });
  return key;
}

async function connected(stage: Stage, kept: string | null): Promise<string> {
  const { appId } = stage.files.credentials();
  const installed = (await stage.hubspot.portal(PORTAL_ID).installedApps()).includes(appId);
  const live = kept !== null && (await connectionsOf(apiClient(stage.serviceUrl, kept))).length > 0;
  if (!installed || !live) await install(stage);
  return kept ?? (await makeKey(stage));
}

async function connectionsOf(api: ApiClient): Promise<Connection[]> {
  const { items } = await api.get<{ items: Connection[] }>('/connections');
  return items.filter(
    ({ externalAccountId, status }) => externalAccountId === String(PORTAL_ID) && status === 'connected',
  );
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
  const portal = stage.hubspot.portal(PORTAL_ID);
  const enrolled: Enrolled[] = [];
  const companies = new Set<string>();
  for (const crmRecordId of await portal.ids('contacts')) {
    const { firstname, lastname, email, company, lifecyclestage } =
      (await portal.get('contacts', crmRecordId))?.properties ?? {};
    if (lifecyclestage !== 'customer' || !firstname || !lastname || !email || companies.has(company ?? '')) continue;
    companies.add(company ?? '');
    const person = { email, firstName: firstname, lastName: lastname, crmRecordId };
    const { code } = await api.post<{ code: string }>(`/programs/${programId}/advocates`, person);
    enrolled.push({ contactId: crmRecordId, code });
    if (enrolled.length === ADVOCATES) return enrolled;
  }
  throw new StartFailed(
    'The sample account has too few customers.',
    'Start on empty data: DATA_DIR=.data-two npm start',
  );
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

async function ensureTicket({ hubspot }: Stage, contactId: string): Promise<void> {
  const portal = hubspot.portal(PORTAL_ID);
  if ((await portal.ids('tickets')).length === 0) await portal.createTicket({ ...SAMPLE_TICKET }, [contactId]);
}
