import { isMovable } from '../../hubspot/clock.ts';
import type { App } from '../oauth/app.ts';
import { createOrg } from '../state/new-org.ts';
import { seedBelievable } from '../seed/believable.ts';
import type { CreateOrgInput } from '../state/new-org.ts';
import type { Org } from '../state/org.ts';
import { orgOf } from '../world.ts';
import type { World } from '../world.ts';

export interface RegisterAppInput {
  clientId: string;
  clientSecret: string;
  redirectUris: readonly string[];
  name?: string;
  scopes?: readonly string[];
  certificate?: string;
  refreshTokenRotation?: boolean;
  refreshTokenIdleDays?: number;
}

export interface CreatedOrg {
  orgId: string;
  instanceUrl: string;
  adminId: string;
  integrationUserId: string;
}

const DAY_MS = 86_400_000;

const told = ({ orgId, instanceUrl, adminId, integrationUserId }: Org): CreatedOrg => ({
  orgId,
  instanceUrl,
  adminId,
  integrationUserId,
});

/** What happens outside any one org: the developer's app, new orgs. */
export function platformActions(world: World) {
  const add = async (input: CreateOrgInput): Promise<CreatedOrg> => {
    world.made.orgs += 1;
    const org = createOrg(input, world.clock.now(), world.made.orgs);
    if (world.orgs.has(org.orgId)) throw new Error(`Org ${org.orgId} exists`);
    if (input.seed === 'believable') seedBelievable(world, org);
    org.instanceUrl = await world.openInstance(org.orgId, input.port ?? 0);
    world.orgs.set(org.orgId, org);
    return told(org);
  };
  return {
    registerApp(input: RegisterAppInput): App {
      const app: App = {
        clientId: input.clientId,
        clientSecret: input.clientSecret,
        redirectUris: input.redirectUris,
        name: input.name ?? 'Passalong',
        scopes: input.scopes ?? ['api', 'refresh_token'],
        certificate: input.certificate ?? null,
        refreshTokenRotation: input.refreshTokenRotation ?? true,
        refreshTokenIdleMs: (input.refreshTokenIdleDays ?? 30) * DAY_MS,
      };
      world.apps.set(app.clientId, app);
      return app;
    },
    /** each org has an address of its own, on a port of its own */
    createOrg: (input: CreateOrgInput = {}): Promise<CreatedOrg> => add(input),
    orgs: (): CreatedOrg[] => [...world.orgs.values()].map(told),
    apps: (): App[] => [...world.apps.values()],
    /** a sandbox made anew: same address, another org id, every token and record of the old one gone */
    async refreshSandbox(orgId: string): Promise<CreatedOrg> {
      const old = orgOf(world, orgId);
      if (!old.isSandbox) throw new Error(`${orgId} is no sandbox`);
      world.orgs.delete(old.orgId);
      const port = Number(new URL(old.instanceUrl).port);
      const server = world.servers.get(old.orgId);
      world.servers.delete(old.orgId);
      await new Promise<void>((resolve) => {
        if (!server) return resolve();
        server.close(() => resolve());
        server.closeAllConnections();
      });
      const { name, myDomain, packageInstalled, currencies, timeZone } = old;
      const namespace = old.namespace as 'passalong' | null;
      return add({ name, myDomain, packageInstalled, currencies, timeZone, namespace, isSandbox: true, port });
    },
  };
}

export function clockActions(world: World) {
  return {
    now: (): number => world.clock.now(),
    /** only where no clock was injected */
    advance(ms: number): number {
      const { base } = world.clock;
      if (!isMovable(base)) throw new Error('This sandbox was given a clock of its own; move that one');
      base.advance(ms);
      return world.clock.now();
    },
    /** how far Salesforce's clock is ahead of everybody else's from now on; negative: behind */
    skew(ms: number): number {
      world.clock.skew(ms);
      return world.clock.now();
    },
  };
}
