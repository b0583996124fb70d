import type { TenantTransaction } from '../db/database.ts';

export type EntryState = 'processed' | 'ignored' | 'failed' | 'review';

/** Of an entry's trigger: what tells a retry that something of a referral was to be done in the CRM. */
export const CAPTURE_TRIGGER = 'capture';

/** One decision, kept for ever. */
export type NewEntry = {
  readonly id: string;
  readonly state: EntryState;
  /** Stable, snake_case. */
  readonly reasonCode: string;
  /** For people. */
  readonly reason: string;
  /** What made us look: kind, time at the source, how it reached us. */
  readonly trigger: unknown;
  readonly programId?: string | null;
  readonly programVersion?: number | null;
  readonly referralId?: string | null;
  readonly connectionId?: string | null;
  readonly objectType?: string | null;
  readonly recordId?: string | null;
  readonly input?: unknown;
  readonly trace?: unknown;
  /** Of an entry in review or one open at most once: what it asks. At most one is open per referral, or record, and key. */
  readonly reviewKey?: string | null;
  /** When a review nobody answers is settled by the program's setting; null: never. */
  readonly reviewDueAt?: Date | null;
  /** Whoever watches the program is to be told. */
  readonly notify?: boolean;
  /** Decided again from what was stored: nobody is told (E30). */
  readonly replay?: boolean;
};

/** Of an update of entries `e` about people who are erased: what somebody was asked about them is over. */
export const CLOSE_ERASED = `
  state = case when e.state = 'review' then 'ignored' else e.state end,
  reason_code = case when e.state = 'review' then 'erased' else e.reason_code end, review_due_at = null`;

/** A question that is open already is left out. */
export async function insertEntries(
  tx: TenantTransaction,
  input: { readonly workspaceId: string; readonly now: Date; readonly entries: readonly NewEntry[] },
): Promise<void> {
  if (input.entries.length === 0) return;
  const rows = input.entries.map((entry) => ({
    id: entry.id,
    state: entry.state,
    reason_code: entry.reasonCode,
    reason: entry.reason,
    trigger: entry.trigger,
    program_id: entry.programId ?? null,
    program_version: entry.programVersion ?? null,
    referral_id: entry.referralId ?? null,
    connection_id: entry.connectionId ?? null,
    object_type: entry.objectType ?? null,
    record_id: entry.recordId ?? null,
    input: entry.input ?? null,
    trace: entry.trace ?? null,
    review_key: entry.reviewKey ?? null,
    review_due_at: entry.reviewDueAt?.toISOString() ?? null,
    notify: entry.notify ?? false,
    replay: entry.replay ?? false,
  }));
  await tx.raw(
    `insert into entries (id, workspace_id, state, reason_code, reason, trigger, program_id, program_version, referral_id,
                          connection_id, object_type, record_id, input, trace, review_key, review_due_at, notify, replay,
                          created_at, updated_at)
     select n.id, ?, n.state, n.reason_code, n.reason, n.trigger, n.program_id, n.program_version, n.referral_id,
            n.connection_id, n.object_type, n.record_id, n.input, n.trace, n.review_key,
            n.review_due_at, n.notify, n.replay, ?::timestamptz, ?::timestamptz
       from json_to_recordset(?) as n(id text, state text, reason_code text, reason text, trigger jsonb, program_id text,
              program_version int, referral_id text, connection_id text, object_type text, record_id text, input jsonb,
              trace jsonb, review_key text, review_due_at timestamptz, notify boolean, replay boolean)
     on conflict do nothing`,
    [input.workspaceId, input.now, input.now, JSON.stringify(rows)],
  );
}
