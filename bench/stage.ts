import { serviceFlags } from '../scripts/bootstrap/service-flags.mjs';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { systemClock } from '../backend/src/clock.ts';
import { openPool, type Database } from '../backend/src/db/database.ts';
import { startEmbeddedPostgres } from '../backend/src/db/embedded-postgres.ts';
import { createApiKey } from '../backend/src/workspaces/api-keys-store.ts';
import { findConnection } from '../backend/src/workspaces/connections-store.ts';
import { connectLocalHubSpot, type RemoteControl } from '../sandbox/hubspot/local-hubspot.ts';

export const APP = { appId: 4711, clientId: 'bench-client', clientSecret: 'bench-secret' } as const;
export const PORTAL_ID = 101;

const ROOT = join(import.meta.dirname, '..');
const SECRET_KEY = Buffer.alloc(32, 9).toString('base64');

export type BenchStage = {
  /** For what only the owner of the schema may do. */
  readonly ownerUrl: string;
  /** For what only the owner of the server may do, in the same database. */
  readonly superuserUrl: string;
  readonly publicUrl: string;
  readonly servicePid: number;
  readonly database: Database;
  readonly hubspot: RemoteControl;
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly apiKey: string;
  /** Ends the service process and starts one in another role on the same data. */
  restart(role: 'all' | 'web' | 'worker'): Promise<void>;
  /** What autovacuum does within a minute of any real life: a benchmark is over before. */
  gatherStatistics(): Promise<void>;
  /** CPU milliseconds spent so far by the service and by every process of PostgreSQL. */
  cpuMs(): { readonly service: number; readonly database: number };
  /** Highest resident memory of the service process so far, MB. */
  peakRssMb(): number;
  api<T>(method: string, path: string, body?: unknown): Promise<T>;
  close(): Promise<void>;
};

/** PostgreSQL as it is shipped (fsync on), the local HubSpot and the service, each a process of its own. */
export async function openBenchStage(): Promise<BenchStage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'passalong-bench-'));
  chmodSync(dataDir, 0o711);
  const postgres = await startEmbeddedPostgres({
    dataDir,
    settings: { shared_preload_libraries: 'pg_stat_statements' },
  });
  const postgresPid = Number(readFileSync(join(findClusterDir(dataDir), 'postmaster.pid'), 'utf8').split('\n')[0]);
  const hubspotProcess = spawn(process.execPath, ['sandbox/hubspot/main.ts', '--port', '0'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const hubspotUrl = (await lineOf(hubspotProcess, 'local-hubspot ready ')).trim();
  const hubspot = connectLocalHubSpot(hubspotUrl);
  let service = await startService({ role: 'all', port: 0, hubspotUrl, ...postgres });
  const { publicUrl } = service;
  await hubspot.uploadApp({
    projectDir: join(ROOT, 'hubspot-app'),
    variables: { PUBLIC_URL: publicUrl },
    appId: APP.appId,
    clientId: APP.clientId,
    clientSecrets: [APP.clientSecret],
  });
  await hubspot.createPortal({ portalId: PORTAL_ID, seed: 'empty', timeZone: 'Europe/Berlin', currency: 'EUR' });
  await install(publicUrl);
  const database = openPool({ url: postgres.appUrl });
  const found = await findConnection(database, { crm: 'hubspot', externalAccountId: String(PORTAL_ID) });
  if (!found) throw new Error('the portal is not connected');
  const { key } = await createApiKey(database, found.workspaceId, { label: 'bench', now: new Date(systemClock.now()) });
  return {
    publicUrl,
    ...urlsOf(postgres),
    database,
    hubspot,
    workspaceId: found.workspaceId,
    connectionId: found.connectionId,
    apiKey: key,
    get servicePid() {
      return service.process.pid ?? 0;
    },
    async restart(role) {
      await end(service.process);
      service = await startService({ role, port: Number(new URL(publicUrl).port), hubspotUrl, ...postgres });
    },
    async gatherStatistics() {
      const owner = new pg.Client({ connectionString: postgres.ownerUrl });
      await owner.connect();
      await owner.query('analyze');
      await owner.end();
    },
    cpuMs: () => ({ service: cpuOf([service.process.pid ?? 0]), database: cpuOf(familyOf(postgresPid)) }),
    peakRssMb: () => peakRssOf(service.process.pid ?? 0),
    async api(method, path, body) {
      const answer = await fetch(`${publicUrl}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as never;
    },
    async close() {
      await database.close();
      await end(service.process);
      await end(hubspotProcess);
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function urlsOf(postgres: { readonly ownerUrl: string; readonly adminUrl: string }) {
  const superuser = new URL(postgres.adminUrl);
  superuser.pathname = new URL(postgres.ownerUrl).pathname;
  return { ownerUrl: postgres.ownerUrl, superuserUrl: superuser.href };
}

type Started = { readonly process: ChildProcess; readonly publicUrl: string };

async function startService(input: {
  readonly role: string;
  readonly port: number;
  readonly hubspotUrl: string;
  readonly appUrl: string;
  readonly ownerUrl: string;
}): Promise<Started> {
  const child = spawn(process.execPath, [...serviceFlags, 'backend/src/main.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      PORT: String(input.port),
      PUBLIC_URL: input.port === 0 ? '' : `http://localhost:${input.port}`,
      ROLE: input.role,
      LOG_LEVEL: 'warn',
      DATABASE_URL: input.appUrl,
      DATABASE_OWNER_URL: input.ownerUrl,
      SECRET_KEYS: SECRET_KEY,
      HUBSPOT_APP_ID: String(APP.appId),
      HUBSPOT_CLIENT_ID: APP.clientId,
      HUBSPOT_CLIENT_SECRETS: APP.clientSecret,
      HUBSPOT_API_URL: input.hubspotUrl,
      HUBSPOT_APP_URL: input.hubspotUrl,
    },
  });
  const publicUrl = (await lineOf(child, 'passalong ready ')).trim();
  return { process: child, publicUrl };
}

async function install(publicUrl: string): Promise<void> {
  const begun = await fetch(`${publicUrl}/hubspot/oauth/install`, { redirect: 'manual' });
  const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const consent = new URL(begun.headers.get('location') ?? '');
  consent.searchParams.set('portalId', String(PORTAL_ID));
  consent.searchParams.set('decision', 'grant');
  const granted = await fetch(consent, { method: 'POST', redirect: 'manual' });
  const finished = await fetch(granted.headers.get('location') ?? '', { headers: { cookie }, redirect: 'manual' });
  if (finished.status >= 400) throw new Error(`the installation failed: ${finished.status}`);
}

function lineOf(child: ChildProcess, prefix: string): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready`)));
    if (!child.stdout) throw new Error('no output to read');
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith(prefix)) resolve(line.slice(prefix.length));
      // What the service warns of belongs beside the figures.
      else if (/"level":"(warn|error|fatal)"/.test(line)) console.error(line);
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

/** Kernel ticks are 10 ms on every Linux that matters. */
const TICK_MS = 10;

function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const stat = readStat(pid);
    // utime, stime, and those of children already waited for: backends that have ended.
    return sum + (stat ? (stat[11]! + stat[12]! + stat[13]! + stat[14]!) * TICK_MS : 0);
  }, 0);
}

/** Fields after the command name, which may hold spaces: index 0 is the state, as 0. */
function readStat(pid: number): number[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map((field) => Number(field) || 0);
  } catch {
    return null;
  }
}

function familyOf(parent: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => readStat(pid)?.[1] === parent);
  return [parent, ...children];
}

function peakRssOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

function findClusterDir(dataDir: string): string {
  const found = readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('postmaster.pid'),
  );
  if (!found) throw new Error('PostgreSQL is not running');
  return join(dataDir, found.slice(0, -'postmaster.pid'.length));
}
