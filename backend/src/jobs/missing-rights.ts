import { CrmRightMissing, CrmUnavailable } from '../crm/errors.ts';

/** What the user of the connection may not do holds up that alone: the other steps of a round have their turn first. */
export class MissingRights {
  #first: CrmRightMissing | null = null;
  #unanswered: CrmUnavailable | null = null;

  async without<T>(step: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof CrmRightMissing)) throw error;
      this.#first ??= error;
      return otherwise;
    }
  }

  /**
   * The same for writes. An org may need longer for them than anybody waits, and answer everything else: what it does not
   * answer holds up no step that reads. Where it named a time, nobody calls before.
   */
  async withoutWrites(step: () => Promise<number>): Promise<number> {
    try {
      return await this.without(step, 0);
    } catch (error) {
      if (!(error instanceof CrmUnavailable) || error.retryAtMs !== null) throw error;
      this.#unanswered ??= error;
      return 0;
    }
  }

  /** Raises what was met first, before all what was not answered: it pauses the connection. */
  tell(): void {
    if (this.#unanswered !== null) throw this.#unanswered;
    if (this.#first !== null) throw this.#first;
  }
}
