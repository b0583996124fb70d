import { isoInstant } from '../clock.ts';
import type { Reply } from '../http/exchange.ts';

export interface BatchAnswerInput {
  status: number;
  results: unknown[];
  errors?: unknown[];
  nowMs: number;
}

/** The envelope of every batch answer; with errors it becomes 207. */
export function batchAnswer({ status, results, errors = [], nowMs }: BatchAnswerInput): Reply {
  const at = isoInstant(nowMs);
  return {
    status: errors.length > 0 ? 207 : status,
    body: {
      status: 'COMPLETE',
      results,
      ...(errors.length > 0 && { numErrors: errors.length, errors }),
      startedAt: at,
      completedAt: at,
    },
  };
}

/** HubSpot does not answer in the order asked; ascending ids keep anybody from relying on it. */
export const byId = (one: { id: string }, two: { id: string }): number => Number(one.id) - Number(two.id);
