export interface Call {
  /** by the sandbox's clock */
  at: number;
  orgId: string | null;
  /** which of the hosts was called */
  host: 'login' | 'sandbox login' | 'instance';
  method: string;
  path: string;
  /** 0 where the connection was dropped */
  status: number;
  /** of a query: its SOQL */
  soql?: string;
  /** whether it counts against the org's daily allowance */
  counted: boolean;
  /** how many records the call named, and how many it was answered; null where it has no such list */
  inputs: number | null;
  results: number | null;
  /** as sent, without the token */
  headers: Record<string, string>;
  /** of the token endpoint */
  grantType?: string;
  /** real milliseconds inside the sandbox */
  tookMs: number;
}

const KEPT = 500_000;

/** Everything that went over the wire, newest last. Kept in memory only. */
export class CallLog {
  #calls: Call[] = [];

  call(call: Call): void {
    if (this.#calls.length >= KEPT) this.#calls = this.#calls.slice(KEPT / 2);
    this.#calls.push(call);
  }

  calls(): readonly Call[] {
    return this.#calls;
  }

  /** org id -> how many counted calls it answered */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { orgId, counted } of this.#calls)
      if (orgId !== null && counted) counts[orgId] = (counts[orgId] ?? 0) + 1;
    return counts;
  }

  clear(): void {
    this.#calls = [];
  }
}
