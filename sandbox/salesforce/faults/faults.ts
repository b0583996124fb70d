import type { Random } from '../../hubspot/random.ts';

export type FaultKind =
  /** the socket is destroyed, as if nobody listened; `when: 'after'` has the work done first */
  | 'down'
  /** 503 SERVER_UNAVAILABLE, or another 5xx; `when: 'after'` has the work done first */
  | 'serverError'
  /** the answer waits `delayMs` of real time */
  | 'slow'
  /** 403 REQUEST_LIMIT_EXCEEDED */
  | 'requestLimit'
  /** records that somebody else holds: UNABLE_TO_LOCK_ROW */
  | 'lockedRows'
  /** these records fail inside a collection, the others succeed */
  | 'failRecords';

export interface FaultInput {
  kind: FaultKind;
  /** which calls it concerns; absent means all */
  orgId?: string;
  method?: string;
  /** a part of the path, such as `/query` or `/services/oauth2/token` */
  path?: string;
  /** share of those calls, 0..1; default all */
  rate?: number;
  /** how many calls it hits before it is over; default without end */
  times?: number;
  when?: 'before' | 'after';
  status?: number;
  delayMs?: number;
  /** of records: their ids; of rows under a lock also those of their accounts */
  recordIds?: string[];
  errorCode?: string;
  message?: string;
}

export interface Fault extends FaultInput {
  id: number;
}

export interface FaultTarget {
  orgId: string | null;
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
    for (const fault of this.#faults) {
      if (!kinds.includes(fault.kind) || (fault.when ?? 'before') !== when) continue;
      if (!concerns(fault, target) || !this.#takes(fault)) continue;
      return fault;
    }
    return null;
  }

  /** The fault that strikes this record in this call. */
  strikeRecord(kind: 'lockedRows' | 'failRecords', target: FaultTarget, ids: readonly string[]): Fault | null {
    for (const fault of this.#faults) {
      if (fault.kind !== kind || !concerns(fault, target)) continue;
      if (fault.recordIds && !fault.recordIds.some((id) => ids.includes(id))) continue;
      if (this.#takes(fault)) return fault;
    }
    return null;
  }

  #takes(fault: Fault): boolean {
    if (fault.times === 0) return false;
    if (fault.rate !== undefined && this.#random.next() >= fault.rate) return false;
    if (fault.times !== undefined) fault.times -= 1;
    return true;
  }
}

function concerns(fault: Fault, target: FaultTarget): boolean {
  if (fault.orgId !== undefined && fault.orgId !== target.orgId) return false;
  if (fault.method !== undefined && fault.method.toUpperCase() !== target.method) return false;
  return fault.path === undefined || target.path.includes(fault.path);
}
