import { CrmUnavailable } from '../errors.ts';
import type { WriteOutcome } from '../port.ts';
import type { HubSpotAnswer } from './gateway.ts';
import { HubSpotRejected } from './rejection.ts';
import { blamedItems, readBatchOutcomes, refuseItems, type BatchItem } from './write-answer.ts';
import { conflictsOn } from './write-refusal.ts';

export type WriteBatchInput<Item extends BatchItem> = {
  /** At most 100, with distinct keys. */
  readonly items: readonly Item[];
  readonly send: (items: readonly Item[]) => Promise<HubSpotAnswer>;
  /**
   * Who is in the way? Asked once when HubSpot first refuses several items for a conflict, because its answer tells of
   * the first one only; and once more for those it calls existing without an id.
   */
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
      if (!outcome.ok && !outcomes.has(key)) refusals += 1;
      outcomes.set(key, outcome);
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
  const nameless = input.items.filter(({ key }) => existsSomewhere(outcomes.get(key)));
  if (nameless.length > 0 && input.findConflicts !== undefined) settle(await input.findConflicts(nameless));
  return input.items.flatMap((item) => outcomes.get(item.key) ?? []);
}

function existsSomewhere(outcome: WriteOutcome | undefined): boolean {
  if (outcome === undefined || outcome.ok) return false;
  return outcome.refusal.code === 'record_exists' && outcome.refusal.existingRecordId === undefined;
}

type Sent = {
  /** None when HubSpot refused the whole batch without naming anybody. */
  readonly settled: ReadonlyMap<string, WriteOutcome>;
  /** Several items were refused because a record like one of them exists. */
  readonly conflict: boolean;
};

async function sendOnce<Item extends BatchItem>(input: WriteBatchInput<Item>, items: readonly Item[]): Promise<Sent> {
  try {
    return { settled: readBatchOutcomes(await input.send(items), items), conflict: false };
  } catch (error) {
    if (!(error instanceof HubSpotRejected) || !REFUSED_BY_CONTENT.has(error.status)) throw error;
    const blamed = items.length === 1 ? items : blamedItems(error.error, items);
    const settled = refuseItems(blamed, error.error, error.status);
    return { settled, conflict: items.length > 1 && isConflict(error, items) };
  }
}

function isConflict({ status, error }: HubSpotRejected, items: readonly BatchItem[]): boolean {
  const properties = new Set(items.flatMap(({ unique }) => unique?.property ?? []));
  return status === 409 || [...properties].some((property) => conflictsOn(error, property).length > 0);
}

function split<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const parts: (readonly Item[])[] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts.reverse();
}
