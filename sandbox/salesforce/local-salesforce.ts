import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { OffsetClock } from '../hubspot/clock.ts';
import type { Clock } from '../hubspot/clock.ts';
import { answerControl } from './control/control-http.ts';
import { createControl } from './control/control.ts';
import type { Control } from './control/control.ts';
import type { Site } from './http/exchange.ts';
import { INSTANCE_ROUTES, LOGIN_ROUTES } from './http/routes.ts';
import { createSalesforceServer } from './http/server.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

export { connectLocalSalesforce } from './control/remote.ts';
export type { RemoteControl } from './control/remote.ts';
export type { Control } from './control/control.ts';

export interface LocalSalesforceOptions {
  /** of the production login host; 0, the default: any free one */
  port?: number;
  host?: '127.0.0.1';
  /** the only source of time; real time when absent, movable through `control.clock` */
  clock?: Clock;
  /** where state survives a restart; in memory only when absent */
  dataDir?: string;
  /** of fault rates */
  seed?: number;
}

export interface LocalSalesforce {
  /** login.salesforce.com */
  url: string;
  /** test.salesforce.com, where people of sandboxes log in */
  sandboxLoginUrl: string;
  control: Control;
  close(): Promise<void>;
}

/** Starts a Salesforce on loopback: two login hosts, and one more address per org. See sandbox/README.md. */
export async function startLocalSalesforce(options: LocalSalesforceOptions = {}): Promise<LocalSalesforce> {
  const world = createWorld({
    clock: options.clock ?? new OffsetClock(),
    dataDir: options.dataDir,
    seed: options.seed ?? 1,
  });
  const control = createControl(world);
  const host = options.host ?? '127.0.0.1';
  const open = async (key: string, site: Site, port: number): Promise<string> => {
    const routes = site.kind === 'instance' ? INSTANCE_ROUTES : LOGIN_ROUTES;
    const server = createSalesforceServer({
      world,
      site,
      routes,
      control: (exchange) => answerControl(control, exchange),
    });
    world.servers.set(key, server);
    return listen(server, port, host);
  };
  world.openInstance = (orgId, port) => open(orgId, { kind: 'instance', orgId }, port);
  await openHosts(world, open, options.port ?? 0);
  return {
    url: world.hosts.loginUrl,
    sandboxLoginUrl: world.hosts.sandboxLoginUrl,
    control,
    async close() {
      await Promise.all([...world.servers.values()].map(closed));
      world.journal?.close();
    },
  };
}

type Open = (key: string, site: Site, port: number) => Promise<string>;

/** Where they were in the run before, if they still can be: whoever keeps an org's address finds it there. */
async function openHosts(world: World, open: Open, port: number): Promise<void> {
  const { hosts, orgs } = world;
  const login = { kind: 'login', sandbox: false } as const;
  const sandboxLogin = { kind: 'login', sandbox: true } as const;
  const anew = (url: string, work: (at: number) => Promise<string>): Promise<string> =>
    work(portOf(url)).catch((error: unknown) => {
      if (portOf(url) === 0) throw error;
      return work(0);
    });
  hosts.loginUrl = await (port === 0
    ? anew(hosts.loginUrl, (at) => open('login', login, at))
    : open('login', login, port));
  hosts.sandboxLoginUrl = await anew(hosts.sandboxLoginUrl, (at) => open('sandbox login', sandboxLogin, at));
  for (const org of orgs.values())
    org.instanceUrl = await anew(org.instanceUrl, (at) => world.openInstance(org.orgId, at));
  world.journal?.flush('everything');
}

const portOf = (url: string): number => (url === '' ? 0 : Number(new URL(url).port));

async function listen(server: Server, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

async function closed(server: Server): Promise<void> {
  const over = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await over;
}
