import { SkewedClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { Faults } from './faults/faults.ts';
import { CallLog } from './http/call-log.ts';
import { RateLimits } from './http/rate-limit.ts';
import { Random } from './random.ts';
import { defaultSettings } from './settings.ts';
import type { Settings } from './settings.ts';
import type { State } from './state/state.ts';
import { Store } from './state/store.ts';

/** What every handler works on. */
export interface World {
  readonly store: Store;
  readonly state: State;
  readonly clock: SkewedClock;
  readonly random: Random;
  readonly settings: Settings;
  readonly faults: Faults;
  readonly limits: RateLimits;
  readonly log: CallLog;
  /** requests of cards under way, by `<app>:<portal>` */
  readonly cardRequests: Map<string, number>;
}

export interface WorldInput {
  clock: Clock;
  dataDir: string | undefined;
  seed: number;
}

export function createWorld(input: WorldInput): World {
  const store = new Store(input.dataDir);
  const random = new Random(input.seed);
  return {
    store,
    state: store.state,
    clock: new SkewedClock(input.clock),
    random,
    settings: defaultSettings(),
    faults: new Faults(random),
    limits: new RateLimits(),
    log: new CallLog(),
    cardRequests: new Map(),
  };
}
