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

/** HubSpot's own clock: it need not agree with the one everybody else goes by. */
export class SkewedClock implements Clock {
  readonly base: Clock;
  #skewMs = 0;

  constructor(base: Clock) {
    this.base = base;
  }

  now(): number {
    return this.base.now() + this.#skewMs;
  }

  skew(ms: number): void {
    this.#skewMs = ms;
  }
}

export function isMovable(clock: Clock): clock is OffsetClock {
  return typeof (clock as Partial<OffsetClock>).advance === 'function';
}

/** HubSpot prints UTC instants with milliseconds. */
export function isoInstant(atMs: number): string {
  return new Date(atMs).toISOString();
}
