import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import type { JobQueue } from '../../backend/src/jobs/job-queue.ts';
import type { ConnectionRef } from '../../backend/src/jobs/process-connection.ts';
import { createLogger } from '../../backend/src/observability/logger.ts';
import { createService, type Service } from '../../backend/src/service.ts';
import { createApiKey } from '../../backend/src/workspaces/api-keys-store.ts';
import { HINT_WINDOW_MS } from '../../backend/src/ingest/inbox-store.ts';
import { dueConnections, findConnection } from '../../backend/src/workspaces/connections-store.ts';
import type { CrmName } from '../../backend/src/crm/port.ts';
import { startLocalHubSpot, type LocalHubSpot } from '../../sandbox/hubspot/local-hubspot.ts';
import { startLocalSalesforce, type LocalSalesforce } from '../../sandbox/salesforce/local-salesforce.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { consentOfOrg, registerSalesforceApp, salesforceConfig } from './salesforce-stage.ts';

export const CLIENT_ID = 'local-client';
export const CLIENT_SECRET = 'local-secret';
export const APP_ID = 4711;
export const SECRET_KEY = Buffer.alloc(32, 7).toString('base64');

/** One clock for the service and for HubSpot; only the test moves it. */
export class StageClock {
  #nowMs = Date.parse('2026-11-02T09:00:00.000Z');

  now(): number {
    return this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}

const idleQueue: JobQueue = {
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
  wake: () => Promise.resolve(),
  work: () => Promise.resolve(),
  daily: () => Promise.resolve(),
  check: () => Promise.resolve(),
};

export type ApiAnswer = { readonly status: number; readonly body: any };

/** The whole product on loopback: PostgreSQL, the local CRMs, the service over HTTP, and a clock the test moves. */
export type Stage = {
  readonly clock: StageClock;
  readonly hubspot: LocalHubSpot;
  /** Only where the stage was opened with it; asking for it elsewhere is an error. */
  readonly salesforce: LocalSalesforce;
  readonly service: Service;
  readonly publicUrl: string;
  readonly database: TestDatabase;
  /** Rows as the owner sees them: every workspace. */
  rows<T extends Record<string, unknown>>(sql: string, values?: unknown[]): Promise<T[]>;
  /** Walks the real consent: our install page, HubSpot's consent, our callback. */
  install(portalId: number): Promise<Tenant>;
  installSalesforce(orgId: string): Promise<OrgTenant>;
  /** What the CRM sends by itself and is due now, until it was answered. */
  deliver(): Promise<void>;
  /** Delivers and processes until nothing is due within `withinMs` of the clock, moving it as needed. */
  settle(withinMs?: number): Promise<void>;
  /**
   * Lets `ms` of the clock go by as in production: every second the sweep takes up what is due, and every delivery wakes
   * its connection, whether the connection is paused or not.
   */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
};

export type Tenant = {
  /** Of HubSpot; 0 elsewhere. */
  readonly portalId: number;
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly apiKey: string;
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
};

export type OrgTenant = Tenant & { readonly orgId: string };

export type StageInput = {
  /** The address links carry, when it is to be another than where the service is called. */
  readonly linkUrl?: string;
  /** Which CRMs the service is set up for. (Default: HubSpot; the local HubSpot is there anyway) */
  readonly crms?: readonly CrmName[];
};

export async function openStage({ linkUrl, crms = ['hubspot'] }: StageInput = {}): Promise<Stage> {
  const clock = new StageClock();
  const database = await createTestDatabase();
  const hubspot = await startLocalHubSpot({ clock });
  const salesforce = crms.includes('salesforce') ? await startLocalSalesforce({ clock }) : null;
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
  let app: Service['app'] = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => app(request, response));
  const publicUrl = await listen(server);
  const service = createService({
    publicUrl: linkUrl ?? publicUrl,
    databaseUrl: database.appUrl,
    secretKeys: [SECRET_KEY],
    clock,
    queue: idleQueue,
    logger: createLogger({ level: (process.env['TEST_LOG'] ?? 'silent') as 'silent' }),
    config: {
      role: 'all',
      inboxRetentionDays: 30,
      enrolmentCheckMinutes: 15,
      workbenchUrl: null,
      hubspot: {
        appId: String(APP_ID),
        clientId: CLIENT_ID,
        clientSecrets: [CLIENT_SECRET],
        apiUrl: hubspot.url,
        appUrl: hubspot.url,
        callReserve: 0,
      },
      salesforce: salesforce && salesforceConfig(salesforce),
    },
  });
  app = service.app;
  await service.start();
  hubspot.control.uploadApp({
    projectDir: join(import.meta.dirname, '../../hubspot-app'),
    variables: { PUBLIC_URL: linkUrl ?? publicUrl },
    proxy: { [linkUrl ?? publicUrl]: publicUrl },
    appId: APP_ID,
    clientId: CLIENT_ID,
    clientSecrets: [CLIENT_SECRET],
  });
  if (salesforce) registerSalesforceApp(salesforce, linkUrl ?? publicUrl);
  const rows: Stage['rows'] = async (sql, values) => (await owner.query(sql, values)).rows;
  return {
    clock,
    hubspot,
    get salesforce() {
      if (!salesforce) throw new Error('this stage was opened without Salesforce');
      return salesforce;
    },
    service,
    publicUrl,
    database,
    rows,
    async installSalesforce(orgId) {
      await consentOfOrg(publicUrl, orgId);
      const tenant = await tenantOfAccount({ publicUrl, service, clock }, { crm: 'salesforce', accountId: orgId });
      return { ...tenant, orgId };
    },
    install: (portalId) => install({ hubspot, publicUrl, service, clock }, portalId),
    deliver: () => hubspot.control.deliveries.deliverNow(),
    settle: (withinMs = 10_000) => settle({ clock, hubspot, service, rows }, withinMs),
    pass: (ms) => pass({ clock, hubspot, service, rows }, ms),
    async close() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await service.stop();
      await owner.end();
      await hubspot.close();
      await salesforce?.close();
      await database.drop();
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type InstallParts = Pick<Stage, 'hubspot' | 'publicUrl' | 'service' | 'clock'>;

async function install(parts: InstallParts, portalId: number): Promise<Tenant> {
  const begun = await fetch(`${parts.publicUrl}/hubspot/oauth/install`, { redirect: 'manual' });
  const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const consent = new URL(begun.headers.get('location') ?? '');
  consent.searchParams.set('portalId', String(portalId));
  consent.searchParams.set('decision', 'grant');
  const granted = await fetch(consent, { method: 'POST', redirect: 'manual' });
  const { pathname, search } = new URL(granted.headers.get('location') ?? '');
  const finished = await fetch(parts.publicUrl + pathname + search, { headers: { cookie }, redirect: 'manual' });
  if (finished.status >= 400) throw new Error(`the installation failed: ${finished.status} ${await finished.text()}`);
  return tenantOf(parts, portalId);
}

type TenantParts = Pick<Stage, 'service' | 'publicUrl' | 'clock'>;

export async function tenantOf(parts: TenantParts, portalId: number): Promise<Tenant> {
  return tenantOfAccount(parts, { crm: 'hubspot', accountId: String(portalId) });
}

async function tenantOfAccount(
  parts: TenantParts,
  { crm, accountId }: { readonly crm: CrmName; readonly accountId: string },
): Promise<Tenant> {
  const { database } = parts.service;
  const found = await findConnection(database, { crm, externalAccountId: accountId });
  if (!found) throw new Error(`account ${accountId} is not connected`);
  const { key } = await createApiKey(database, found.workspaceId, { label: 'test', now: new Date(parts.clock.now()) });
  return {
    portalId: crm === 'hubspot' ? Number(accountId) : 0,
    workspaceId: found.workspaceId,
    connectionId: found.connectionId,
    apiKey: key,
    async api(method, path, body, headers = {}) {
      const answer = await fetch(`${parts.publicUrl}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
    },
  };
}

type DueRow = { workspace_id: string; connection_id: string; due: Date };

const NEXT_DUE = `
  select workspace_id, connection_id, greatest(due, coalesce((select paused_until from budgets b
           where b.connection_id = d.connection_id and b.kind = 'default'), due)) as due
    from (
      select workspace_id, connection_id, greatest(min(due_at), coalesce(min(claimed_until), min(due_at))) as due from dirty_records
       where dead_at is null group by 1, 2
      union all select workspace_id, connection_id, min(due_at) from write_backs where due_at is not null and dead_at is null group by 1, 2
      union all select workspace_id, connection_id, min(due_at) from outbox where due_at is not null and dead_at is null group by 1, 2
      union all select workspace_id, connection_id, min(due_at) from enrolments where due_at is not null group by 1, 2
      union all select workspace_id, connection_id, min(due_at) from re_evaluations where due_at is not null group by 1, 2
      union all select workspace_id, id, provision_due_at from connections where provision_due_at is not null
    ) d
   where exists (select 1 from connections c where c.id = d.connection_id and c.status = 'connected')
   order by due limit 1`;

async function settle(parts: Pick<Stage, 'clock' | 'hubspot' | 'service' | 'rows'>, withinMs: number): Promise<void> {
  const { clock, hubspot, service, rows } = parts;
  const horizonMs = clock.now() + withinMs;
  for (let round = 0; round < 2_000; round += 1) {
    await hubspot.control.deliveries.deliverNow();
    const [next] = await rows<DueRow>(NEXT_DUE);
    if (!next || next.due.getTime() > horizonMs) return;
    if (next.due.getTime() > clock.now()) clock.advance(next.due.getTime() - clock.now());
    const againAtMs = await service.process({ workspaceId: next.workspace_id, connectionId: next.connection_id });
    if (againAtMs !== null && againAtMs > clock.now()) clock.advance(againAtMs - clock.now());
  }
  throw new Error('the loop did not come to rest');
}

const SWEEP_MS = 1_000;

async function pass(parts: Pick<Stage, 'clock' | 'hubspot' | 'service' | 'rows'>, ms: number): Promise<void> {
  const { clock, service } = parts;
  const untilMs = clock.now() + ms;
  for (;;) {
    await takeDeliveries(parts);
    for (const ref of await dueConnections(service.database, clock.now())) await processAll(parts, ref);
    if (clock.now() >= untilMs) return;
    clock.advance(Math.min(SWEEP_MS, untilMs - clock.now()));
  }
}

/** Until nobody delivers any more: our own writes are delivered to us as well. */
async function takeDeliveries(parts: Pick<Stage, 'clock' | 'hubspot' | 'service' | 'rows'>): Promise<void> {
  const { clock, hubspot, rows } = parts;
  const { deliveries, log } = hubspot.control;
  for (let round = 0; round < 200; round += 1) {
    const before = log.deliveries().length;
    await deliveries.deliverNow();
    if (log.deliveries().length === before) return;
    clock.advance(HINT_WINDOW_MS);
    const woken = await rows<{ id: string; workspace_id: string }>('select id, workspace_id from connections');
    for (const { id, workspace_id: workspaceId } of woken) await processAll(parts, { workspaceId, connectionId: id });
  }
  throw new Error('deliveries did not come to rest');
}

async function processAll({ clock, service }: Pick<Stage, 'clock' | 'service'>, ref: ConnectionRef): Promise<void> {
  for (let round = 0; round < 1_000; round += 1) {
    const againAtMs = await service.process(ref);
    if (againAtMs === null) return;
    if (againAtMs > clock.now()) clock.advance(againAtMs - clock.now());
  }
  throw new Error('the connection did not come to rest');
}
