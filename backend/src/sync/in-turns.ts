/**
 * How many calls an enrolment has in flight. One after the other would fill the call window of no account: each takes a
 * fifth of a second. All other work stays one call at a time, so that a refusal stops the very next one.
 */
export const ENROLMENT_CALLS_AT_ONCE = 4;

export type Left<Item> = {
  /** What failed, and what was not begun because of it, in order. */
  readonly items: readonly Item[];
  /** The first failure. */
  readonly error: unknown;
};

/** Runs every item, a few at once; after a failure none is begun. Null when all succeeded. */
export async function inTurns<Item>(
  items: readonly Item[],
  input: { readonly atOnce: number; readonly run: (item: Item) => Promise<void> },
): Promise<Left<Item> | null> {
  for (let start = 0; start < items.length; start += input.atOnce) {
    const turn = items.slice(start, start + input.atOnce);
    const outcomes = await Promise.allSettled(turn.map(input.run));
    const failed = outcomes.findIndex(({ status }) => status === 'rejected');
    if (failed === -1) continue;
    const again = turn.filter((_item, index) => outcomes[index]?.status === 'rejected');
    const first = outcomes[failed];
    return {
      items: [...again, ...items.slice(start + input.atOnce)],
      error: first?.status === 'rejected' ? first.reason : null,
    };
  }
  return null;
}
