import { apply } from './apply.ts';
import type { Change } from './changes.ts';
import { Journal } from './journal.ts';
import { emptyState } from './state.ts';
import type { State } from './state.ts';

/** The one place where state moves: apply in memory, note in the journal, flush before answering. */
export class Store {
  readonly state: State;
  readonly #journal: Journal | null;

  constructor(dataDir: string | undefined) {
    this.#journal = dataDir === undefined ? null : Journal.open(dataDir);
    this.state = this.#journal?.state ?? emptyState();
  }

  commit(change: Change): void {
    apply(this.state, change);
    this.#journal?.append(change);
  }

  flush(): void {
    this.#journal?.flush();
  }

  close(): void {
    this.#journal?.close();
  }
}
