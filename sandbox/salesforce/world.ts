import type { Server } from 'node:http';

import { SkewedClock } from '../hubspot/clock.ts';
import type { Clock } from '../hubspot/clock.ts';
import { Random } from '../hubspot/random.ts';
import { Faults } from './faults/faults.ts';
import { CallLog } from './http/call-log.ts';
import type { App, Code } from './oauth/app.ts';
import { Journal } from './state/journal.ts';
import type { Org } from './state/org.ts';

/** What every handler works on. */
export interface World {
  /** Salesforce's own clock: it need not agree with the one everybody else goes by */
  readonly clock: SkewedClock;
  readonly random: Random;
  readonly faults: Faults;
  readonly log: CallLog;
  readonly apps: Map<string, App>;
  readonly codes: Map<string, Code>;
  readonly orgs: Map<string, Org>;
  readonly servers: Map<string, Server>;
  /** the login hosts of production and of sandboxes */
  readonly hosts: { loginUrl: string; sandboxLoginUrl: string };
  /** how many orgs were ever made: ids of refreshed sandboxes are not used again */
  readonly made: { orgs: number };
  /** null: in memory only */
  readonly journal: Journal | null;
  /** opens a server for one org and answers its address */
  openInstance: (orgId: string, port: number) => Promise<string>;
}

export interface WorldInput {
  clock: Clock;
  dataDir: string | undefined;
  seed: number;
}

export function createWorld({ clock, dataDir, seed }: WorldInput): World {
  const random = new Random(seed);
  const platform = {
    apps: new Map<string, App>(),
    codes: new Map<string, Code>(),
    orgs: new Map<string, Org>(),
    made: { orgs: 0 },
    hosts: { loginUrl: '', sandboxLoginUrl: '' },
  };
  return {
    ...platform,
    clock: new SkewedClock(clock),
    random,
    faults: new Faults(random),
    log: new CallLog(),
    servers: new Map(),
    journal: dataDir === undefined ? null : Journal.open(dataDir, platform, clock.now()),
    openInstance: () => Promise.reject(new Error('The servers are not up yet')),
  };
}

export function orgOf(world: World, orgId: string): Org {
  const org = world.orgs.get(orgId) ?? [...world.orgs.values()].find((each) => each.orgId.startsWith(orgId));
  if (!org || orgId.length < 15) throw new Error(`There is no org ${orgId}`);
  return org;
}
