export type RecentKeys = { has(key: string): boolean; add(key: string): void };

/** Remembers about the last `capacity` keys in bounded memory: two generations, of which the older is dropped whole. */
export function createRecentKeys(capacity: number): RecentKeys {
  let young = new Set<string>();
  let old = new Set<string>();
  return {
    has: (key) => young.has(key) || old.has(key),
    add(key) {
      young.add(key);
      if (young.size < capacity / 2) return;
      old = young;
      young = new Set();
    },
  };
}
