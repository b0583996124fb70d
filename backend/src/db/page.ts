/** Which page of a list is wanted. `after` is the sort key of the last item seen, null for the first page. */
export type PageInput = { readonly limit: number; readonly after: readonly string[] | null };

/** One page. `next` is the sort key to go on from, null when this was the last page. */
export type Page<T> = { readonly items: readonly T[]; readonly next: readonly string[] | null };

/** Cuts the one extra row that was read to know whether more follow. */
export function toPage<Row, T>(
  rows: readonly Row[],
  limit: number,
  read: { readonly item: (row: Row) => T; readonly key: (row: Row) => readonly string[] },
): Page<T> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { items: kept.map(read.item), next: rows.length > limit && last !== undefined ? read.key(last) : null };
}

/** A sort key as lists hand it out; null stays null. */
export function toCursor(next: readonly string[] | null): string | null {
  return next === null ? null : Buffer.from(JSON.stringify(next)).toString('base64url');
}
