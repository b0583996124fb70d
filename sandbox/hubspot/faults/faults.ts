import type { Random } from '../random.ts';

export type FaultKind =
  /** the socket is destroyed, as if nobody listened */
  | 'down'
  /** 429 with Retry-After */
  | 'rateLimited'
  /** 500, 502, 503, 504; `when: 'after'` has the work done first */
  | 'serverError'
  /** the answer waits `delayMs` of real time */
  | 'slow'
  /** 423 */
  | 'locked'
  /** 477 with Retry-After: the account is being moved */
  | 'migrating'
  /** these records fail inside a batch, the others succeed (207) */
  | 'failRecords'
  /** the write is accepted and something else is stored */
  | 'coerce'
  /** requests of an app's cards: the service does the work, its answer takes `delayMs` of real time */
  | 'cardSlow'
  /** … nobody listens at the service */
  | 'cardDown'
  /** … the service does the work, and its answer is lost on the way: a 502 */
  | 'cardAnswerLost';

export interface FaultInput {
  kind: FaultKind;
  /** which calls it concerns; absent means all */
  portalId?: number;
  /** of card faults: whose cards; their `path` is one of the service */
  appId?: number;
  method?: string;
  /** a part of the path, such as `/batch/update` or `/oauth/` */
  path?: string;
  /** share of those calls, 0..1; default all */
  rate?: number;
  /** how many calls it hits before it is over; default without end */
  times?: number;
  /** `down` and `serverError`: before or after the work is done; default before */
  when?: 'before' | 'after';
  status?: number;
  retryAfterSeconds?: number;
  delayMs?: number;
  recordIds?: string[];
  message?: string;
  propertyName?: string;
  storedValue?: string;
}

export interface Fault extends FaultInput {
  id: number;
}

export interface FaultTarget {
  portalId: number | null;
  appId?: number;
  method: string;
  path: string;
}

/** The faults now switched on. The rates draw from the sandbox's seeded generator. */
export class Faults {
  readonly #random: Random;
  #faults: Fault[] = [];
  #nextId = 1;

  constructor(random: Random) {
    this.#random = random;
  }

  add(input: FaultInput): number {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#faults.push({ ...input, id });
    return id;
  }

  remove(id: number): void {
    this.#faults = this.#faults.filter((fault) => fault.id !== id);
  }

  clear(): void {
    this.#faults = [];
  }

  list(): Fault[] {
    return this.#faults.map((fault) => ({ ...fault }));
  }

  /** The first fault of these kinds that strikes this call; striking uses up one of its times. */
  strike(kinds: readonly FaultKind[], target: FaultTarget, when: 'before' | 'after' = 'before'): Fault | null {
    if (this.#faults.length === 0) return null;
    for (const fault of this.#faults) {
      if (!kinds.includes(fault.kind) || (fault.when ?? 'before') !== when) continue;
      if (!concerns(fault, target) || fault.times === 0) continue;
      if (fault.rate !== undefined && this.#random.next() >= fault.rate) continue;
      if (fault.times !== undefined) fault.times -= 1;
      return fault;
    }
    return null;
  }

  /** Every fault of one kind that concerns a call, without using it up. */
  concerning(kind: FaultKind, target: FaultTarget): Fault[] {
    return this.#faults.filter((fault) => fault.kind === kind && concerns(fault, target));
  }
}

function concerns(fault: Fault, target: FaultTarget): boolean {
  if (fault.portalId !== undefined && fault.portalId !== target.portalId) return false;
  if (fault.appId !== undefined && fault.appId !== target.appId) return false;
  if (fault.method !== undefined && fault.method.toUpperCase() !== target.method) return false;
  return fault.path === undefined || target.path.includes(fault.path);
}
