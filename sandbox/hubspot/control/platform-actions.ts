import { isMovable } from '../clock.ts';
import { seedBelievable } from '../seed/believable.ts';
import { addManyContacts } from '../seed/many-contacts.ts';
import { appOf, portalOf } from '../state/lookup.ts';
import type { App } from '../state/state.ts';
import { readAppProject } from '../webhooks/app-project.ts';
import type { UploadInput } from '../webhooks/app-project.ts';
import type { World } from '../world.ts';

export interface CreatePortalInput {
  portalId: number;
  name?: string;
  seed?: 'believable' | 'empty';
  timeZone?: string;
  currency?: string;
  /** how many more contacts it has, beside those of the seed */
  contacts?: number;
}

/** What happens outside any one account: the developer's app, new accounts. */
export function platformActions(world: World) {
  return {
    /** what `hs project upload` does: reads the hsmeta files and takes the app's settings from them */
    uploadApp(input: UploadInput): App {
      const app = readAppProject(input);
      world.store.commit({ kind: 'app.uploaded', app });
      return app;
    },
    /** the first secret signs, all open the token endpoint: a rotation in progress has two */
    setClientSecrets(appId: number, clientSecrets: string[]): void {
      appOf(world.state, appId);
      world.store.commit({ kind: 'app.secretsChanged', appId, clientSecrets });
    },
    createPortal(input: CreatePortalInput): { portalId: number; name: string } {
      const { portalId, name = `Portal ${portalId}`, timeZone = 'UTC', currency = 'USD' } = input;
      if (world.state.portals.has(portalId)) throw new Error(`Portal ${portalId} exists`);
      world.store.commit({ kind: 'portal.created', portalId, name, timeZone, currency, atMs: world.clock.now() });
      if (input.seed === 'believable') seedBelievable(world, portalOf(world.state, portalId));
      if (input.contacts) addManyContacts(world, portalOf(world.state, portalId), { count: input.contacts });
      return { portalId, name };
    },
    portals: () =>
      [...world.state.portals.values()].map(({ portalId, name, timeZone, currency }) => ({
        portalId,
        name,
        timeZone,
        currency,
      })),
    apps: (): App[] => [...world.state.apps.values()],
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
    /** how far HubSpot's clock is ahead of everybody else's from now on; negative: behind */
    skew(ms: number): number {
      world.clock.skew(ms);
      return world.clock.now();
    },
  };
}
