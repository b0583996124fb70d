/** The only source of time in the sandbox. Milliseconds since 1970. */
export interface Clock {
  now(): number;
}

/** Real time plus an offset, so that a test in another process can move it through the control API. */
export class OffsetClock implements Clock {
  #offsetMs = 0;

  now(): number {
    return Date.now() + this.#offsetMs;
  }

  advance(ms: number): number {
    this.#offsetMs += ms;
    return this.now();
  }
}

export function isMovable(clock: Clock): clock is OffsetClock {
  return typeof (clock as Partial<OffsetClock>).advance === 'function';
}

/** HubSpot prints UTC instants with milliseconds. */
export function isoInstant(atMs: number): string {
  return new Date(atMs).toISOString();
}
