import type { FieldValues, WriteOutcome } from '../crm/port.ts';

type Writable = { readonly values: FieldValues };

export type WrittenWithout = {
  readonly outcome: WriteOutcome;
  /** Fields that were left out, because the account has them no more or lets nobody write them. */
  readonly left: readonly string[];
};

/** A refused write states every field it was refused for, as a rule; this many rounds find those it did not. */
const MAX_ROUNDS = 4;

/**
 * Writes what can be written: somebody deleted a mapped field in the CRM, or made it read-only, and the rest of the record
 * must not wait for that (E23).
 * @returns by key.
 */
export async function writeWithoutMissing<Item extends Writable>(
  items: ReadonlyMap<string, Item>,
  send: (items: ReadonlyMap<string, Item>) => Promise<readonly WriteOutcome[]>,
): Promise<Map<string, WrittenWithout>> {
  const written = new Map<string, WrittenWithout>();
  const left = new Map<string, readonly string[]>();
  let open = items;
  for (let round = 1; open.size > 0; round += 1) {
    const again = new Map<string, Item>();
    for (const outcome of await send(open)) {
      const item = open.get(outcome.key);
      if (!item) continue;
      const unwritable = missingIn(item, outcome);
      const soFar = left.get(outcome.key) ?? [];
      if (unwritable.length === 0 || round === MAX_ROUNDS) {
        written.set(outcome.key, { outcome, left: outcome.ok ? soFar : [] });
        continue;
      }
      left.set(outcome.key, [...soFar, ...unwritable]);
      again.set(outcome.key, { ...item, values: without(item.values, unwritable) });
    }
    open = again;
  }
  return written;
}

function missingIn({ values }: Writable, outcome: WriteOutcome): string[] {
  if (outcome.ok) return [];
  return (outcome.refusal.unwritableFields ?? []).filter((field) => Object.hasOwn(values, field));
}

function without(values: FieldValues, fields: readonly string[]): FieldValues {
  return Object.fromEntries(Object.entries(values).filter(([field]) => !fields.includes(field)));
}
