import { NO_FACTS, ServiceFactsReader } from './service-facts.ts';
import type { ServiceFacts } from './service-facts.ts';
import type { ServiceApi } from '../service-api.ts';

export interface ServiceView {
  facts: ServiceFacts;
  /** why the facts may be old; null while the service answers */
  problem: string | null;
  /** null until it answered once */
  readAtMs: number | null;
}

const FRESH_MS = 400;

/** One reading for all open windows; when the service fails, what was last known with the reason. */
export class ServiceViewer {
  readonly #reader: ServiceFactsReader;
  #view: ServiceView = { facts: NO_FACTS, problem: null, readAtMs: null };
  #reading: Promise<void> | null = null;
  #triedAtMs = -Infinity;

  constructor(api: ServiceApi) {
    this.#reader = new ServiceFactsReader(api);
  }

  /** `freshMs` 0 after an action: what it did must be seen. */
  async view(freshMs = FRESH_MS): Promise<ServiceView> {
    if (performance.now() - this.#triedAtMs >= freshMs) await (this.#reading ??= this.#read());
    return this.#view;
  }

  async #read(): Promise<void> {
    try {
      this.#view = { facts: await this.#reader.read(), problem: null, readAtMs: Date.now() };
    } catch (error) {
      this.#view = { ...this.#view, problem: error instanceof Error ? error.message : String(error) };
    } finally {
      this.#triedAtMs = performance.now();
      this.#reading = null;
    }
  }
}
