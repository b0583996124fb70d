export type Value = string | number | boolean | null;
/** One record by canonical column name; every row has Id, IsDeleted and the system columns. */
export type Row = Readonly<Record<string, Value>>;

/** The rows of one object, deleted ones included, with an index per column that was ever looked up. */
export class Table {
  readonly #rows = new Map<string, Row>();
  readonly #indexes = new Map<string, Map<string, Set<string>>>();

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  all(): Iterable<Row> {
    return this.#rows.values();
  }

  get size(): number {
    return this.#rows.size;
  }

  put(id: string, row: Row | undefined): void {
    const before = this.#rows.get(id);
    for (const [column, index] of this.#indexes) {
      const [old, now] = [keyOf(before?.[column]), keyOf(row?.[column])];
      if (old === now) continue;
      if (before) index.get(old)?.delete(id);
      if (row) entry(index, now).add(id);
    }
    if (row) this.#rows.set(id, row);
    else this.#rows.delete(id);
  }

  /** Rows whose column has one of these values, letters in either case. */
  having(column: string, values: Iterable<Value>): Row[] {
    const index = this.#indexOf(column);
    const ids = new Set<string>();
    for (const value of values) for (const id of index.get(keyOf(value)) ?? []) ids.add(id);
    const rows: Row[] = [];
    for (const id of ids) {
      const row = this.#rows.get(id);
      if (row) rows.push(row);
    }
    return rows;
  }

  #indexOf(column: string): Map<string, Set<string>> {
    const known = this.#indexes.get(column);
    if (known) return known;
    const index = new Map<string, Set<string>>();
    for (const [id, row] of this.#rows) entry(index, keyOf(row[column])).add(id);
    this.#indexes.set(column, index);
    return index;
  }
}

const keyOf = (value: Value | undefined): string => String(value ?? '').toLowerCase();

function entry(index: Map<string, Set<string>>, key: string): Set<string> {
  const known = index.get(key);
  if (known) return known;
  const made = new Set<string>();
  index.set(key, made);
  return made;
}
