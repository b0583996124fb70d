import type { Clock } from './clock.ts';

export type SlidingWindow = {
  /** How long until this one may try again; 0 = now. */
  waitMs(who: string): number;
  /** One more try of this one. */
  add(who: string): void;
};

export type SlidingWindowInput = {
  readonly clock: Clock;
  readonly limit: number;
  readonly windowMs: number;
  /** (Default: 10000) Beyond this the one who was quiet longest is forgotten, so that memory stays bounded. */
  readonly maxClients?: number;
};

/**
 * Counts tries of the last `windowMs` per client, in the memory of this process: `limit` of them, and the client waits
 * until the oldest is out of the window. At most `limit` times are kept of each.
 */
export function createSlidingWindow(input: SlidingWindowInput): SlidingWindow {
  const { clock, limit, windowMs, maxClients = 10_000 } = input;
  const tries = new Map<string, number[]>();
  return {
    waitMs(who) {
      const oldest = tries.get(who)?.at(-limit);
      return oldest === undefined ? 0 : Math.max(0, oldest + windowMs - clock.now());
    },
    add(who) {
      const now = clock.now();
      const recent = (tries.get(who) ?? []).filter((at) => at + windowMs > now).slice(1 - limit);
      recent.push(now);
      // Set anew, so that the map's order is who was heard of last.
      tries.delete(who);
      tries.set(who, recent);
      if (tries.size <= maxClients) return;
      const quietest = tries.keys().next();
      if (!quietest.done) tries.delete(quietest.value);
    },
  };
}
