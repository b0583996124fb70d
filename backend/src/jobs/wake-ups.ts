import type { Clock } from '../clock.ts';
import type { Logger } from '../observability/logger.ts';
import type { ConnectionRef } from './process-connection.ts';

export type WakeUps = {
  /** Have the connection worked on at `atMs`; an earlier wish for the same connection stands. */
  at(ref: ConnectionRef, atMs: number): void;
  stop(): void;
};

/**
 * Gathers wake-ups of this process, so that a thousand messages for one connection are one job. Held in memory only: a
 * wake-up is a hint, the work is in the tables, and the sweep finds what a killed process did not ask for.
 */
export function createWakeUps(input: {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly send: (ref: ConnectionRef) => Promise<void>;
}): WakeUps {
  const timers = new Map<string, NodeJS.Timeout>();
  return {
    at(ref, atMs) {
      if (timers.has(ref.connectionId)) return;
      const timer = setTimeout(
        () => {
          timers.delete(ref.connectionId);
          input
            .send(ref)
            .catch((error: unknown) => input.logger.warn({ err: error }, 'wake-up not sent; the sweep will'));
        },
        Math.max(0, atMs - input.clock.now()),
      );
      timers.set(ref.connectionId, timer);
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
