import { CrmUnavailable } from '../errors.ts';
import type { WriteOutcome } from '../port.ts';
import type { HubSpotAnswer } from './gateway.ts';
import { HubSpotRejected } from './rejection.ts';
import { blamedKeys, readBatchOutcomes, type BatchItem } from './write-answer.ts';
import { toWriteRefusal } from './write-refusal.ts';

export type WriteBatchInput<Item extends BatchItem> = {
  /** At most 100, with distinct keys. */
  readonly items: readonly Item[];
  readonly send: (items: readonly Item[]) => Promise<HubSpotAnswer>;
  /** Asked once, when HubSpot first refuses several items with 409 and names none: who is in the way? */
  readonly findConflicts?: (items: readonly Item[]) => Promise<ReadonlyMap<string, WriteOutcome>>;
};

/** After this many refusals halving costs more calls than trying the rest one by one. */
const HALVE_UP_TO_REFUSALS = 8;
const REFUSED_BY_CONTENT: ReadonlySet<number> = new Set([400, 404, 409]);

/**
 * Writes a batch so that no item can block another. A refused batch is sent again without the items HubSpot names;
 * when it names none, in halves. At worst, with every item refused, that is about 130 calls for 100 items. Errors other
 * than a refusal by content are raised; sending the same items again is safe.
 */
export async function writeBatch<Item extends BatchItem>(
  input: WriteBatchInput<Item>,
): Promise<readonly WriteOutcome[]> {
  const outcomes = new Map<string, WriteOutcome>();
  let refusals = 0;
  let findConflicts = input.findConflicts;
  const settle = (settled: ReadonlyMap<string, WriteOutcome>) => {
    for (const [key, outcome] of settled) {
      outcomes.set(key, outcome);
      if (!outcome.ok) refusals += 1;
    }
  };
  const open: (readonly Item[])[] = input.items.length > 0 ? [input.items] : [];
  for (let items = open.pop(); items !== undefined; items = open.pop()) {
    const { settled, conflict } = await sendOnce(input, items);
    settle(settled);
    if (conflict && findConflicts !== undefined) {
      settle(await findConflicts(items));
      findConflicts = undefined;
    }
    const rest = items.filter((item) => !outcomes.has(item.key));
    if (rest.length === 0) continue;
    if (rest.length < items.length) open.push(rest);
    else if (items.length === 1) throw new CrmUnavailable('HubSpot named no outcome for a record it was sent.');
    else open.push(...split(rest, refusals > HALVE_UP_TO_REFUSALS ? 1 : Math.ceil(rest.length / 2)));
  }
  return input.items.flatMap((item) => outcomes.get(item.key) ?? []);
}

type Sent = {
  /** None when HubSpot refused the whole batch without naming anybody. */
  readonly settled: ReadonlyMap<string, WriteOutcome>;
  /** The batch was refused with 409, and we do not know because of whom. */
  readonly conflict: boolean;
};

async function sendOnce<Item extends BatchItem>(input: WriteBatchInput<Item>, items: readonly Item[]): Promise<Sent> {
  try {
    return { settled: readBatchOutcomes(await input.send(items), items), conflict: false };
  } catch (error) {
    if (!(error instanceof HubSpotRejected) || !REFUSED_BY_CONTENT.has(error.status)) throw error;
    const blamed = items.length === 1 ? items.map(({ key }) => key) : blamedKeys(error.error, items);
    const refusal = toWriteRefusal(error.error, error.status);
    const settled = new Map<string, WriteOutcome>(blamed.map((key) => [key, { key, ok: false, refusal }]));
    return { settled, conflict: blamed.length === 0 && error.status === 409 };
  }
}

function split<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const parts: (readonly Item[])[] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts.reverse();
}
