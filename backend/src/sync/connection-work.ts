import type { Clock } from '../clock.ts';
import type { CrmPort } from '../crm/port.ts';
import type { Database } from '../db/database.ts';
import type { CallLimit } from './budget-store.ts';
import type { Connection } from '../workspaces/connections-store.ts';

/** What every step of the loop gets: one connection and the means to work on it. */
export type ConnectionWork = {
  readonly database: Database;
  readonly clock: Clock;
  readonly port: CrmPort;
  readonly connection: Connection;
  readonly publicUrl: string;
  readonly workspaceCurrency: string;
  /** The account's ordinary call window. */
  readonly callLimit: CallLimit;
};

/** Claims end by themselves after this, so that a killed worker's items are taken over. Longer than any batch of calls takes. */
export const CLAIM_MS = 60_000;

export function claimUntil(nowMs: number): Date {
  return new Date(nowMs + CLAIM_MS);
}
