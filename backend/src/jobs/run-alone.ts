import type { ConnectionRef } from './process-connection.ts';

/**
 * One run per connection and process: a job that comes while one is under way asks that one to go round again. Two
 * processes may still work on one connection at once; claims keep that correct, it only costs fuller batches.
 */
export function runAlone(run: (ref: ConnectionRef) => Promise<void>): (ref: ConnectionRef) => Promise<void> {
  const again = new Map<string, boolean>();
  return async (ref) => {
    if (again.has(ref.connectionId)) {
      again.set(ref.connectionId, true);
      return;
    }
    try {
      do {
        again.set(ref.connectionId, false);
        await run(ref);
      } while (again.get(ref.connectionId));
    } finally {
      again.delete(ref.connectionId);
    }
  };
}
