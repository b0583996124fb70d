import { apiClient, type ApiClient } from './api-client.ts';
import { ensurePortal, install, makeKey, PORTAL_ID, usableKey, type Stage } from './connect-account.ts';
import { ADVOCATES, SAMPLE_DEAL, SAMPLE_FRIEND, sampleProgram } from './sample-program.ts';
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
  const codes = await enrolAdvocates(stage, api, programId);
  await api.post(`/programs/${programId}/referrals`, { code: codes[0], ...SAMPLE_FRIEND, source: 'form' });
  await ensureDeal(stage);
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

/** The first customers of the account, one per company. */
async function enrolAdvocates(stage: Stage, api: ApiClient, programId: string): Promise<string[]> {
  const portal = stage.hubspot.portal(PORTAL_ID);
  const codes: string[] = [];
  const companies = new Set<string>();
  for (const crmRecordId of await portal.ids('contacts')) {
    const { firstname, lastname, email, company, lifecyclestage } =
      (await portal.get('contacts', crmRecordId))?.properties ?? {};
    if (lifecyclestage !== 'customer' || !firstname || !lastname || !email || companies.has(company ?? '')) continue;
    companies.add(company ?? '');
    const person = { email, firstName: firstname, lastName: lastname, crmRecordId };
    codes.push((await api.post<{ code: string }>(`/programs/${programId}/advocates`, person)).code);
    if (codes.length === ADVOCATES) return codes;
  }
  throw new StartFailed(
    'The sample account has too few customers.',
    'Start on empty data: DATA_DIR=.data-two npm start',
  );
}

async function ensureDeal({ hubspot }: Stage): Promise<void> {
  const portal = hubspot.portal(PORTAL_ID);
  const contact = await waitUntil('writing the sample friend to HubSpot', async () => {
    const [found] = await portal.find('contacts', 'email', SAMPLE_FRIEND.email);
    return found?.properties['passalong_referral_id'] ? found : null;
  });
  if ((contact.associations['deals'] ?? []).length > 0) return;
  await portal.createDeal({ ...SAMPLE_DEAL }, [contact.id]);
}
