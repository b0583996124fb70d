import type { CrmObjectType, SignalKind } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';
import type { Waiting } from './batch-forming.ts';

/**
 * What we hint at ourselves. After `reconnected` and `account_left` the record's people are decided and written to again
 * though it holds what it held: what was decided meanwhile never reached an account that was away, and what an account
 * had a say in looks different without it.
 */
export type OwnHint = 'polled' | 'captured' | 'linked' | 'reconnected' | 'account_left';

export const LOOKED_AT_AGAIN: ReadonlySet<SignalKind | OwnHint> = new Set(['reconnected', 'account_left']);

/** One record to look at, as claimed: answered when it was read at this generation. */
export type DirtyRecord = {
  readonly objectType: CrmObjectType;
  readonly recordId: string;
  readonly generation: number;
  readonly privacyDeletion: boolean;
  readonly lastKind: SignalKind | OwnHint;
  readonly lastSourceKey: string | null;
  readonly lastOccurredAt: Date;
  readonly attempts: number;
};

export type Backlog = Waiting & { readonly objectType: CrmObjectType };

type DirtyRow = {
  object_type: CrmObjectType;
  record_id: string;
  generation: string;
  privacy_deletion: boolean;
  last_kind: DirtyRecord['lastKind'];
  last_source_key: string | null;
  last_occurred_at: Date;
  attempts: number;
};

function fromRow(row: DirtyRow): DirtyRecord {
  return {
    objectType: row.object_type,
    recordId: row.record_id,
    generation: Number(row.generation),
    privacyDeletion: row.privacy_deletion,
    lastKind: row.last_kind,
    lastSourceKey: row.last_source_key,
    lastOccurredAt: row.last_occurred_at,
    attempts: row.attempts,
  };
}

/** What waits, by kind of record; counts stop at 2,000, which is more than one run takes. */
export async function readBacklog(tx: TenantTransaction, connectionId: string, now: Date): Promise<Backlog[]> {
  const answer = await tx.raw<{ rows: { object_type: CrmObjectType; due: number; oldest: Date; newest: Date }[] }>(
    `select object_type, (count(*) filter (where due_at <= :now))::int as due, min(due_at) as oldest, max(due_at) as newest
       from (select object_type, due_at from dirty_records
              where connection_id = :connection and dead_at is null and coalesce(claimed_until <= :now, true)
                and due_at <= cast(:now as timestamptz) + interval '1 second'
              order by due_at limit 2000) d
      group by object_type having min(due_at) <= :now`,
    { now, connection: connectionId },
  );
  return answer.rows.map((row) => ({
    objectType: row.object_type,
    due: row.due,
    oldestDueAtMs: row.oldest.getTime(),
    newestDueAtMs: row.newest.getTime(),
  }));
}

export type ClaimInput = {
  readonly connectionId: string;
  readonly objectType: CrmObjectType;
  readonly limit: number;
  readonly now: Date;
  /** Another worker may take the records over after this, so a killed worker loses nothing. */
  readonly claimedUntil: Date;
};

export async function claimDirtyRecords(tx: TenantTransaction, input: ClaimInput): Promise<DirtyRecord[]> {
  const answer = await tx.raw<{ rows: DirtyRow[] }>(
    // By ctid, which the lock just taken pins: the plan cannot go wrong however young the statistics are.
    `update dirty_records d set claimed_until = ?
      where d.ctid = any(array(
        select ctid from dirty_records
         where connection_id = ? and object_type = ? and due_at <= ? and dead_at is null
           and coalesce(claimed_until <= ?, true)
         order by due_at limit ? for update skip locked))
     returning d.*`,
    [input.claimedUntil, input.connectionId, input.objectType, input.now, input.now, input.limit],
  );
  return answer.rows.map(fromRow);
}

/** Answered records leave the set; one that got a new hint meanwhile stays, due again. */
export async function completeDirtyRecords(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly records: readonly DirtyRecord[] },
): Promise<void> {
  const rows = JSON.stringify(input.records.map(toKey));
  await tx.raw(
    // Key by key, and by ctid, which the lock just taken pins: statistics, which mostly know an empty table, would have
    // each row compared with each.
    `with answered as materialized (
       select f.ctid as row, f.generation = a.generation as is_current
         from json_to_recordset(?) as a(object_type text, record_id text, generation bigint)
        cross join lateral (
          select d.ctid, d.generation from dirty_records d
           where d.connection_id = ? and d.object_type = a.object_type and d.record_id = a.record_id
             and d.generation >= a.generation
           limit 1 for update) f
     ), gone as (
       delete from dirty_records where ctid = any(array(select row from answered where is_current)))
     update dirty_records set claimed_until = null, attempts = 0, last_error = null
      where ctid = any(array(select row from answered where not is_current))`,
    [rows, input.connectionId],
  );
}

/** Gives claimed records back untouched: the CRM could not be asked, which is not the record's fault. */
export async function releaseDirtyRecords(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly records: readonly DirtyRecord[] },
): Promise<void> {
  await tx.raw(
    `update dirty_records d set claimed_until = null
       from json_to_recordset(?) as a(object_type text, record_id text)
      where d.connection_id = ? and d.object_type = a.object_type and d.record_id = a.record_id`,
    [JSON.stringify(input.records.map(toKey)), input.connectionId],
  );
}

export type FailedRecord = { readonly record: DirtyRecord; readonly dueAt: Date | null; readonly error: unknown };

/** The record itself cannot be processed: tried again at `dueAt`, or set aside for a person when that is null. */
export async function failDirtyRecords(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly now: Date; readonly failed: readonly FailedRecord[] },
): Promise<void> {
  const rows = input.failed.map((failure) => ({
    ...toKey(failure.record),
    due_at: (failure.dueAt ?? input.now).toISOString(),
    dead: failure.dueAt === null,
    error: failure.error,
  }));
  await tx.raw(
    `update dirty_records d
        set claimed_until = null, attempts = d.attempts + 1, last_error = f.error,
            -- A hint that came meanwhile has a right to tries of its own.
            due_at = case when d.generation > f.generation then ?::timestamptz else f.due_at end,
            dead_at = case when f.dead and d.generation = f.generation then ?::timestamptz end
       from json_to_recordset(?) as f(object_type text, record_id text, generation bigint, due_at timestamptz, dead boolean, error jsonb)
      where d.connection_id = ? and d.object_type = f.object_type and d.record_id = f.record_id`,
    [input.now, input.now, JSON.stringify(rows), input.connectionId],
  );
}

export type Hint = { readonly objectType: CrmObjectType; readonly recordId: string };

/** Our own hints: a polled change, a contact just linked, a deal found through its contact. */
export async function markDirty(
  tx: TenantTransaction,
  input: {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly kind: DirtyRecord['lastKind'];
    readonly now: Date;
    readonly hints: readonly Hint[];
  },
): Promise<void> {
  if (input.hints.length === 0) return;
  const rows = input.hints.map((hint) => ({ object_type: hint.objectType, record_id: hint.recordId }));
  await tx.raw(
    `insert into dirty_records (connection_id, object_type, record_id, workspace_id, last_kind, last_occurred_at, due_at)
     select distinct ?, h.object_type, h.record_id, ?, ?, ?::timestamptz, ?::timestamptz
       from json_to_recordset(?) as h(object_type text, record_id text)
      order by 2, 3
     on conflict (connection_id, object_type, record_id) do update
        set generation = dirty_records.generation + 1,
            due_at = case when dirty_records.dead_at is null then least(dirty_records.due_at, excluded.due_at)
                          else excluded.due_at end,
            attempts = case when dirty_records.dead_at is null then dirty_records.attempts else 0 end,
            dead_at = null`,
    [input.connectionId, input.workspaceId, input.kind, input.now, input.now, JSON.stringify(rows)],
  );
}

function toKey(record: DirtyRecord): { object_type: string; record_id: string; generation: number } {
  return { object_type: record.objectType, record_id: record.recordId, generation: record.generation };
}
