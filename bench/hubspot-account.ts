import { join } from 'node:path';
import { connectLocalHubSpot, type RemoteControl } from '../sandbox/hubspot/local-hubspot.ts';
import type { BenchAccount, Change, ChangeTimes } from './account.ts';
import { endChild, startChild } from './child.ts';
import { grantConsent } from './consent.ts';

export const APP = { appId: 4711, clientId: 'bench-client', clientSecret: 'bench-secret' } as const;
export const PORTAL_ID = 101;

const BATCH = 100;
/** Deals whose contacts one call can ask for. */
const ASSOCIATIONS = 1_000;

export type HubSpotAccount = BenchAccount & { readonly control: RemoteControl };

/** A portal in a local HubSpot, which is a process of its own. */
export async function openHubSpotAccount(): Promise<HubSpotAccount> {
  const child = await startChild({
    args: ['sandbox/hubspot/main.ts', '--port', '0'],
    ready: 'local-hubspot ready ',
  });
  const control = connectLocalHubSpot(child.url);
  const portal = control.portal(PORTAL_ID);
  return {
    crm: 'hubspot',
    control,
    environment: {
      HUBSPOT_APP_ID: String(APP.appId),
      HUBSPOT_CLIENT_ID: APP.clientId,
      HUBSPOT_CLIENT_SECRETS: APP.clientSecret,
      HUBSPOT_API_URL: child.url,
      HUBSPOT_APP_URL: child.url,
    },
    program: {
      wonRule: { object: 'deal', field: 'dealstage', pipelineId: 'default', values: ['closedwon'] },
      amountField: 'amount',
    },
    connect: (publicUrl) => connect(control, publicUrl),
    findContact: async (email) => (await portal.find('contacts', 'email', email))[0]?.id ?? null,
    createDeal: (dealname, contactId) =>
      portal.createDeal({ dealname, pipeline: 'default', dealstage: 'qualifiedtobuy', amount: '1000' }, [contactId]),
    winDeal: (dealId) => portal.moveDeal(dealId, 'closedwon'),
    settle: () => Promise.resolve(),
    holdNews: () => control.deliveries.hold(),
    releaseNews: () => control.deliveries.release(),
    isAllTold: async () => {
      await control.deliveries.deliverNow();
      return true;
    },
    clearCalls: () => control.log.clear(),
    calls: () => control.log.calls({ portalId: PORTAL_ID }),
    // Deals read, their contacts read, friends and advocates written; HubSpot tells of the changes by itself.
    fewestCalls: ({ deals, advocates }) =>
      Math.ceil(deals / BATCH) + Math.ceil(deals / ASSOCIATIONS) + Math.ceil((deals + advocates) / BATCH),
    showMilliseconds: () => Promise.resolve(),
    async timesOf(changes) {
      const times: ChangeTimes[] = [];
      for (const change of changes) times.push(await timesOf(control, change));
      return times;
    },
    close: () => endChild(child),
  };
}

async function connect(control: RemoteControl, publicUrl: string): Promise<string> {
  await control.uploadApp({
    projectDir: join(import.meta.dirname, '../hubspot-app'),
    variables: { PUBLIC_URL: publicUrl },
    appId: APP.appId,
    clientId: APP.clientId,
    clientSecrets: [APP.clientSecret],
  });
  await control.createPortal({ portalId: PORTAL_ID, seed: 'empty', timeZone: 'Europe/Berlin', currency: 'EUR' });
  await grantConsent(`${publicUrl}/hubspot/oauth/install`, { portalId: String(PORTAL_ID), decision: 'grant' });
  return String(PORTAL_ID);
}

async function timesOf(control: RemoteControl, { dealId, contactId }: Change): Promise<ChangeTimes> {
  const lastChange = async (type: string, id: string, property: string): Promise<number> => {
    const history = (await control.portal(PORTAL_ID).get(type, id))?.history[property] ?? [];
    return Math.max(...history.map((change) => change.atMs));
  };
  return {
    wonAt: await lastChange('deals', dealId, 'dealstage'),
    foundAt: null,
    writtenAt: await lastChange('contacts', contactId, 'passalong_referral_status'),
  };
}
