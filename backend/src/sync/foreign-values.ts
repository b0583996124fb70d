import { isDeepStrictEqual } from 'node:util';
import { changedValues, type CrmValues } from '../metrics/crm-values.ts';

/** One of our fields by its key, and the values of others in it that we wrote over once. */
export type Corrected = Readonly<Record<string, readonly (string | null)[]>>;

/** A record's write-back as it stands, when the record has just been read. */
export type StandingWrite = {
  readonly desired: CrmValues;
  readonly written: CrmValues | null;
  /** The newest desired values have been written, and nothing is to be written. */
  readonly settled: boolean;
  readonly corrected: Corrected | null;
  /** Why the write-back is set aside; null when it is not. */
  readonly setAside: unknown;
};

/** What to do about our fields where they hold something else than we want. */
export type ForeignFinding =
  | { readonly act: 'write'; readonly corrected: Corrected | null }
  | { readonly act: 'set_aside'; readonly error: unknown };

/** Of ever new values in one field so many are written over. */
const MOST_CORRECTIONS = 3;

/**
 * What somebody changed by hand is put right. What comes back after that is the CRM's own doing (E34): writing it again
 * would be answered in the same way for ever, so it is set aside until we want another value or somebody replays it.
 */
export function judgeForeign(standing: StandingWrite | null, desired: CrmValues, actual: CrmValues): ForeignFinding {
  if (!standing?.settled || !isDeepStrictEqual(standing.desired, JSON.parse(JSON.stringify(desired))))
    return { act: 'write', corrected: null };
  const keys = Object.keys(changedValues(desired, actual)) as (keyof CrmValues)[];
  const isHopeless = (key: keyof CrmValues): boolean => {
    const seen = standing.corrected?.[key] ?? [];
    return seen.length >= MOST_CORRECTIONS || [...seen, ...knownToStand(standing, key)].some(isSame(key, actual[key]));
  };
  if (keys.every(isHopeless)) return { act: 'set_aside', error: standing.setAside ?? anotherValue(keys) };
  const found = keys.map((key) => {
    const seen = standing.corrected?.[key] ?? [];
    return [key, isHopeless(key) ? seen : [...seen, actual[key] ?? null]] as const;
  });
  return { act: 'write', corrected: { ...standing.corrected, ...Object.fromEntries(found) } };
}

export function anotherValue(fields: readonly string[]): { code: string; message: string; fields: readonly string[] } {
  return { code: 'value_coerced', message: 'The CRM stored another value.', fields };
}

/** A value that the CRM's own answer to our write, or the reading after it, told already. */
function knownToStand({ written, desired }: StandingWrite, key: keyof CrmValues): (string | null)[] {
  const held = written?.[key];
  if (held === undefined) return [];
  return key in changedValues({ [key]: desired[key] }, { [key]: held }) ? [held] : [];
}

function isSame(key: keyof CrmValues, actual: string | null | undefined) {
  return (seen: string | null): boolean =>
    Object.keys(changedValues({ [key]: seen }, { [key]: actual ?? null })).length === 0;
}
