import knexFactory, { type Knex } from 'knex';
import { createTurns } from './turns.ts';

/** A transaction that sees one workspace only. */
export type TenantTransaction = Knex.Transaction;

export type Database = {
  /** For system functions and tables without tenant data; row-level security hides every tenant row from it. */
  readonly system: Knex;
  /** Runs `work` in a transaction bound to the workspace; commits when it resolves, rolls back when it throws. */
  inWorkspace<T>(workspaceId: string, work: (tx: TenantTransaction) => Promise<T>): Promise<T>;
  /**
   * As `inWorkspace`, and alone: decisions of one workspace are taken one after the other. Never call a CRM inside.
   * Everything in there is a look-up by key, so whole-table scans are ruled out: on a young table, which has no statistics
   * yet, the planner would choose them.
   */
  aloneInWorkspace<T>(workspaceId: string, work: (tx: TenantTransaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

export type OpenPoolInput = {
  /** The application role's URL. */
  readonly url: string;
  /** (Default: 10) */
  readonly maxConnections?: number;
};

/** Class of the advisory locks that order a workspace's intake (shared) and decisions (exclusive). */
export const WORKSPACE_LOCK_CLASS = 7;

function ignore(): void {}

export function openPool(input: OpenPoolInput): Database {
  const knex = knexFactory({
    client: 'pg',
    connection: { connectionString: input.url, application_name: 'passalong' },
    pool: { min: 0, max: input.maxConnections ?? 10 },
    acquireConnectionTimeout: 10_000,
    // Knex prints what it also throws; the thrower is logged once, by whoever handles it.
    log: { warn: ignore, error: ignore, deprecate: ignore, debug: ignore },
  });
  const inTurn = createTurns();
  return {
    system: knex,
    inWorkspace: (workspaceId, work) =>
      knex.transaction(async (tx) => {
        await tx.raw(`select set_config('passalong.workspace', ?, true)`, [workspaceId]);
        return work(tx);
      }),
    aloneInWorkspace: (workspaceId, work) =>
      inTurn(workspaceId, () =>
        knex.transaction(async (tx) => {
          await tx.raw(
            `select set_config('passalong.workspace', ?, true), set_config('enable_seqscan', 'off', true),
                    pg_advisory_xact_lock(${WORKSPACE_LOCK_CLASS}, hashtext(?))`,
            [workspaceId, workspaceId],
          );
          return work(tx);
        }),
      ),
    close: () => knex.destroy(),
  };
}
