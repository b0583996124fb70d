import type { Clock } from '../../clock.ts';
import type { Database } from '../../db/database.ts';
import type { ReferralUseCases } from '../api.ts';
import type { Guards } from './guards.ts';
import type { Visit } from './visit-counter.ts';

/** What links and pages work with. */
export type PublicEdge = {
  readonly database: Database;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly useCases: Pick<ReferralUseCases, 'recordReferral' | 'enrolAdvocate'>;
  readonly guards: Guards;
  readonly countVisit: (visit: Visit) => void;
};

/** An address of ours for a browser; PUBLIC_URL may carry a path. */
export function pathOf(publicUrl: string, path: string): string {
  return `${new URL(publicUrl).pathname.replace(/\/+$/, '')}${path}`;
}
