import type { SampledReferral } from '../../../shared/contracts/re-evaluations.ts';
import type { TenantTransaction } from '../db/database.ts';
import type { Effects } from './count-effects.ts';
import type { KeptCounts, ReEvaluationState } from './re-evaluation-reports-store.ts';

export type NewReEvaluation = {
  readonly id: string;
  readonly workspaceId: string;
  readonly actor: string;
  readonly programId: string;
  readonly connectionId: string;
  readonly version: number;
  readonly state: 'reading' | 'previewing';
  readonly now: Date;
};

/** False when one of the program is live: the constraint decides, so two at once never both start. */
export async function insertReEvaluation(tx: TenantTransaction, input: NewReEvaluation): Promise<boolean> {
  const { id, workspaceId, actor, now } = input;
  const inserted = await tx('re_evaluations')
    .insert({
      id,
      workspace_id: workspaceId,
      program_id: input.programId,
      connection_id: input.connectionId,
      version: input.version,
      state: input.state,
      requested_by: actor,
      created_at: now,
      updated_at: now,
      due_at: now,
    })
    .onConflict()
    .ignore()
    .returning('id');
  if (inserted.length === 0) return false;
  await audit(tx, { workspaceId, at: now, actor, action: 're_evaluation.started', subject: id });
  return true;
}

export async function liveReEvaluation(tx: TenantTransaction, programId: string): Promise<string | null> {
  const row = await tx<{ id: string; program_id: string; state: ReEvaluationState }>('re_evaluations')
    .where({ program_id: programId })
    .whereIn('state', ['reading', 'previewing', 'previewed', 'applying'])
    .first('id');
  return row?.id ?? null;
}

export type Claimed = {
  readonly id: string;
  readonly programId: string;
  readonly version: number;
  readonly state: ReEvaluationState;
  /** The last referral of the walk so far; null at its beginning. */
  readonly afterId: string | null;
  readonly counts: KeptCounts;
  readonly sample: readonly SampledReferral[];
  readonly actor: string;
  readonly updatedAt: Date;
  readonly attempts: number;
};

type ClaimedRow = {
  id: string;
  program_id: string;
  version: number;
  state: ReEvaluationState;
  after_id: string | null;
  counts: KeptCounts;
  sample: SampledReferral[];
  requested_by: string;
  applied_by: string | null;
  updated_at: Date;
  last_error: { attempts?: number } | null;
};

/** One of this account, or of one that cannot go on with it now: that one is this account's from here on. */
export async function claimReEvaluation(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly now: Date; readonly claimedUntil: Date },
): Promise<Claimed | null> {
  const answer = await tx.raw<{ rows: ClaimedRow[] }>(
    `update re_evaluations e set claimed_until = :claimedUntil, connection_id = :connectionId
      where e.id = (select id from re_evaluations
                     where connection_id in (
                             select cast(:connectionId as text)
                             union all
                             select id from connections
                              where workspace_id = (select workspace_id from connections where id = :connectionId)
                                and status <> 'connected')
                       and due_at <= :now and coalesce(claimed_until <= :now, true)
                     order by due_at, id limit 1 for update skip locked)
     returning e.*`,
    input,
  );
  const row = answer.rows[0];
  if (!row) return null;
  return {
    id: row.id,
    programId: row.program_id,
    version: row.version,
    state: row.state,
    afterId: row.after_id,
    counts: row.counts,
    sample: row.sample,
    actor: row.applied_by ?? row.requested_by,
    updatedAt: row.updated_at,
    attempts: row.last_error?.attempts ?? 0,
  };
}

export type Step = {
  readonly now: Date;
  /** (Default: the state it has) */
  readonly state?: ReEvaluationState;
  /** Where the walk stands; null begins the next one. */
  readonly afterId: string | null;
  /** Null: nothing more is to be done until somebody says so. */
  readonly dueAt: Date | null;
  readonly counts?: KeptCounts;
  readonly sample?: readonly SampledReferral[];
};

/**
 * Records a step in the transaction that did its work. False when another worker took it over meanwhile, or a person
 * cancelled it: then the caller must roll back, so that nothing is counted twice.
 */
export async function recordStep(tx: TenantTransaction, claimed: Claimed, step: Step): Promise<boolean> {
  const state = step.state ?? claimed.state;
  const answer = await tx.raw<{ rowCount: number }>(
    `update re_evaluations
        set state = :state, after_id = cast(:after as text), due_at = cast(:due as timestamptz), claimed_until = null,
            counts = coalesce(cast(:counts as jsonb), counts), sample = coalesce(cast(:sample as jsonb), sample),
            last_error = null, updated_at = :now,
            finished_at = case when cast(:state as text) = 'done' then cast(:now as timestamptz) end
      where id = :id and state = :before and after_id is not distinct from cast(:afterBefore as text)`,
    {
      id: claimed.id,
      before: claimed.state,
      afterBefore: claimed.afterId,
      state,
      after: step.afterId,
      due: step.dueAt,
      counts: step.counts === undefined ? null : JSON.stringify(step.counts),
      sample: step.sample === undefined ? null : JSON.stringify(step.sample),
      now: step.now,
    },
  );
  return answer.rowCount === 1;
}

/** Looked at, and nothing to do yet. */
export async function postponeStep(tx: TenantTransaction, id: string, dueAt: Date): Promise<void> {
  await tx('re_evaluations').where({ id }).whereNotNull('due_at').update({ claimed_until: null, due_at: dueAt });
}

export async function failStep(
  tx: TenantTransaction,
  input: { readonly id: string; readonly dueAt: Date; readonly error: { readonly attempts: number } & object },
): Promise<void> {
  await tx('re_evaluations')
    .where({ id: input.id })
    .whereNotNull('due_at')
    .update({ claimed_until: null, due_at: input.dueAt, last_error: JSON.stringify(input.error) });
}

/** The version is not the published one any more, or the program is gone: it ends where it stands. */
export async function endOutdated(
  tx: TenantTransaction,
  input: { readonly id: string; readonly now: Date; readonly error: object },
): Promise<void> {
  await tx('re_evaluations')
    .where({ id: input.id })
    .whereIn('state', ['reading', 'previewing', 'applying'])
    .update({
      state: 'cancelled',
      due_at: null,
      claimed_until: null,
      last_error: JSON.stringify(input.error),
      updated_at: input.now,
      finished_at: input.now,
    });
}

type Steering = { readonly id: string; readonly workspaceId: string; readonly actor: string; readonly now: Date };

/** False when it is not previewed. */
export async function beginApplying(tx: TenantTransaction, input: Steering): Promise<boolean> {
  const { id, workspaceId, actor, now } = input;
  const moved = await tx('re_evaluations').where({ id, state: 'previewed' }).update({
    state: 'applying',
    applied_by: actor,
    after_id: null,
    due_at: now,
    updated_at: now,
  });
  if (moved === 0) return false;
  await audit(tx, { workspaceId, at: now, actor, action: 're_evaluation.applied', subject: id });
  return true;
}

/** False when it has ended. */
export async function cancelLive(tx: TenantTransaction, input: Steering): Promise<boolean> {
  const { id, workspaceId, actor, now } = input;
  const moved = await tx('re_evaluations')
    .where({ id })
    .whereIn('state', ['reading', 'previewing', 'previewed', 'applying'])
    .update({ state: 'cancelled', due_at: null, claimed_until: null, updated_at: now, finished_at: now });
  if (moved === 0) return false;
  await audit(tx, { workspaceId, at: now, actor, action: 're_evaluation.cancelled', subject: id });
  return true;
}

type AuditLine = {
  readonly workspaceId: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
};

async function audit(tx: TenantTransaction, { workspaceId, ...line }: AuditLine): Promise<void> {
  await tx('audit_log').insert({ workspace_id: workspaceId, ...line, detail: '{}' });
}

/** Counts of the preview stay beside those of what was done. */
export function withCounts(counts: KeptCounts, which: 'preview' | 'applied', effects: Effects): KeptCounts {
  return { ...counts, [which]: effects };
}
