import { CrmRightMissing } from '../crm/errors.ts';

/** What the user of the connection may not do holds up that alone: the other steps of a round have their turn first. */
export class MissingRights {
  #first: CrmRightMissing | null = null;

  async without<T>(step: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof CrmRightMissing)) throw error;
      this.#first ??= error;
      return otherwise;
    }
  }

  /** Raises what was met first. */
  tell(): void {
    if (this.#first !== null) throw this.#first;
  }
}
