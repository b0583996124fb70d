import type { Clock } from '../../clock.ts';
import type { DailyVisits } from '../../referrals/visits-store.ts';

export type Visit = { readonly workspaceId: string; readonly advocateId: string };

export type VisitCounter = {
  count(visit: Visit): void;
  /** Writes what was counted; resolves when it is written. */
  flush(): Promise<void>;
  /** The last flush; nothing is written by itself afterwards. */
  stop(): Promise<void>;
};

export type VisitCounterInput = {
  readonly clock: Clock;
  readonly write: (visits: readonly DailyVisits[]) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
};

const FLUSH_MS = 1_000;
/** Links visited while the database was away; beyond this, visits of further links are not counted. */
const MAX_WAITING = 20_000;

/**
 * Gathers visits for a second and writes them in one round trip, so that a link that goes round the world costs a row a
 * second and no friend waits for a counter. A kill loses at most that second of visit statistics, never a referral: who
 * sent the friend stands in their address and their cookie.
 */
export function createVisitCounter({ clock, write, onFailure }: VisitCounterInput): VisitCounter {
  let waiting = new Map<string, DailyVisits>();
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let stopped = false;

  function add(visits: DailyVisits): void {
    const key = `${visits.advocateId} ${visits.day}`;
    const before = waiting.get(key);
    if (!before && waiting.size >= MAX_WAITING) return;
    waiting.set(key, { ...visits, count: visits.count + (before?.count ?? 0) });
    if (timer || stopped) return;
    timer = setTimeout(() => void flush(), FLUSH_MS);
    timer.unref();
  }

  async function writeWaiting(): Promise<void> {
    const taken = [...waiting.values()];
    waiting = new Map();
    if (taken.length === 0) return;
    try {
      await write(taken);
    } catch (error) {
      // Together with the next ones.
      taken.forEach(add);
      onFailure(error);
    }
  }

  function flush(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    // One after the other: two at once would wait for each other's rows.
    writing = writing.then(writeWaiting);
    return writing;
  }

  return {
    count: (visit) => add({ ...visit, day: new Date(clock.now()).toISOString().slice(0, 10), count: 1 }),
    flush,
    stop() {
      stopped = true;
      return flush();
    },
  };
}
