import type { TenantTransaction } from '../db/database.ts';
import type { Mark } from './progress.ts';

export type EnrolmentState = 'running' | 'paused' | 'watching' | 'done' | 'cancelled' | 'failed';

/** An enrolment that has work due, claimed for this worker. */
export type ClaimedEnrolment = {
  readonly id: string;
  readonly programId: string;
  readonly source: 'all' | 'list';
  readonly listId: string | null;
  readonly ongoing: boolean;
  readonly state: EnrolmentState;
  readonly pass: number;
  /** Where the walk goes on; null at its beginning. */
  readonly cursor: string | null;
  /** The walk has reached the end of the list; what is left is to enrol and to see off. */
  readonly walked: boolean;
  readonly passStartedAt: Date;
  readonly createdFrom: Date | null;
  readonly total: number | null;
  readonly seen: number;
  readonly marks: readonly Mark[];
  readonly attempts: number;
};

type ClaimedRow = {
  id: string;
  program_id: string;
  source: 'all' | 'list';
  list_id: string | null;
  ongoing: boolean;
  state: EnrolmentState;
  pass: number;
  cursor: string | null;
  walked: boolean;
  pass_started_at: Date;
  created_from: Date | null;
  total: number | null;
  seen: number;
  marks: Mark[];
  attempts: number;
};

export async function claimEnrolment(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly now: Date; readonly claimedUntil: Date },
): Promise<ClaimedEnrolment | null> {
  const answer = await tx.raw<{ rows: ClaimedRow[] }>(
    `update enrolments e set claimed_until = ?
      where e.id = (select id from enrolments
                     where connection_id = ? and due_at <= ? and coalesce(claimed_until <= ?, true)
                     order by due_at, id limit 1 for update skip locked)
     returning e.*`,
    [input.claimedUntil, input.connectionId, input.now, input.now],
  );
  const row = answer.rows[0];
  if (!row) return null;
  return {
    id: row.id,
    programId: row.program_id,
    source: row.source,
    listId: row.list_id,
    ongoing: row.ongoing,
    state: row.state,
    pass: row.pass,
    cursor: row.cursor,
    walked: row.walked,
    passStartedAt: row.pass_started_at,
    createdFrom: row.created_from,
    total: row.total,
    seen: row.seen,
    marks: row.marks,
    attempts: row.attempts,
  };
}

/** What one step added. */
export type StepCounts = {
  readonly seen?: number;
  readonly enrolled?: number;
  readonly already?: number;
  readonly skipped?: number;
  readonly departed?: number;
};

export type Step = {
  readonly counts: StepCounts;
  readonly cursor?: string | null;
  readonly walked?: boolean;
  readonly total?: number | null;
  readonly now: Date;
  readonly marks?: readonly Mark[];
  /** More of the same claim follows. */
  readonly holds?: boolean;
};

/**
 * Records a step in the transaction that did its work. False when another worker took the enrolment over meanwhile, or a
 * person stopped it: then the caller must roll back, so that nothing is counted twice.
 */
export async function recordStep(tx: TenantTransaction, claimed: ClaimedEnrolment, step: Step): Promise<boolean> {
  const { counts } = step;
  const answer = await tx.raw<{ rowCount: number }>(
    `update enrolments
        set seen = seen + :seen, enrolled = enrolled + :enrolled, already = already + :already,
            skipped = skipped + :skipped, departed = departed + :departed,
            cursor = case when :moves then cast(:cursor as text) else cursor end,
            walked = coalesce(cast(:walked as boolean), walked),
            total = coalesce(cast(:total as int), total),
            marks = coalesce(cast(:marks as jsonb), marks),
            due_at = :now, claimed_until = case when :holds then claimed_until end, attempts = 0, last_error = null
      where id = :id and pass = :pass and cursor is not distinct from cast(:before as text) and walked = :walkedBefore
        and state in ('running', 'watching')`,
    {
      id: claimed.id,
      pass: claimed.pass,
      before: claimed.cursor,
      walkedBefore: claimed.walked,
      seen: counts.seen ?? 0,
      enrolled: counts.enrolled ?? 0,
      already: counts.already ?? 0,
      skipped: counts.skipped ?? 0,
      departed: counts.departed ?? 0,
      moves: step.cursor !== undefined,
      cursor: step.cursor ?? null,
      walked: step.walked ?? null,
      total: step.total ?? null,
      marks: step.marks === undefined ? null : JSON.stringify(step.marks),
      holds: step.holds ?? false,
      now: step.now,
    },
  );
  return answer.rowCount === 1;
}

/** The walk is over and everybody is enrolled: the end, or the wait for the next look. */
export async function endPass(
  tx: TenantTransaction,
  claimed: ClaimedEnrolment,
  input: { readonly now: Date; readonly nextCheckAt: Date; readonly createdFrom: Date | null },
): Promise<void> {
  await tx.raw(
    `update enrolments
        set state = case when ongoing then 'watching' else 'done' end,
            due_at = case when ongoing then cast(:next as timestamptz) end,
            pass = pass + 1, cursor = null, walked = false, pass_started_at = :now, created_from = :createdFrom,
            claimed_until = null, finished_at = coalesce(finished_at, :now)
      where id = :id and pass = :pass and state in ('running', 'watching')`,
    { id: claimed.id, pass: claimed.pass, now: input.now, next: input.nextCheckAt, createdFrom: input.createdFrom },
  );
}

/** Gives a claimed enrolment back, to be gone on with at `dueAt`. */
export async function releaseEnrolment(
  tx: TenantTransaction,
  input: { readonly id: string; readonly dueAt: Date | null; readonly error?: unknown },
): Promise<void> {
  const failed = input.error !== undefined;
  await tx.raw(
    `update enrolments
        set claimed_until = null, due_at = coalesce(?::timestamptz, due_at), attempts = attempts + ?,
            last_error = coalesce(?::jsonb, last_error)
      where id = ? and state in ('running', 'watching')`,
    [input.dueAt, failed ? 1 : 0, failed ? JSON.stringify(input.error) : null, input.id],
  );
}

/** The program wants nobody enrolled any more: it stands still, with the reason, until somebody resumes it. */
export async function pauseClaimed(
  tx: TenantTransaction,
  input: { readonly id: string; readonly error: unknown },
): Promise<void> {
  await tx.raw(
    `update enrolments set state = 'paused', due_at = null, claimed_until = null, last_error = ?
      where id = ? and state in ('running', 'watching')`,
    [JSON.stringify(input.error), input.id],
  );
}

/** It cannot go on by itself; a person may resume it. */
export async function failEnrolment(
  tx: TenantTransaction,
  input: { readonly id: string; readonly now: Date; readonly error: unknown },
): Promise<void> {
  await tx.raw(
    `update enrolments set state = 'failed', due_at = null, claimed_until = null, finished_at = ?, last_error = ?
      where id = ? and state in ('running', 'watching')`,
    [input.now, JSON.stringify(input.error), input.id],
  );
}
