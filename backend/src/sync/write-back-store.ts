import type { CrmName } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';
import { changedValues, type CrmValues } from '../metrics/crm-values.ts';
import { dealValues } from './deal-values-store.ts';
import { desiredValues, type DesiredValuesInput } from './desired-values-store.ts';
import { judgeForeign, type Corrected, type StandingWrite } from './foreign-values.ts';
import type { WrittenObject } from './own-fields.ts';
import { referralRecordValues } from './referral-values-store.ts';

type ContactRecord = { connection_id: string; record_id: string; person_id: string; crm: CrmName; is_first: boolean };

export type RefreshInput = DesiredValuesInput & {
  /** People who have just got a record in a CRM, or another one: what names them there is refreshed, too. */
  readonly linkedPersonIds?: readonly string[];
  /** Whose referrals' own records, and deals, may have to say something else. (Default: `personIds`) */
  readonly ownRecordsOf?: readonly string[];
  /** Whose deals may have come to somebody else. (Default: `ownRecordsOf`) */
  readonly dealsOf?: readonly string[];
  readonly workspaceId: string;
  readonly now: Date;
  /** Our fields as the CRM just answered them, by `connection:record`; what already stands there is not written again. */
  readonly actual?: ReadonlyMap<string, CrmValues>;
};

/** Makes the CRM records of these people say what is true now: sets the desired values, leaves the writing to the flush. */
export async function refreshWriteBacks(tx: TenantTransaction, input: RefreshInput): Promise<void> {
  const { personIds, ownRecordsOf = personIds, dealsOf = ownRecordsOf } = input;
  if (personIds.length + ownRecordsOf.length + dealsOf.length === 0) return;
  const desired = await desiredValues(tx, input);
  const records = await contactRecords(tx, personIds);
  const rows = records.flatMap((record): WriteRow[] => {
    const values = desired.get(record.person_id)?.(record.crm);
    if (!values) return [];
    const held = record.is_first ? values : withoutReferralId(values);
    const actual = input.actual?.get(`${record.connection_id}:${record.record_id}`) ?? null;
    return [
      {
        connection_id: record.connection_id,
        object_type: 'contact',
        record_id: record.record_id,
        desired: held,
        written: actual,
        in_sync: actual !== null && Object.keys(changedValues(held, actual)).length === 0,
        error: null,
        corrected: null,
      },
    ];
  });
  const judged = await withFindings(tx, rows);
  judged.push(...(await ownRecordRows(tx, { ...input, personIds: ownRecordsOf, dealsOf })));
  if (judged.length > 0) await upsertWriteBacks(tx, input, judged);
}

/** No two records of one kind may hold one referral: of several records of a friend the first one does. */
function withoutReferralId({ referralId: _unique, ...values }: CrmValues): CrmValues {
  return values;
}

/** Records of referrals, and what deals say about them, where a CRM has a place for either. */
async function ownRecordRows(
  tx: TenantTransaction,
  input: RefreshInput & { readonly dealsOf: readonly string[] },
): Promise<WriteRow[]> {
  const answer = await tx.raw<{ rows: { id: string }[] }>(
    `select id from connections where workspace_id = ? and crm = 'salesforce' and status <> 'disconnected'`,
    [input.workspaceId],
  );
  const rows: WriteRow[] = [];
  for (const { id: connectionId } of answer.rows) {
    const referrals = await referralRecordValues(tx, { ...input, connectionId });
    const deals = await dealValues(tx, { connectionId, personIds: input.dealsOf });
    rows.push(
      ...[...referrals].map(([recordId, values]) => toRow(connectionId, 'referral', { recordId, values })),
      ...[...deals].map(([recordId, values]) => toRow(connectionId, 'deal', { recordId, values })),
    );
  }
  return rows;
}

type WriteRow = {
  readonly connection_id: string;
  readonly object_type: WrittenObject;
  readonly record_id: string;
  readonly desired: CrmValues;
  readonly written: CrmValues | null;
  /** Nothing is to be written. */
  readonly in_sync: boolean;
  /** Why it is set aside although it differs. */
  readonly error: unknown;
  readonly corrected: Corrected | null;
};

type StandingRow = {
  connection_id: string;
  record_id: string;
  desired: CrmValues;
  written: CrmValues | null;
  settled: boolean;
  corrected: Corrected | null;
  set_aside: unknown;
};

/** Our fields as they were just read: what differs is written again, but not for ever. */
async function withFindings(tx: TenantTransaction, rows: readonly WriteRow[]): Promise<WriteRow[]> {
  const differing = rows.filter(({ written, in_sync: isInSync }) => written !== null && !isInSync);
  if (differing.length === 0) return [...rows];
  const answer = await tx.raw<{ rows: StandingRow[] }>(
    `select w.connection_id, w.record_id, w.desired, w.written, w.corrected, w.written_version >= w.desired_version and w.due_at is null as settled,
            case when w.dead_at is not null then w.last_error end as set_aside
       from json_to_recordset(?) as n(connection_id text, record_id text)
       join write_backs w on w.connection_id = n.connection_id and w.object_type = 'contact' and w.record_id = n.record_id`,
    [JSON.stringify(differing.map(({ connection_id, record_id }) => ({ connection_id, record_id })))],
  );
  const standing = new Map(
    answer.rows.map(({ set_aside: setAside, ...row }): [string, StandingWrite] => [
      `${row.connection_id}:${row.record_id}`,
      { ...row, setAside },
    ]),
  );
  return rows.map((row) => {
    if (row.written === null || row.in_sync) return row;
    const found = standing.get(`${row.connection_id}:${row.record_id}`) ?? null;
    const finding = judgeForeign(found, row.desired, row.written);
    return finding.act === 'write'
      ? { ...row, corrected: finding.corrected }
      : { ...row, in_sync: true, error: finding.error };
  });
}

function toRow(
  connectionId: string,
  objectType: WrittenObject,
  { recordId, values }: { readonly recordId: string; readonly values: CrmValues },
): WriteRow {
  return {
    connection_id: connectionId,
    object_type: objectType,
    record_id: recordId,
    desired: values,
    written: null,
    in_sync: false,
    error: null,
    corrected: null,
  };
}

async function upsertWriteBacks(tx: TenantTransaction, input: RefreshInput, rows: readonly WriteRow[]): Promise<void> {
  await tx.raw(
    `insert into write_backs as w (connection_id, object_type, record_id, workspace_id, desired, written, due_at, waiting_since, dead_at, last_error, corrected)
     select n.connection_id, n.object_type, n.record_id, ?, n.desired, n.written,
            case when not n.in_sync then ?::timestamptz end, case when not n.in_sync then ?::timestamptz end,
            case when n.error is not null then ?::timestamptz end, n.error, n.corrected
       from json_to_recordset(?) as n(connection_id text, object_type text, record_id text, desired jsonb, written jsonb, in_sync boolean,
                                      error jsonb, corrected jsonb)
      -- Most of what was only read says what it said: such rows are not even locked.
      where n.written is null or not exists (
        select 1 from write_backs s
         where s.connection_id = n.connection_id and s.object_type = n.object_type and s.record_id = n.record_id
           and s.desired = n.desired and s.written = n.written)
     on conflict (connection_id, object_type, record_id) do update
        set desired = excluded.desired,
            desired_version = w.desired_version + (w.desired is distinct from excluded.desired)::int,
            written = coalesce(excluded.written, w.written),
            due_at = case when excluded.due_at is null then null else coalesce(w.due_at, excluded.due_at) end,
            waiting_since = case when excluded.due_at is null then null else coalesce(w.waiting_since, excluded.waiting_since) end,
            attempts = 0, last_error = excluded.last_error, dead_at = excluded.dead_at,
            corrected = case when excluded.corrected is not null or w.corrected is null then excluded.corrected else (
              select jsonb_object_agg(c.key, c.value) from jsonb_each(w.corrected) c
               where w.desired -> c.key is not distinct from excluded.desired -> c.key) end
      where w.desired is distinct from excluded.desired
         or (excluded.written is not null and w.written is distinct from excluded.written)`,
    [input.workspaceId, input.now, input.now, input.now, JSON.stringify(rows)],
  );
}

async function contactRecords(tx: TenantTransaction, personIds: readonly string[]): Promise<ContactRecord[]> {
  const answer = await tx.raw<{ rows: ContactRecord[] }>(
    `select r.connection_id, r.record_id, r.person_id, c.crm,
            row_number() over (partition by r.connection_id, r.person_id order by r.first_seen_at, r.record_id) = 1 as is_first
       from crm_records r join connections c on c.id = r.connection_id and c.status <> 'disconnected'
      where r.person_id = any(?) and r.object_type = 'contact' and r.deleted_at is null and r.merged_into is null`,
    [[...personIds]],
  );
  return answer.rows;
}

export type DueWrite = {
  readonly objectType: WrittenObject;
  readonly recordId: string;
  readonly desired: CrmValues;
  readonly desiredVersion: number;
  readonly written: CrmValues | null;
  readonly attempts: number;
};

type DueRow = {
  object_type: WrittenObject;
  record_id: string;
  desired: CrmValues;
  desired_version: string;
  written: CrmValues | null;
  attempts: number;
};

export type WriteBacklog = {
  readonly objectType: WrittenObject;
  readonly due: number;
  readonly oldestWaitingSince: Date | null;
};

/** What waits, by kind of record; counted over the `limit` that have waited longest. */
export async function readWriteBacklog(
  tx: TenantTransaction,
  { connectionId, now, limit }: { readonly connectionId: string; readonly now: Date; readonly limit: number },
): Promise<WriteBacklog[]> {
  const answer = await tx.raw<{ rows: { object_type: WrittenObject; due: number; oldest: Date | null }[] }>(
    `select object_type, count(*)::int as due, min(waiting_since) as oldest
       from (select object_type, waiting_since from write_backs
              where connection_id = ? and due_at <= ? and dead_at is null and coalesce(claimed_until <= ?, true)
              order by due_at limit ?) w
      group by object_type order by object_type`,
    [connectionId, now, now, limit],
  );
  return answer.rows.map(({ object_type: objectType, due, oldest }) => ({
    objectType,
    due,
    oldestWaitingSince: oldest,
  }));
}

export type ClaimWritesInput = {
  readonly connectionId: string;
  readonly objectType: WrittenObject;
  readonly limit: number;
  readonly now: Date;
  readonly claimedUntil: Date;
};

export async function claimWrites(tx: TenantTransaction, input: ClaimWritesInput): Promise<DueWrite[]> {
  const answer = await tx.raw<{ rows: DueRow[] }>(
    `update write_backs w set claimed_until = ?
      where w.ctid = any(array(
        select ctid from write_backs
         where connection_id = ? and object_type = ? and due_at <= ? and dead_at is null
           and coalesce(claimed_until <= ?, true)
         order by due_at limit ? for update skip locked))
     returning w.object_type, w.record_id, w.desired, w.desired_version, w.written, w.attempts`,
    [input.claimedUntil, input.connectionId, input.objectType, input.now, input.now, input.limit],
  );
  return answer.rows.map((row) => ({
    objectType: row.object_type,
    recordId: row.record_id,
    desired: row.desired,
    desiredVersion: Number(row.desired_version),
    written: row.written,
    attempts: row.attempts,
  }));
}

export type WriteResult = {
  readonly objectType: WrittenObject;
  readonly recordId: string;
  readonly desiredVersion: number;
  /** Our fields as the CRM holds them now; null when the write did not happen. */
  readonly written: CrmValues | null;
  /** The record is not there: should it come back, nobody knows what it holds. */
  readonly gone?: boolean;
  /** The CRM's own time of the write, where one happened. */
  readonly modifiedAt: Date | null;
  /** When to try again; null when done, or when nothing more is to be tried. */
  readonly retryAt: Date | null;
  /** Set aside for a person. */
  readonly dead: boolean;
  readonly error: unknown;
};

/**
 * Records what became of claimed writes. A record whose desired values moved on meanwhile stays due: the version guard
 * keeps an older write from passing for the newer one.
 */
export async function recordWrites(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly now: Date; readonly results: readonly WriteResult[] },
): Promise<void> {
  if (input.results.length === 0) return;
  const rows = input.results.map((result) => ({
    object_type: result.objectType,
    record_id: result.recordId,
    version: result.desiredVersion,
    written: result.written,
    modified_at: result.modifiedAt?.toISOString() ?? null,
    retry_at: result.retryAt?.toISOString() ?? null,
    dead: result.dead,
    error: result.error ?? null,
    failed: result.written === null,
    gone: result.gone ?? false,
  }));
  await tx.raw(
    // Key by key, and by ctid, which the lock just taken pins: on a young table the planner would have each compared with each.
    `with o as materialized (
       select n.*, k.row
         from json_to_recordset(?) as n(object_type text, record_id text, version bigint, written jsonb, modified_at timestamptz,
                                        retry_at timestamptz, dead boolean, error jsonb, failed boolean, gone boolean)
        cross join lateral (
          select ctid as row from write_backs
           where connection_id = ? and object_type = n.object_type and record_id = n.record_id
           limit 1 for update) k)
     update write_backs w
        set claimed_until = null,
            written = case when o.gone then null when o.failed then w.written else coalesce(w.written, '{}') || o.written end,
            written_modified_at = coalesce(o.modified_at, w.written_modified_at),
            written_version = case when o.failed then w.written_version else o.version end,
            due_at = case when w.desired_version > o.version then coalesce(w.due_at, ?::timestamptz) else o.retry_at end,
            waiting_since = case when w.desired_version > o.version or o.retry_at is not null then w.waiting_since end,
            attempts = case when o.failed then w.attempts + 1 else 0 end,
            last_error = o.error,
            dead_at = case when o.dead and w.desired_version = o.version then ?::timestamptz end
       from o where w.ctid = o.row`,
    [JSON.stringify(rows), input.connectionId, input.now, input.now],
  );
}

/** Gives claimed writes back untouched: the CRM could not be asked. */
export async function releaseWrites(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly recordIds: readonly string[] },
): Promise<void> {
  await tx('write_backs')
    .where({ connection_id: input.connectionId })
    .whereRaw('record_id = any(?)', [[...input.recordIds]])
    .update({ claimed_until: null });
}

/** Records that are gone get nothing written any more. */
export async function dropWrites(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly recordIds: readonly string[] },
): Promise<void> {
  if (input.recordIds.length === 0) return;
  await tx('write_backs')
    .where({ connection_id: input.connectionId, object_type: 'contact' })
    .whereRaw('record_id = any(?)', [[...input.recordIds]])
    .delete();
}

/**
 * Which of these changes are the echo of our own last write, or older, of contacts that are nobody's friend: reading them
 * again would tell nothing. A friend's contact is always read: a change just before our write would hide behind it.
 */
export async function ownEchoes(
  tx: TenantTransaction,
  input: {
    readonly connectionId: string;
    readonly changes: readonly { readonly id: string; readonly modifiedAtMs: number }[];
  },
): Promise<Set<string>> {
  if (input.changes.length === 0) return new Set();
  const rows = input.changes.map(({ id, modifiedAtMs }) => ({ id, at: new Date(modifiedAtMs).toISOString() }));
  const answer = await tx.raw<{ rows: { record_id: string }[] }>(
    `select w.record_id
       from json_to_recordset(?) as n(id text, at timestamptz)
       join write_backs w on w.connection_id = ? and w.object_type = 'contact' and w.record_id = n.id
             and w.written_modified_at >= n.at
       join crm_records r on r.connection_id = w.connection_id and r.object_type = 'contact' and r.record_id = w.record_id
      where not exists (select 1 from referrals f where f.workspace_id = r.workspace_id and f.person_id = r.person_id)`,
    [JSON.stringify(rows), input.connectionId],
  );
  return new Set(answer.rows.map((row) => row.record_id));
}
