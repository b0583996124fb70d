import type { Clock } from '../clock.ts';
import type { CrmPort } from '../crm/port.ts';
import type { Database } from '../db/database.ts';
import type { CallLimit } from './budget-store.ts';
import type { Logger } from '../observability/logger.ts';
import type { Connection } from '../workspaces/connections-store.ts';

/** What operators watch. */
export type WorkCounters = {
  /** `processed`, `ignored`, `failed`, `review`. */
  decided(state: string): void;
  /** `written`, `unchanged`, `refused`, `failed`. */
  writtenBack(outcome: string, count?: number): void;
  /** `dirty`, `write` or `outbox`. */
  deadLettered(kind: string): void;
};

/** What every step of the loop gets: one connection and the means to work on it. */
export type ConnectionWork = {
  readonly database: Database;
  readonly clock: Clock;
  readonly port: CrmPort;
  readonly connection: Connection;
  readonly publicUrl: string;
  readonly workspaceCurrency: string;
  readonly counters: WorkCounters;
  readonly logger: Logger;
  /** The account's ordinary call window. */
  readonly callLimit: CallLimit;
  /** How long an ongoing enrolment waits before it looks again who joined and who left. */
  readonly enrolmentCheckMs: number;
};

/** Claims end by themselves after this, so that a killed worker's items are taken over. Longer than a full
 * run takes while the CRM answers; when it crawls, another worker may ask for the same records again, which costs calls only. */
export const CLAIM_MS = 60_000;

export function claimUntil(nowMs: number): Date {
  return new Date(nowMs + CLAIM_MS);
}

/** The same for what is written: longer than a batch may go unanswered, and its other try for what was locked. */
export function claimWritesUntil(nowMs: number, { longestWriteMs = 0 }: Pick<CrmPort, 'longestWriteMs'>): Date {
  return new Date(nowMs + CLAIM_MS + 2 * longestWriteMs);
}
