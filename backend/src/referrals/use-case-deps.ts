import type { Clock } from '../clock.ts';
import type { Database, TenantTransaction } from '../db/database.ts';
import type { EffectsInput } from '../sync/settle-effects.ts';

/** On whose behalf, and for whom. */
export type Caller = { readonly workspaceId: string; readonly actor: string };

/** What the caller wants written in the same transaction as the deed itself: neither stands without the other. */
export type Alongside<T> = { readonly alongside?: (tx: TenantTransaction, done: T) => Promise<void> };

/** What every use case that changes referrals or rewards is given. */
export type UseCaseDeps = {
  readonly database: Database;
  readonly clock: Clock;
  readonly publicUrl: string;
  /** What follows from a change: numbers, CRM records, people to capture. Returns the connections with new work. */
  readonly settle: (tx: TenantTransaction, input: EffectsInput) => Promise<string[]>;
  /** Work is due on these connections now; a lost call is found by the sweep. */
  readonly wake: (workspaceId: string, connectionIds: readonly string[]) => void;
};
