import type { Clock } from '../clock.ts';
import { CrmRateLimited } from '../crm/errors.ts';
import type { CrmAccount, CrmObjectType } from '../crm/port.ts';
import { createSlidingWindow } from '../sliding-window.ts';

type RecordOfAccount = {
  readonly account: CrmAccount;
  readonly objectType: CrmObjectType;
  readonly recordId: string;
};

/**
 * What keeps one user with invented ids from spending the calls that the account's sync lives on. In the memory of this
 * process: each counts for itself.
 */
export type FirstSights = {
  /** The account said within the last minute that it has no such record. */
  isMissing(record: RecordOfAccount): boolean;
  missed(record: RecordOfAccount): void;
  /** Counts one question to the account; raises `CrmRateLimited` when it is one too many. */
  allow(account: CrmAccount): void;
};

/** A record restored or created meanwhile is found after this at the latest. */
const MISSED_MS = 60_000;
const MOST_MISSED = 5_000;
/** More than a busy team opens for the first time, and a small part of what HubSpot allows. */
const LIMIT = 20;
const WINDOW_MS = 10_000;

export function createFirstSights(clock: Clock): FirstSights {
  const questions = createSlidingWindow({ clock, limit: LIMIT, windowMs: WINDOW_MS });
  const missedAt = new Map<string, number>();
  return {
    isMissing(record) {
      const at = missedAt.get(keyOf(record));
      return at !== undefined && clock.now() < at + MISSED_MS;
    },
    missed(record) {
      const key = keyOf(record);
      // Set anew, so that the map's order is the order of the misses.
      missedAt.delete(key);
      missedAt.set(key, clock.now());
      if (missedAt.size <= MOST_MISSED) return;
      const oldest = missedAt.keys().next();
      if (!oldest.done) missedAt.delete(oldest.value);
    },
    allow({ connectionId }) {
      const waitMs = questions.waitMs(connectionId);
      if (waitMs > 0) throw new CrmRateLimited(clock.now() + waitMs);
      questions.add(connectionId);
    },
  };
}

function keyOf({ account, objectType, recordId }: RecordOfAccount): string {
  return `${account.connectionId} ${objectType} ${recordId}`;
}
