/** Ids in ascending order. Plain arrays, because state is serialised as it stands. */
export type OrderedIds = number[];

/** Where the first id not below this one is. */
export function positionOf(order: OrderedIds, id: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((order[middle] as number) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function insertId(order: OrderedIds, id: number): void {
  const last = order[order.length - 1];
  // New records have the highest id: nearly every insertion is an append.
  if (last === undefined || id > last) return void order.push(id);
  const position = positionOf(order, id);
  if (order[position] !== id) order.splice(position, 0, id);
}

export function removeId(order: OrderedIds, id: number): void {
  const position = positionOf(order, id);
  if (order[position] === id) order.splice(position, 1);
}
