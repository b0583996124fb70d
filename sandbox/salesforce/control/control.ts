import type { FaultInput } from '../faults/faults.ts';
import type { Call } from '../http/call-log.ts';
import type { World } from '../world.ts';
import { orgControl } from './org-control.ts';
import type { Actor } from './org-control.ts';
import { clockActions, platformActions } from './platform-actions.ts';

export interface LogFilter {
  orgId?: string;
  method?: string;
  /** part of the path */
  path?: string;
  status?: number;
  sinceMs?: number;
}

/** Everything tests and the workbench may do to the local Salesforce beside calling its API. */
export function createControl(world: World) {
  return {
    ...flushing(platformActions(world), world),
    /** one org, seen by a person in it */
    org: (orgId: string, actor: Actor = {}) => flushing(orgControl(world, orgId, actor), world),
    hosts: () => ({ ...world.hosts }),
    faults: {
      /** answers a number to remove it by */
      add: (input: FaultInput): number => world.faults.add(input),
      remove: (id: number): void => world.faults.remove(id),
      clear: (): void => world.faults.clear(),
      list: () => world.faults.list(),
      seed: (seed: number): void => world.random.reseed(seed),
    },
    log: {
      calls: (filter: LogFilter = {}): Call[] => world.log.calls().filter((call) => fits(call, filter)),
      /** org id -> how many calls counted against its allowance, since the start or the last clear */
      counts: (): Record<string, number> => world.log.counts(),
      clear: (): void => world.log.clear(),
    },
    clock: clockActions(world),
  };
}

export type Control = ReturnType<typeof createControl>;

type Actions = Record<string, (...given: never[]) => unknown>;

/** Every action ends like a request does: what it changed is kept before anybody hears of it. */
function flushing<T extends Actions>(actions: T, { journal }: World): T {
  if (journal === null) return actions;
  const wrapped: Actions = {};
  for (const [name, action] of Object.entries(actions))
    wrapped[name] = (...given) => {
      const result = action.apply(actions, given);
      const flush = (): void => journal.flush('everything');
      if (result instanceof Promise) return result.finally(flush);
      flush();
      return result;
    };
  return wrapped as T;
}

function fits(call: Call, filter: LogFilter): boolean {
  if (filter.orgId !== undefined && call.orgId !== filter.orgId) return false;
  if (filter.method !== undefined && call.method !== filter.method) return false;
  if (filter.status !== undefined && call.status !== filter.status) return false;
  if (filter.sinceMs !== undefined && call.at < filter.sinceMs) return false;
  return filter.path === undefined || call.path.includes(filter.path);
}
