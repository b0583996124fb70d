import type { TenantTransaction } from '../db/database.ts';
import type { EnrolmentState } from './enrolments-store.ts';

/** What a person may do to an enrolment that was started. */
export type Steering = 'pause' | 'resume' | 'cancel' | 'ongoing_on' | 'ongoing_off';

type Move = {
  readonly from: readonly EnrolmentState[];
  readonly sql: string;
};

/**
 * Every move as data. The state machine's other half, what the work itself does, stands in enrolments-store.ts. Asking for
 * what is so already changes nothing and is no error.
 */
const MOVES: Readonly<Record<Steering, Move>> = {
  pause: { from: ['running', 'watching'], sql: `state = 'paused', due_at = null` },
  resume: {
    from: ['paused', 'failed'],
    sql: `state = case when finished_at is not null and state = 'paused' then 'watching' else 'running' end,
          due_at = :now, claimed_until = null, attempts = 0, last_error = null,
          finished_at = case when state = 'paused' then finished_at end`,
  },
  cancel: {
    from: ['running', 'paused', 'watching', 'failed'],
    sql: `state = 'cancelled', due_at = null, finished_at = coalesce(finished_at, :now)`,
  },
  ongoing_on: {
    from: ['running', 'paused', 'watching', 'done'],
    sql: `ongoing = true, state = case when state = 'done' then 'watching' else state end,
          due_at = case when state = 'done' then :now else due_at end`,
  },
  ongoing_off: {
    from: ['running', 'paused', 'watching', 'done'],
    // A look that is under way is finished first.
    sql: `ongoing = false,
          state = case when state = 'watching' and cursor is null and not walked then 'done' else state end,
          due_at = case when state = 'watching' and cursor is null and not walked then null else due_at end`,
  },
};

/** Makes one of the moves, with its line in the audit log; false when the state does not allow it. */
export async function moveEnrolment(
  tx: TenantTransaction,
  input: {
    readonly workspaceId: string;
    readonly actor: string;
    readonly enrolmentId: string;
    readonly steering: Steering;
    readonly now: Date;
  },
): Promise<boolean> {
  const { workspaceId, actor, enrolmentId, steering, now } = input;
  const { from, sql } = MOVES[steering];
  const moved = await tx.raw<{ rowCount: number }>(
    `update enrolments e set ${sql} where e.id = :id and e.state = any(:from)
        -- Never two live ones of one source: the later one goes on, this one stays as it is.
        and (e.state in ('running', 'paused', 'watching') or not exists (
          select 1 from enrolments o where o.id <> e.id and o.program_id = e.program_id
             and o.connection_id = e.connection_id and o.source = e.source and o.list_id is not distinct from e.list_id
             and o.state in ('running', 'paused', 'watching')))`,
    { id: enrolmentId, from: [...from], now },
  );
  if (moved.rowCount === 0) return false;
  await tx('audit_log').insert({
    workspace_id: workspaceId,
    at: now,
    actor,
    action: `enrolment.${steering}`,
    subject: enrolmentId,
    detail: '{}',
  });
  return true;
}
