import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../observability/logger.ts';
import { dueConnections } from '../workspaces/connections-store.ts';
import type { ConnectionRef } from './process-connection.ts';

export type Sweep = { start(): void; stop(): Promise<void> };

const SWEEP_INTERVAL_MS = 1_000;
const MINUTE_MS = 60_000;

/**
 * Looks once a second for connections with something due, whoever should have said so: retries, pauses that ended, lost
 * wake-ups. Once a minute it also does what hangs on no connection.
 */
export function createSweep(input: {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly send: (ref: ConnectionRef) => Promise<void>;
  readonly eachMinute: () => Promise<unknown>;
}): Sweep {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let minuteAtMs = -Infinity;
  const sweepOnce = async (): Promise<void> => {
    try {
      for (const ref of await dueConnections(input.database, input.clock.now())) await input.send(ref);
      if (input.clock.now() - minuteAtMs >= MINUTE_MS) {
        minuteAtMs = input.clock.now();
        await input.eachMinute();
      }
    } catch (error) {
      input.logger.warn({ err: error }, 'sweep failed; the next one follows');
    }
    if (!stopped) timer = setTimeout(run, SWEEP_INTERVAL_MS);
  };
  const run = (): void => {
    running = sweepOnce();
  };
  return {
    start: run,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
