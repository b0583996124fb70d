import { openPool } from '../../backend/src/db/database.ts';
import { openDatabase } from '../../backend/src/db/open-database.ts';
import { loadDatabaseConfig } from '../../backend/src/config.ts';
import type { RemoteControl } from '../../sandbox/hubspot/local-hubspot.ts';
import { makeApiKey } from '../api-key.ts';
import { isKeyGood } from './api-client.ts';
import type { SandboxFiles } from './sandbox-files.ts';
import { StartFailed } from './start-failed.ts';

export const PORTAL_ID = 24_680_135;

export type Stage = {
  readonly hubspot: RemoteControl;
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

/** Walks the real installation as a browser would: our install page, HubSpot's consent, our callback. */
export async function install({ serviceUrl }: Stage): Promise<void> {
  const begun = await fetch(`${serviceUrl}/hubspot/oauth/install`, { redirect: 'manual' });
  const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const consent = new URL(locationOf(begun));
  consent.searchParams.set('portalId', String(PORTAL_ID));
  consent.searchParams.set('decision', 'grant');
  const granted = await fetch(consent, { method: 'POST', redirect: 'manual' });
  const callback = new URL(locationOf(granted));
  // The public address may lead through a tunnel; from here the service is called directly.
  const finished = await fetch(new URL(callback.pathname + callback.search, serviceUrl), { headers: { cookie } });
  const page = await finished.text();
  if (!finished.ok) throw notConnected(`the callback answered ${finished.status}: ${plain(page)}`);
}

function locationOf(answer: Response): string {
  const location = answer.headers.get('location');
  if (location !== null) return location;
  throw notConnected(`${new URL(answer.url).pathname} answered ${answer.status} instead of a redirect`);
}

function notConnected(why: string): StartFailed {
  return new StartFailed(
    `The local HubSpot could not be connected: ${why}`,
    'Start again: what was made so far is kept. The log in DATA_DIR/logs says more.',
  );
}

function plain(page: string): string {
  return page
    .replace(/<(style|title)[\s\S]*?<\/\1>|<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}
