import type { FaultInput } from '../faults/faults.ts';
import type { Call, CardCall, DeliveryAttempt } from '../http/call-log.ts';
import type { Settings } from '../settings.ts';
import type { Deliverer, Disorder } from '../webhooks/deliver.ts';
import type { World } from '../world.ts';
import type { Actor } from './crm-user.ts';
import { clockActions, platformActions } from './platform-actions.ts';
import { portalControl } from './portal-control.ts';

export interface LogFilter {
  portalId?: number;
  method?: string;
  /** part of the path */
  path?: string;
  status?: number;
  sinceMs?: number;
}

type Change = <T>(work: () => T) => T;

/** Everything tests and the workbench may do to the local HubSpot beside calling its API. */
export function createControl(world: World, deliverer: Deliverer) {
  // Every action ends like a request does: journal flushed, deliveries looked at.
  const change: Change = (work) => {
    const result = work();
    world.store.flush();
    deliverer.kick();
    return result;
  };
  return {
    ...flushing(platformActions(world), change),
    /** one account, seen by a person in it */
    portal: (portalId: number, actor: Actor = {}) => flushing(portalControl(world, portalId, actor), change),
    settings: {
      get: (): Settings => ({ ...world.settings }),
      set: (settings: Partial<Settings>): Settings => ({ ...Object.assign(world.settings, settings) }),
    },
    faults: {
      /** answers a number to remove it by */
      add: (input: FaultInput): number => world.faults.add(input),
      remove: (id: number): void => world.faults.remove(id),
      clear: (): void => world.faults.clear(),
      list: () => world.faults.list(),
      seed: (seed: number): void => world.random.reseed(seed),
    },
    limits: {
      /** off: nothing answers 429 by itself (benchmarks) */
      enable: (enabled: boolean): void => world.limits.enable(enabled),
    },
    deliveries: {
      hold: (): void => deliverer.hold(),
      release: (): void => deliverer.release(),
      disorder: (disorder: Partial<Disorder>): void => deliverer.setDisorder(disorder),
      /** sends what is due by the clock and waits for the answers */
      deliverNow: (): Promise<void> => deliverer.idle(),
      idle: (): Promise<void> => deliverer.idle(),
      pending: () => deliverer.pending(),
    },
    log: {
      calls: (filter: LogFilter = {}): Call[] => world.log.calls().filter((call) => fits(call, filter)),
      /** what cards asked for through `hubspot.fetch` */
      cardCalls: (): CardCall[] => [...world.log.cardCalls()],
      deliveries: (): DeliveryAttempt[] => [...world.log.deliveries()],
      /** portal id -> how many 429 it was answered, since the start or the last clear */
      rateLimited: (): Record<string, number> => world.log.rateLimited(),
      clear: (): void => world.log.clear(),
    },
    clock: flushing(clockActions(world), change),
  };
}

export type Control = ReturnType<typeof createControl>;

type Actions = Record<string, (...given: never[]) => unknown>;

function flushing<T extends Actions>(actions: T, change: Change): T {
  const wrapped: Actions = {};
  for (const [name, action] of Object.entries(actions)) {
    wrapped[name] = (...given) => change(() => action.apply(actions, given));
  }
  return wrapped as T;
}

function fits(call: Call, filter: LogFilter): boolean {
  if (filter.portalId !== undefined && call.portalId !== filter.portalId) return false;
  if (filter.method !== undefined && call.method !== filter.method) return false;
  if (filter.status !== undefined && call.status !== filter.status) return false;
  if (filter.sinceMs !== undefined && call.at < filter.sinceMs) return false;
  return filter.path === undefined || call.path.includes(filter.path);
}
