/** What waits of one kind of record. Times are ms since the epoch. */
export type Waiting = {
  readonly due: number;
  readonly oldestDueAtMs: number;
  /** The youngest hint of the kind, due or not: tells whether a burst is still coming in. */
  readonly newestDueAtMs: number;
};

export type BatchFormingInput = {
  readonly nowMs: number;
  readonly batchSize: number;
  /** A full batch was just taken. */
  readonly inBurst: boolean;
  /** Share of the account's call window that is spent, 0 to 1. */
  readonly spent: number;
};

/** Batches read in one go; bounds memory and how long a claim is held. */
export const MAX_BATCHES = 10;
const BURST_QUIET_MS = 200;
const BURST_PATIENCE_MS = 1_000;
const REMAINDER_PATIENCE_MS = 500;

/**
 * How many hints to take now. One alone goes at once; in a burst they wait, never longer than a second, for full
 * batches; and the more of the call window is spent, the longer a part batch waits for company, so that a steady
 * stream settles at a rate the CRM allows instead of running into its limit.
 */
export function takeable(waiting: Waiting, input: BatchFormingInput): number {
  const { nowMs, batchSize } = input;
  const waitedMs = nowMs - waiting.oldestDueAtMs;
  const fullBatches = Math.floor(waiting.due / batchSize);
  if (fullBatches >= MAX_BATCHES) return MAX_BATCHES * batchSize;
  if (fullBatches > 0) {
    const stillComing = nowMs - waiting.newestDueAtMs < BURST_QUIET_MS;
    return stillComing && waitedMs < BURST_PATIENCE_MS ? 0 : fullBatches * batchSize;
  }
  const patienceMs = Math.max(input.inBurst ? REMAINDER_PATIENCE_MS : 0, patienceFor(input.spent));
  return waitedMs >= patienceMs ? waiting.due : 0;
}

/** Steps that end well short of the window, so that people's own clicks and the next burst find calls left. */
function patienceFor(spent: number): number {
  if (spent < 0.3) return 0;
  if (spent < 0.6) return 200;
  return spent < 0.8 ? 400 : 1_200;
}
