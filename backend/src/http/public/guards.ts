import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../clock.ts';
import type { Logger } from '../../observability/logger.ts';
import { clientAddress } from './client-address.ts';
import { TooManyTries } from './public-errors.ts';
import { createSlidingWindow, type SlidingWindow } from '../../sliding-window.ts';

/** What keeps strangers from guessing codes and from flooding forms. Each process counts for itself. */
export type Guards = {
  /** Throws `TooManyTries` for whoever asked for too many codes that nobody has. */
  allowLookUp(request: IncomingMessage): void;
  countMiss(request: IncomingMessage): void;
  /** Counts this form; throws `TooManyTries` when it is one too many. */
  allowForm(request: IncomingMessage): void;
};

/** A code has 53 bits: at six guesses a minute nobody finds one, and nobody mistypes that often (E36). */
const LIMIT = 30;
const WINDOW_MS = 300_000;

export function createGuards(input: {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly trustedProxyHops: number;
}): Guards {
  const { clock, logger, trustedProxyHops } = input;
  const misses = createSlidingWindow({ clock, limit: LIMIT, windowMs: WINDOW_MS });
  const forms = createSlidingWindow({ clock, limit: LIMIT, windowMs: WINDOW_MS });
  let warned = trustedProxyHops > 0;
  const addressOf = (request: IncomingMessage): string => {
    if (!warned && request.headers['x-forwarded-for'] !== undefined) {
      warned = true;
      logger.warn('X-Forwarded-For arrives and TRUSTED_PROXY_HOPS is 0: behind a proxy, all visitors count as one');
    }
    return clientAddress(request, trustedProxyHops);
  };
  const refuse = (tries: SlidingWindow, address: string): void => {
    const waitMs = tries.waitMs(address);
    if (waitMs > 0) throw new TooManyTries(clock.now() + waitMs);
  };
  return {
    allowLookUp: (request) => refuse(misses, addressOf(request)),
    countMiss: (request) => misses.add(addressOf(request)),
    allowForm(request) {
      const address = addressOf(request);
      refuse(forms, address);
      forms.add(address);
    },
  };
}
