import type { Clock } from '../clock.ts';
import { CrmAuthorizationRevoked, CrmRateLimited } from '../crm/errors.ts';
import type { CallBudget, CallKind, CrmAccount } from '../crm/port.ts';
import type { Database, TenantTransaction } from '../db/database.ts';

/** Calls allowed in any span of `windowMs`. */
export type CallLimit = { readonly calls: number; readonly windowMs: number };

const UNLIMITED: CallLimit = { calls: Number.MAX_SAFE_INTEGER, windowMs: 0 };

type BudgetRow = { connected: boolean; paused_until: Date | null; oldest: Date | null };

/**
 * A sliding window kept in the database, so that every process of the service spends from the same one. A call that
 * finds no room raises `CrmRateLimited` with the moment at which there is; nothing waits inside. A connection that was
 * ended has no calls left, whatever another process still holds in memory: it raises `CrmAuthorizationRevoked`.
 */
export function createCallBudget(input: {
  readonly database: Database;
  readonly clock: Clock;
  /** Kinds without one are never out of calls, but may be paused like the others. */
  readonly limits: Partial<Readonly<Record<CallKind, CallLimit>>>;
}): CallBudget {
  const { database, clock, limits } = input;
  return {
    take: (account, kind) =>
      database.inWorkspace(account.workspaceId, async (tx) => {
        const now = new Date(clock.now());
        if (await takeCall(tx, { account, kind, now, limit: limits[kind] ?? UNLIMITED })) return;
        const retryAtMs = await freeAt(tx, { account, kind, now, limit: limits[kind] ?? UNLIMITED });
        throw new CrmRateLimited(retryAtMs, { kind });
      }),
    pause: (account, kind, untilMs) =>
      database.inWorkspace(account.workspaceId, (tx) => pauseCalls(tx, { account, kind, until: new Date(untilMs) })),
  };
}

type CallInput = {
  readonly account: CrmAccount;
  readonly kind: CallKind;
  readonly now: Date;
  readonly limit: CallLimit;
};

async function takeCall(tx: TenantTransaction, { account, kind, now, limit }: CallInput): Promise<boolean> {
  const since = new Date(now.getTime() - limit.windowMs);
  const answer = await tx.raw<{ rows: unknown[] }>(
    `insert into budgets as b (connection_id, kind, workspace_id, calls)
     select :connection, :kind, :workspace, array[cast(:now as timestamptz)]
      where exists (select 1 from connections c where c.id = :connection and c.status = 'connected')
     on conflict (connection_id, kind) do update
        set calls = array(select t from unnest(b.calls) t where t > :since) || cast(:now as timestamptz), paused_until = null
      where coalesce(b.paused_until <= :now, true)
        and (select count(*) from unnest(b.calls) t where t > :since) < :limit
     returning 1`,
    { connection: account.connectionId, kind, workspace: account.workspaceId, now, since, limit: limit.calls },
  );
  return answer.rows.length > 0;
}

async function freeAt(tx: TenantTransaction, { account, kind, now, limit }: CallInput): Promise<number> {
  const since = new Date(now.getTime() - limit.windowMs);
  const answer = await tx.raw<{ rows: BudgetRow[] }>(
    `select c.status = 'connected' as connected, b.paused_until, (select min(t) from unnest(b.calls) t where t > ?) as oldest
       from connections c left join budgets b on b.connection_id = c.id and b.kind = ? where c.id = ?`,
    [since, kind, account.connectionId],
  );
  const row = answer.rows[0];
  if (!row?.connected) throw new CrmAuthorizationRevoked('This connection was ended meanwhile.');
  const pausedUntilMs = row.paused_until?.getTime() ?? 0;
  if (pausedUntilMs > now.getTime()) return pausedUntilMs;
  return (row.oldest?.getTime() ?? now.getTime()) + limit.windowMs + 1;
}

/** A pause is only ever lengthened: the strictest answer of the CRM wins. */
export async function pauseCalls(
  tx: TenantTransaction,
  { account, kind, until }: { account: Pick<CrmAccount, 'connectionId' | 'workspaceId'>; kind: CallKind; until: Date },
): Promise<void> {
  await tx.raw(
    `insert into budgets as b (connection_id, kind, workspace_id, paused_until) values (?, ?, ?, ?)
     on conflict (connection_id, kind) do update
        set paused_until = greatest(b.paused_until, excluded.paused_until)`,
    [account.connectionId, kind, account.workspaceId, until],
  );
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * The CRM did not answer: everybody leaves the account alone for a while, twice as long after each failure in a row
 * (1 s to `longestMs`, or 60 s). `notBeforeMs` is a later time the CRM asked for.
 * @returns the time until which nobody calls, ms since the epoch.
 */
export async function pauseAfterFailure(
  tx: TenantTransaction,
  input: {
    readonly account: Pick<CrmAccount, 'connectionId' | 'workspaceId'>;
    readonly nowMs: number;
    readonly notBeforeMs: number | null;
    readonly longestMs?: number;
  },
): Promise<number> {
  const { account, nowMs, longestMs = LONGEST_PAUSE_MS } = input;
  const answer = await tx.raw<{ rows: { failures: number }[] }>(
    `insert into budgets as b (connection_id, kind, workspace_id, failures) values (?, 'default', ?, 1)
     on conflict (connection_id, kind) do update set failures = b.failures + 1 returning failures`,
    [account.connectionId, account.workspaceId],
  );
  const failures = answer.rows[0]?.failures ?? 1;
  const backoffMs = Math.min(longestMs, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10));
  const untilMs = Math.max(nowMs + backoffMs, input.notBeforeMs ?? 0);
  await pauseCalls(tx, { account, kind: 'default', until: new Date(untilMs) });
  return untilMs;
}

export async function forgetFailures(tx: TenantTransaction, connectionId: string): Promise<void> {
  await tx('budgets')
    .where({ connection_id: connectionId, kind: 'default' })
    .andWhere('failures', '>', 0)
    .update({ failures: 0 });
}

/** Share of the ordinary call window that is spent, 0 to 1: how hard the account is being worked. */
export async function spentShare(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly now: Date; readonly callLimit: CallLimit },
): Promise<number> {
  const since = new Date(input.now.getTime() - input.callLimit.windowMs);
  const answer = await tx.raw<{ rows: { calls: number }[] }>(
    `select (select count(*) from unnest(calls) t where t > ?)::int as calls from budgets where connection_id = ? and kind = 'default'`,
    [since, input.connectionId],
  );
  return (answer.rows[0]?.calls ?? 0) / input.callLimit.calls;
}
