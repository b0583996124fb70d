import { HubSpotError } from '../errors.ts';
import { RateLimitedError } from '../http/rate-limit.ts';
import type { Fault, FaultKind } from './faults.ts';

export const REFUSING: readonly FaultKind[] = ['rateLimited', 'serverError', 'locked', 'migrating'];

const retryAfter = (fault: Fault, seconds: number): Record<string, string> => ({
  'retry-after': String(fault.retryAfterSeconds ?? seconds),
});

/** The answer HubSpot gives in the state a fault stands for. */
export function refusalOf(fault: Fault): HubSpotError {
  if (fault.kind === 'rateLimited') return new RateLimitedError('default', retryAfter(fault, 10));
  if (fault.kind === 'locked')
    return new HubSpotError({
      status: 423,
      category: 'LOCKED',
      message: 'The resource is locked. Wait at least 2 seconds before trying again.',
    });
  if (fault.kind === 'migrating')
    return new HubSpotError({
      status: 477,
      category: 'MIGRATION_IN_PROGRESS',
      message: 'This account is being migrated between data centers.',
      headers: retryAfter(fault, 60),
    });
  const status = fault.status ?? 500;
  return new HubSpotError({ status, category: 'INTERNAL_ERROR', message: fault.message ?? 'internal error' });
}
