import type { CrmRecord, ObjectStore } from '../state/state.ts';
import { comparableReader } from '../state/filter.ts';
import type { Reader } from '../state/filter.ts';
import type { SearchRequest } from './search-request.ts';

interface Keyed {
  record: CrmRecord;
  key: number | string | null;
  tie: number;
}

/**
 * The first `end` matches in the order asked for; without a sort, oldest first. Records that tie come in an
 * order of their own, neither by id nor by age, because HubSpot promises none. Those without a value come last
 * in either direction.
 */
export function firstMatches(
  matches: readonly CrmRecord[],
  { sort, after, limit }: SearchRequest,
  { store, read }: { store: ObjectStore; read: Reader },
): CrmRecord[] {
  const end = after + limit;
  const propertyName = sort?.propertyName ?? 'createdate';
  const descending = sort?.descending ?? false;
  // The store holds its records by ascending id, and ids do not tie: nothing to sort for a walk by id.
  if (propertyName === 'hs_object_id' && !descending) return matches.slice(0, end);
  const type = store.properties.get(propertyName)?.type ?? 'string';
  const keyOf = comparableReader(type, propertyName, read);
  const keyed = matches.map((record) => ({ record, key: keyOf(record), tie: scattered(record.id) }));
  return smallest(keyed, comparison(descending), end).map(({ record }) => record);
}

type Compare = (one: Keyed, two: Keyed) => number;

function comparison(descending: boolean): Compare {
  const direction = descending ? -1 : 1;
  return (one, two) => {
    if (one.key === null || two.key === null)
      return Number(one.key === null) - Number(two.key === null) || one.tie - two.tie;
    if (one.key < two.key) return -direction;
    if (one.key > two.key) return direction;
    return one.tie - two.tie;
  };
}

/** One page of thousands does not need them all sorted: what is behind the worst kept is passed over. */
function smallest(items: readonly Keyed[], compare: Compare, count: number): Keyed[] {
  if (count === 0) return [];
  let kept: Keyed[] = [];
  let worst: Keyed | undefined;
  for (const item of items) {
    if (worst && compare(item, worst) >= 0) continue;
    kept.push(item);
    if (kept.length < count * 2) continue;
    kept = kept.sort(compare).slice(0, count);
    worst = kept[count - 1];
  }
  return kept.sort(compare).slice(0, count);
}

const scattered = (id: string): number => Math.imul(Number(id) % 2_147_483_647, 2_654_435_761) >>> 0;
