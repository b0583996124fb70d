import type { ReEvaluationReport } from '../../../shared/contracts/re-evaluations.ts';
import type { Database, TenantTransaction } from '../db/database.ts';
import { NO_EFFECTS, type Effects } from './count-effects.ts';

export type ReEvaluationState = ReEvaluationReport['state'];

/** What the row keeps as counts: of the preview, and of what was applied. */
export type KeptCounts = {
  readonly preview?: Effects;
  readonly applied?: Effects;
  /** ISO 8601. */
  readonly previewedAt?: string;
};

type Row = {
  id: string;
  program_id: string;
  version: number;
  state: ReEvaluationState;
  counts: KeptCounts;
  sample: ReEvaluationReport['sample'];
  requested_by: string;
  applied_by: string | null;
  created_at: Date;
  updated_at: Date;
  finished_at: Date | null;
  last_error: { code: string; message: string } | null;
};

export function findReEvaluation(
  database: Database,
  workspaceId: string,
  id: string,
): Promise<ReEvaluationReport | null> {
  return database.inWorkspace(workspaceId, (tx) => readReEvaluation(tx, workspaceId, id));
}

export async function readReEvaluation(
  tx: TenantTransaction,
  workspaceId: string,
  id: string,
): Promise<ReEvaluationReport | null> {
  const row = await tx<Row & { workspace_id: string }>('re_evaluations')
    .where({ workspace_id: workspaceId, id })
    .first();
  return row ? fromRow(row) : null;
}

function fromRow(row: Row): ReEvaluationReport {
  const { code, message } = row.last_error ?? {};
  return {
    id: row.id,
    programId: row.program_id,
    version: row.version,
    state: row.state,
    counts: toReport(row.counts.preview ?? NO_EFFECTS),
    applied: row.applied_by === null ? null : toReport(row.counts.applied ?? NO_EFFECTS),
    sample: row.sample,
    error: code === undefined || message === undefined ? null : { code, message },
    requestedBy: row.requested_by,
    appliedBy: row.applied_by,
    createdAt: row.created_at.toISOString(),
    previewedAt: row.counts.previewedAt ?? null,
    updatedAt: row.updated_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

function toReport({ money, ...counts }: Effects): ReEvaluationReport['counts'] {
  return { ...counts, money: money.map((sum) => ({ ...sum })) };
}
