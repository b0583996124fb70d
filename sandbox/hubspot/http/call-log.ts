export interface Call {
  /** by the sandbox's clock */
  at: number;
  portalId: number | null;
  method: string;
  path: string;
  status: number;
  /** how many things the call named, and how many it was answered; null where it has no such list */
  inputs: number | null;
  results: number | null;
  /** of a search: the properties it filters by */
  filters?: string[];
  /** real milliseconds inside the sandbox */
  tookMs: number;
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

/** One `hubspot.fetch` of a card. Neither headers nor bodies. */
export interface CardCall {
  at: number;
  appId: number;
  portalId: number;
  method: string;
  /** as the card wrote it */
  url: string;
  appended: Record<'userId' | 'portalId' | 'userEmail' | 'appId', string>;
  /** what each attempt came to; none where the request never left HubSpot */
  attempts: (number | 'timeout' | 'unreachable' | 'too large')[];
  /** what the card was told */
  status: number;
  /** real milliseconds */
  tookMs: number;
}

const KEPT = 500_000;

/** Everything that went over the wire, newest last. Kept in memory only. */
export class CallLog {
  #calls: Call[] = [];
  #deliveries: DeliveryAttempt[] = [];
  #cardCalls: CardCall[] = [];
  #rateLimited = new Map<number, number>();

  call(call: Call): void {
    if (this.#calls.length >= KEPT) this.#calls = this.#calls.slice(KEPT / 2);
    this.#calls.push(call);
    if (call.status === 429 && call.portalId !== null)
      this.#rateLimited.set(call.portalId, (this.#rateLimited.get(call.portalId) ?? 0) + 1);
  }

  delivery(attempt: DeliveryAttempt): void {
    if (this.#deliveries.length >= KEPT) this.#deliveries = this.#deliveries.slice(KEPT / 2);
    this.#deliveries.push(attempt);
  }

  cardCall(call: CardCall): void {
    if (this.#cardCalls.length >= KEPT) this.#cardCalls = this.#cardCalls.slice(KEPT / 2);
    this.#cardCalls.push(call);
  }

  calls(): readonly Call[] {
    return this.#calls;
  }

  deliveries(): readonly DeliveryAttempt[] {
    return this.#deliveries;
  }

  cardCalls(): readonly CardCall[] {
    return this.#cardCalls;
  }

  /** portal id -> how many of its calls got 429 */
  rateLimited(): Record<string, number> {
    return Object.fromEntries(this.#rateLimited);
  }

  clear(): void {
    this.#rateLimited.clear();
    this.#calls = [];
    this.#deliveries = [];
    this.#cardCalls = [];
  }
}
