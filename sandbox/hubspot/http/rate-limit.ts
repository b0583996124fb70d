import { randomUUID } from 'node:crypto';

import { HubSpotError } from '../errors.ts';

export type Policy = 'default' | 'search';

const WINDOWS = {
  default: { calls: 110, ms: 10_000 },
  search: { calls: 5, ms: 1000 },
} as const;

const MESSAGES = {
  default: { policyName: 'TEN_SECONDLY_ROLLING', message: 'You have reached your ten_secondly_rolling limit.' },
  search: { policyName: 'SECONDLY', message: 'You have reached your secondly limit.' },
} as const;

/** HubSpot's 429 has its own body, without a category. */
export class RateLimitedError extends HubSpotError {
  readonly policy: Policy;

  constructor(policy: Policy, headers: Record<string, string>) {
    super({ status: 429, category: 'RATE_LIMITS', message: MESSAGES[policy].message, headers });
    this.policy = policy;
  }

  override body(): Record<string, unknown> {
    return {
      status: 'error',
      message: this.message,
      errorType: 'RATE_LIMIT',
      correlationId: randomUUID(),
      policyName: MESSAGES[this.policy].policyName,
      groupName: this.policy === 'search' ? 'publicapi:crm:search' : 'publicapi:app:oauth',
    };
  }
}

/** Sliding windows: 110 calls in any 10 s per app and portal, searches apart at 5 in any second per portal. */
export class RateLimits {
  readonly #accepted = new Map<string, number[]>();
  #enabled = true;

  enable(enabled: boolean): void {
    this.#enabled = enabled;
  }

  /** Takes one call, and answers the headers it carries; throws the 429 otherwise. */
  take(policy: Policy, who: { appId: number; portalId: number }, nowMs: number): Record<string, string> {
    const { calls, ms } = WINDOWS[policy];
    const times = this.#window(policy, who, nowMs - ms);
    if (times.length >= calls && this.#enabled) {
      const waitMs = (times[0] ?? nowMs) + ms - nowMs;
      const retry = { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) };
      throw new RateLimitedError(policy, policy === 'search' ? {} : { ...headers(0), ...retry });
    }
    times.push(nowMs);
    // Search answers carry no rate headers at all.
    return policy === 'search' ? {} : headers(Math.max(0, calls - times.length));
  }

  #window(policy: Policy, who: { appId: number; portalId: number }, sinceMs: number): number[] {
    const key = policy === 'search' ? `search:${who.portalId}` : `${who.appId}:${who.portalId}`;
    const times = this.#accepted.get(key) ?? [];
    this.#accepted.set(key, times);
    let expired = 0;
    while (expired < times.length && (times[expired] ?? 0) <= sinceMs) expired += 1;
    if (expired > 0) times.splice(0, expired);
    return times;
  }
}

const headers = (remaining: number): Record<string, string> => ({
  'x-hubspot-ratelimit-interval-milliseconds': '10000',
  'x-hubspot-ratelimit-max': '110',
  'x-hubspot-ratelimit-remaining': String(remaining),
});
