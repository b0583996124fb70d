import type { ChangeSignal, CrmName } from '../crm/port.ts';
import type { AcceptedSignals } from './inbox-store.ts';

export type InsertSignals = (input: {
  readonly crm: CrmName;
  readonly signals: readonly ChangeSignal[];
}) => Promise<AcceptedSignals>;

export type SignalIntake = {
  /** Resolves when the signals are durably stored; rejects when they are not, so that the CRM delivers again. */
  accept(signals: readonly ChangeSignal[]): Promise<void>;
};

type Waiting = {
  readonly signals: readonly ChangeSignal[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

export type SignalIntakeInput = {
  readonly crm: CrmName;
  readonly insert: InsertSignals;
  /** Called after each commit: counters, and the wake-up of the connections named (a lost one is found by the sweep). */
  readonly onStored: (answer: AcceptedSignals) => void;
  /** Transactions under way at once. (Default: 3, so that one fills while others commit) */
  readonly lanes?: number;
  /** Signals per transaction. (Default: 2000) */
  readonly maxBatch?: number;
};

/**
 * Deliveries that arrive while a transaction is under way share the next one: a commit costs the same for one message
 * as for a hundred. When a shared transaction fails, its deliveries are stored one by one, so that one that cannot be
 * stored fails alone.
 */
export function createSignalIntake(input: SignalIntakeInput): SignalIntake {
  const lanes = input.lanes ?? 3;
  const maxBatch = input.maxBatch ?? 2_000;
  let queue: Waiting[] = [];
  let busyLanes = 0;

  const store = async (batch: readonly Waiting[]): Promise<void> => {
    const answer = await input.insert({ crm: input.crm, signals: batch.flatMap((waiting) => waiting.signals) });
    for (const waiting of batch) waiting.resolve();
    input.onStored(answer);
  };

  const storeAlone = async (waiting: Waiting): Promise<void> => {
    try {
      await store([waiting]);
    } catch (error) {
      waiting.reject(error);
    }
  };

  const run = async (): Promise<void> => {
    busyLanes += 1;
    while (queue.length > 0) {
      const batch = takeBatch();
      try {
        await store(batch);
      } catch (error) {
        if (batch.length === 1) batch[0]?.reject(error);
        else for (const waiting of batch) await storeAlone(waiting);
      }
    }
    busyLanes -= 1;
  };

  const takeBatch = (): Waiting[] => {
    let signals = 0;
    let count = 0;
    while (count < queue.length && (count === 0 || signals + (queue[count]?.signals.length ?? 0) <= maxBatch)) {
      signals += queue[count]?.signals.length ?? 0;
      count += 1;
    }
    const batch = queue.slice(0, count);
    queue = queue.slice(count);
    return batch;
  };

  return {
    accept: (signals) =>
      new Promise((resolve, reject) => {
        queue.push({ signals, resolve, reject });
        if (busyLanes < lanes) void run();
      }),
  };
}
