export interface Call {
  /** by the sandbox's clock */
  at: number;
  portalId: number | null;
  method: string;
  path: string;
  status: number;
  inputs: number | null;
  retryAfterSeconds?: number;
}

export interface DeliveryAttempt {
  at: number;
  appId: number;
  portalIds: number[];
  url: string;
  /** what the receiver answered, or why nothing came */
  status: number | 'timeout' | 'unreachable';
  attemptNumber: number;
  events: Record<string, unknown>[];
}

const KEPT = 500_000;

/** Everything that went over the wire, newest last. Kept in memory only. */
export class CallLog {
  #calls: Call[] = [];
  #deliveries: DeliveryAttempt[] = [];

  call(call: Call): void {
    if (this.#calls.length >= KEPT) this.#calls = this.#calls.slice(KEPT / 2);
    this.#calls.push(call);
  }

  delivery(attempt: DeliveryAttempt): void {
    if (this.#deliveries.length >= KEPT) this.#deliveries = this.#deliveries.slice(KEPT / 2);
    this.#deliveries.push(attempt);
  }

  calls(): readonly Call[] {
    return this.#calls;
  }

  deliveries(): readonly DeliveryAttempt[] {
    return this.#deliveries;
  }

  clear(): void {
    this.#calls = [];
    this.#deliveries = [];
  }
}
