import { openPool } from '../../backend/src/db/database.ts';
import { openDatabase } from '../../backend/src/db/open-database.ts';
import { loadDatabaseConfig } from '../../backend/src/config.ts';
import type { RemoteControl } from '../../sandbox/hubspot/local-hubspot.ts';
import type { RemoteControl as SalesforceControl } from '../../sandbox/salesforce/local-salesforce.ts';
import { makeApiKey } from '../api-key.ts';
import { isKeyGood, type ApiClient } from './api-client.ts';
import { walkConsent } from './consent.ts';
import type { SandboxFiles } from './sandbox-files.ts';

export const PORTAL_ID = 24_680_135;

export type Stage = {
  readonly hubspot: RemoteControl;
  readonly salesforce: SalesforceControl;
  /** Where the service is called from here. */
  readonly serviceUrl: string;
  readonly publicUrl: string;
  readonly files: SandboxFiles;
  readonly environment: NodeJS.ProcessEnv;
};

/** The account in the local HubSpot, as a small business would have it. */
export async function ensurePortal({ hubspot }: Stage): Promise<void> {
  const portals = await hubspot.portals();
  if (portals.some(({ portalId }) => portalId === PORTAL_ID)) return;
  await hubspot.createPortal({
    portalId: PORTAL_ID,
    name: 'Brightside Software',
    seed: 'believable',
    timeZone: 'America/New_York',
    currency: 'USD',
  });
}

/** An API key that works, as `npm run api-key` makes it; null while the account was never connected. */
export async function usableKey({ serviceUrl, files }: Stage): Promise<string | null> {
  const kept = files.apiKey();
  return kept !== null && (await isKeyGood(serviceUrl, kept)) ? kept : null;
}

export async function makeKey({ files, environment }: Stage): Promise<string> {
  // Beside the running service, like the command: joins its embedded database and leaves it running.
  const opened = await openDatabase({ ...loadDatabaseConfig(environment), leaveRunning: true });
  const database = openPool({ url: opened.appUrl, maxConnections: 1 });
  try {
    const wanted = { kind: 'portal', id: String(PORTAL_ID), label: 'workbench' } as const;
    const key = await makeApiKey(database, wanted, Date.now());
    files.keepApiKey(key);
    return key;
  } finally {
    await database.close();
    await opened.close();
  }
}

export function install({ serviceUrl }: Stage): Promise<void> {
  const choice = { portalId: String(PORTAL_ID) };
  return walkConsent({ serviceUrl, title: 'HubSpot', path: '/hubspot/oauth/install', choice });
}

export type Connection = {
  readonly externalAccountId: string;
  readonly status: string;
  readonly provisionedAt: string | null;
};

export async function connectionOf(api: ApiClient, accountId: string): Promise<Connection | null> {
  const { items } = await api.get<{ items: Connection[] }>('/connections');
  return items.find(({ externalAccountId }) => externalAccountId === accountId) ?? null;
}
