import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import type { CrmName } from '../../backend/src/crm/port.ts';
import { createLogger } from '../../backend/src/observability/logger.ts';
import { createService, type Service } from '../../backend/src/service.ts';
import { createApiKey } from '../../backend/src/workspaces/api-keys-store.ts';
import { findConnection } from '../../backend/src/workspaces/connections-store.ts';
import { startLocalHubSpot, type LocalHubSpot } from '../../sandbox/hubspot/local-hubspot.ts';
import { startLocalSalesforce, type LocalSalesforce } from '../../sandbox/salesforce/local-salesforce.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { CLIENT_ID as PORTAL_APP, CLIENT_SECRET, SECRET_KEY, StageClock } from '../journeys/stage.ts';

export const ORG_APP = 'local-consumer-key';
const ORG_SECRET = 'local-consumer-secret';
const APP_ID = 4711;

export type Tied = { readonly workspaceId: string; readonly connectionId: string };
export type Answer = { readonly status: number; readonly body: any };

/** A browser on its way through one installation. */
export type Visit = {
  readonly status: number;
  readonly location: string;
  readonly text: string;
  readonly cookie: string;
};

/** The service with both local CRMs, over HTTP, on one clock. */
export type TwoCrms = {
  readonly clock: StageClock;
  readonly hubspot: LocalHubSpot;
  readonly salesforce: LocalSalesforce;
  readonly service: Service;
  readonly publicUrl: string;
  readonly database: TestDatabase;
  rows<T extends Record<string, unknown>>(sql: string, values?: unknown[]): Promise<T[]>;
  /** Opens an install page and agrees to what it asks; `address` may be that of a join link. */
  begin(address: string): Promise<Visit>;
  /** An administrator of this org or portal decides at the CRM; resolves to where the browser is sent then. */
  decide(consent: string, account: string, decision?: 'grant' | 'deny'): Promise<string>;
  follow(address: string, cookie: string): Promise<Visit>;
  /** All three; the answer is that of our callback. */
  install(address: string, account: string): Promise<Visit>;
  tied(crm: CrmName, account: string): Promise<Tied | null>;
  api(workspaceId: string, method: string, path: string, body?: unknown): Promise<Answer>;
  /** Everything that is due now, as the sweep finds it. */
  sweep(): Promise<void>;
  close(): Promise<void>;
};

export type TwoCrmsInput = {
  /** Whoever signs for an org; the certificate is the app's. */
  readonly key?: { readonly privateKey: string; readonly certificate: string };
  readonly secretKeys?: readonly string[];
};

export async function openTwoCrms({ key, secretKeys = [SECRET_KEY] }: TwoCrmsInput = {}): Promise<TwoCrms> {
  const clock = new StageClock();
  const database = await createTestDatabase();
  const [hubspot, salesforce] = [await startLocalHubSpot({ clock }), await startLocalSalesforce({ clock })];
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
  let app: Service['app'] = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => app(request, response));
  const publicUrl = await listen(server);
  const service = createService({
    publicUrl,
    databaseUrl: database.appUrl,
    secretKeys,
    clock,
    queue: idleQueue(),
    logger: createLogger({ level: (process.env['TEST_LOG'] ?? 'silent') as 'silent' }),
    config: {
      role: 'all',
      inboxRetentionDays: 30,
      enrolmentCheckMinutes: 15,
      workbenchUrl: null,
      hubspot: {
        appId: String(APP_ID),
        clientId: PORTAL_APP,
        clientSecrets: [CLIENT_SECRET],
        apiUrl: hubspot.url,
        appUrl: hubspot.url,
        callReserve: 0,
      },
      salesforce: {
        clientId: ORG_APP,
        clientSecret: ORG_SECRET,
        loginUrl: salesforce.url,
        sandboxLoginUrl: salesforce.sandboxLoginUrl,
        jwtPrivateKey: key?.privateKey ?? null,
        pubsubEndpoint: '127.0.0.1:1',
        changeSources: ['poll'],
      },
    },
  });
  app = service.app;
  await service.start();
  registerApps({ hubspot, salesforce, publicUrl, certificate: key?.certificate });
  const rows: TwoCrms['rows'] = async (sql, values) => (await owner.query(sql, values)).rows;
  const parts = { service, publicUrl, clock };
  return {
    clock,
    hubspot,
    salesforce,
    service,
    publicUrl,
    database,
    rows,
    begin: (address) => begin(new URL(address, publicUrl)),
    decide,
    follow: visit,
    install: (address, account) => install(publicUrl, address, account),
    tied: (crm, account) => findConnection(service.database, { crm, externalAccountId: account }),
    api: (workspaceId, method, path, ...body) => callApi(parts, { workspaceId, method, path, body: body[0] }),
    sweep: () => sweep(parts, rows),
    async close() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await service.stop();
      await owner.end();
      await hubspot.close();
      await salesforce.close();
      await database.drop();
    },
  };
}

function idleQueue() {
  const nothing = () => Promise.resolve();
  return { start: nothing, stop: nothing, wake: nothing, work: nothing, daily: nothing, check: nothing };
}

type Apps = Pick<TwoCrms, 'hubspot' | 'salesforce' | 'publicUrl'> & { readonly certificate: string | undefined };

function registerApps({ hubspot, salesforce, publicUrl, certificate }: Apps): void {
  hubspot.control.uploadApp({
    projectDir: join(import.meta.dirname, '../../hubspot-app'),
    variables: { PUBLIC_URL: publicUrl },
    appId: APP_ID,
    clientId: PORTAL_APP,
    clientSecrets: [CLIENT_SECRET],
  });
  salesforce.control.registerApp({
    clientId: ORG_APP,
    clientSecret: ORG_SECRET,
    redirectUris: [`${publicUrl}/salesforce/oauth/callback`],
    ...(certificate === undefined ? {} : { certificate }),
  });
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function visit(address: string, cookie: string): Promise<Visit> {
  return send(address, cookie, {});
}

async function send(address: string, cookie: string, more: RequestInit): Promise<Visit> {
  const answer = await fetch(address, { ...more, headers: cookie === '' ? {} : { cookie }, redirect: 'manual' });
  return {
    status: answer.status,
    location: answer.headers.get('location') ?? '',
    text: await answer.text(),
    cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '',
  };
}

/** A join link asks first; whoever goes on sends the page's own form. */
async function begin(address: URL): Promise<Visit> {
  const page = await visit(address.href, '');
  const action = /<form method="post" action="([^"]+)">/.exec(page.text)?.[1];
  if (action === undefined) return page;
  const hidden = page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g);
  const body = new URLSearchParams([...hidden].map(([, name = '', value = '']): [string, string] => [name, value]));
  return send(new URL(action, address).href, page.cookie, { method: 'POST', body });
}

async function decide(consent: string, account: string, decision: 'grant' | 'deny' = 'grant'): Promise<string> {
  const url = new URL(consent);
  url.searchParams.set(url.pathname.startsWith('/services/') ? 'orgId' : 'portalId', account);
  url.searchParams.set('decision', decision);
  const answer = await fetch(url, { method: 'POST', redirect: 'manual' });
  if (answer.status !== 302) throw new Error(`the CRM let nobody in: ${answer.status}`);
  return answer.headers.get('location') ?? '';
}

async function install(publicUrl: string, address: string, account: string): Promise<Visit> {
  const begun = await begin(new URL(address, publicUrl));
  if (begun.location === '') return begun;
  return visit(await decide(begun.location, account), begun.cookie);
}

type Parts = Pick<TwoCrms, 'service' | 'publicUrl' | 'clock'>;

async function callApi(
  { service, publicUrl, clock }: Parts,
  asked: { readonly workspaceId: string; readonly method: string; readonly path: string; readonly body: unknown },
): Promise<Answer> {
  const { workspaceId, method, path, body } = asked;
  const { key } = await createApiKey(service.database, workspaceId, { label: 'test', now: new Date(clock.now()) });
  const answer = await fetch(`${publicUrl}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

async function sweep({ service, clock }: Parts, rows: TwoCrms['rows']): Promise<void> {
  const due = await rows<{ workspace_id: string; connection_id: string }>('select * from due_connections($1)', [
    new Date(clock.now()),
  ]);
  for (const { workspace_id: workspaceId, connection_id: connectionId } of due)
    await service.process({ workspaceId, connectionId });
}
