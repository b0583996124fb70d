import { makeId } from '../ids.ts';
import { Table } from './table.ts';
import type { Row } from './table.ts';

/** The same in every org, so that ids of different orgs are equal, as those of a sandbox and its production org are. */
const INSTANCE = 'QyA';

/** All rows of one org, its id counters, and what it takes to put a failed transaction back. */
export class Tables {
  readonly #tables = new Map<string, Table>();
  readonly #counters = new Map<string, number>();
  #undo: (() => void)[] | null = null;
  /** ids written since somebody last asked; null: nobody will */
  #written: Map<string, Set<string>> | null = null;

  of(object: string): Table {
    const known = this.#tables.get(object);
    if (known) return known;
    const made = new Table();
    this.#tables.set(object, made);
    return made;
  }

  nextId(prefix: string): string {
    return makeId(prefix, INSTANCE, this.nextNumber(prefix));
  }

  nextNumber(counter: string): number {
    const number = (this.#counters.get(counter) ?? 0) + 1;
    this.#counters.set(counter, number);
    return number;
  }

  put(object: string, row: Row): void {
    const id = row['Id'] as string;
    const table = this.of(object);
    const before = table.get(id);
    this.#undo?.push(() => table.put(id, before));
    table.put(id, row);
    this.#note(object, id);
  }

  /** All rows; what is written from now on is told by `changed`. */
  watched(): [object: string, rows: Row[]][] {
    this.#written = new Map();
    return [...this.#tables].map(([object, table]) => [object, [...table.all()]]);
  }

  /** Rows written since the last time, as they are now: those of a failed transaction are what they were before. */
  changed(): [object: string, rows: Row[]][] {
    const written = this.#written ?? new Map<string, Set<string>>();
    this.#written = new Map();
    return [...written].map(([object, ids]) => {
      const table = this.of(object);
      return [object, [...ids].map((id) => table.get(id)).filter((row) => row !== undefined)];
    });
  }

  counters(): [string, number][] {
    return [...this.#counters];
  }

  /** Goes on counting where an earlier run stopped. */
  resume(counters: readonly [string, number][]): void {
    for (const [counter, number] of counters) this.#counters.set(counter, number);
  }

  #note(object: string, id: string): void {
    if (this.#written === null) return;
    const known = this.#written.get(object);
    if (known) known.add(id);
    else this.#written.set(object, new Set([id]));
  }

  /** Everything `work` wrote stays, or, when it throws, nothing of it. May be nested. */
  transaction<T>(work: () => T): T {
    const outer = this.#undo;
    const own: (() => void)[] = [];
    this.#undo = own;
    try {
      const result = work();
      outer?.push(...own);
      return result;
    } catch (error) {
      for (const step of own.reverse()) step();
      throw error;
    } finally {
      this.#undo = outer;
    }
  }
}
