import { serviceFlags } from '../scripts/bootstrap/service-flags.mjs';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { systemClock } from '../backend/src/clock.ts';
import type { CrmName } from '../backend/src/crm/port.ts';
import { openPool, type Database } from '../backend/src/db/database.ts';
import { startEmbeddedPostgres } from '../backend/src/db/embedded-postgres.ts';
import { createApiKey } from '../backend/src/workspaces/api-keys-store.ts';
import { findConnection } from '../backend/src/workspaces/connections-store.ts';
import type { BenchAccount } from './account.ts';
import { endChild, startChild, type Child } from './child.ts';

const SECRET_KEY = Buffer.alloc(32, 9).toString('base64');

export type BenchStage<Account extends BenchAccount = BenchAccount> = {
  /** For what only the owner of the schema may do. */
  readonly ownerUrl: string;
  /** For what only the owner of the server may do, in the same database. */
  readonly superuserUrl: string;
  readonly publicUrl: string;
  readonly servicePid: number;
  readonly database: Database;
  /** Where the service is installed. */
  readonly account: Account;
  readonly workspaceId: string;
  readonly connectionId: string;
  /** The account's id in the CRM. */
  readonly externalAccountId: string;
  readonly apiKey: string;
  /** Ends the service process and starts one in another role on the same data. */
  restart(role: 'all' | 'web' | 'worker'): Promise<void>;
  /** Rows as the owner of the server sees them; what looking costs is left out of `cpuMs`. */
  look<T extends pg.QueryResultRow>(sql: string, values: readonly unknown[]): Promise<readonly T[]>;
  /** What autovacuum does within a minute of any real life: a benchmark is over before. */
  gatherStatistics(): Promise<void>;
  /** CPU milliseconds spent so far by the service and by every process of PostgreSQL. */
  cpuMs(): { readonly service: number; readonly database: number };
  /** Highest resident memory of the service process so far, MB. */
  peakRssMb(): number;
  api<T>(method: string, path: string, body?: unknown): Promise<T>;
  close(): Promise<void>;
};

/** PostgreSQL as it is shipped (fsync on), a local CRM and the service, each a process of its own. */
export async function openBenchStage<Account extends BenchAccount>(
  openAccount: () => Promise<Account>,
): Promise<BenchStage<Account>> {
  const ends = new AsyncDisposableStack();
  try {
    return await openParts(ends, openAccount);
  } catch (error) {
    // A process left behind would outlive the benchmark.
    await ends.disposeAsync();
    throw error;
  }
}

async function openParts<Account extends BenchAccount>(
  ends: AsyncDisposableStack,
  openAccount: () => Promise<Account>,
): Promise<BenchStage<Account>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'passalong-bench-'));
  ends.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  chmodSync(dataDir, 0o711);
  const postgres = await startEmbeddedPostgres({ dataDir });
  ends.defer(() => postgres.stop());
  const postgresPid = Number(readFileSync(join(findClusterDir(dataDir), 'postmaster.pid'), 'utf8').split('\n')[0]);
  const account = await openAccount();
  ends.defer(() => account.close());
  let service = await startService({ role: 'all', port: 0, account, ...postgres });
  ends.defer(() => endChild(service));
  const publicUrl = service.url;
  const externalAccountId = await account.connect(publicUrl);
  const database = openPool({ url: postgres.appUrl });
  ends.defer(() => database.close());
  const { apiKey, ...connection } = await openConnection(database, { crm: account.crm, externalAccountId });
  const pid = (): number => service.process.pid ?? 0;
  const urls = urlsOf(postgres);
  const observer = await openObserver(urls.superuserUrl);
  ends.defer(() => observer.client.end());
  return {
    publicUrl,
    ...urls,
    database,
    account,
    ...connection,
    externalAccountId,
    apiKey,
    get servicePid() {
      return pid();
    },
    async restart(role) {
      await endChild(service);
      service = await startService({ role, port: Number(new URL(publicUrl).port), account, ...postgres });
    },
    look: async (sql, values) => (await observer.client.query(sql, [...values])).rows as never,
    async gatherStatistics() {
      const owner = new pg.Client({ connectionString: postgres.ownerUrl });
      await owner.connect();
      await owner.query('analyze');
      await owner.end();
    },
    cpuMs: () => ({
      service: cpuOf([pid()]),
      database: cpuOf(familyOf(postgresPid).filter((each) => each !== observer.pid)),
    }),
    peakRssMb: () => peakRssOf(pid()),
    async api(method, path, body) {
      const answer = await fetch(`${publicUrl}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as never;
    },
    close: () => ends.disposeAsync(),
  };
}

async function openConnection(
  database: Database,
  account: { readonly crm: CrmName; readonly externalAccountId: string },
): Promise<{ readonly workspaceId: string; readonly connectionId: string; readonly apiKey: string }> {
  const found = await findConnection(database, account);
  if (!found) throw new Error('the account is not connected');
  const { workspaceId, connectionId } = found;
  const { key } = await createApiKey(database, workspaceId, { label: 'bench', now: new Date(systemClock.now()) });
  return { workspaceId, connectionId, apiKey: key };
}

async function openObserver(connectionString: string): Promise<{ readonly client: pg.Client; readonly pid: number }> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const answer = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return { client, pid: answer.rows[0]?.pid ?? 0 };
}

function urlsOf(postgres: { readonly ownerUrl: string; readonly adminUrl: string }) {
  const superuser = new URL(postgres.adminUrl);
  superuser.pathname = new URL(postgres.ownerUrl).pathname;
  return { ownerUrl: postgres.ownerUrl, superuserUrl: superuser.href };
}

function startService(input: {
  readonly role: string;
  readonly port: number;
  readonly account: BenchAccount;
  readonly appUrl: string;
  readonly ownerUrl: string;
}): Promise<Child> {
  return startChild({
    args: [...serviceFlags, 'backend/src/main.ts'],
    ready: 'passalong ready ',
    environment: {
      PORT: String(input.port),
      PUBLIC_URL: input.port === 0 ? '' : `http://localhost:${input.port}`,
      ROLE: input.role,
      LOG_LEVEL: 'warn',
      DATABASE_URL: input.appUrl,
      DATABASE_OWNER_URL: input.ownerUrl,
      SECRET_KEYS: SECRET_KEY,
      ...input.account.environment,
    },
  });
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
