import type { ReEvaluationReport } from '../../../shared/contracts/re-evaluations.ts';
import type { TenantTransaction } from '../db/database.ts';
import type { Caller, UseCaseDeps } from '../referrals/use-case-deps.ts';
import { publishedPrograms } from '../qualification/published-programs.ts';
import { liveConnections } from '../workspaces/connections-store.ts';
import { ReEvaluationNotFound, ReEvaluationOutdated, ReEvaluationStateRefused } from './re-evaluation-errors.ts';
import { readReEvaluation } from './re-evaluation-reports-store.ts';
import { beginApplying, cancelLive } from './re-evaluations-store.ts';

export type ReEvaluationSteering = 'apply' | 'cancel';

/** What is so already and asked for again changes nothing. */
const REACHED: Readonly<Record<ReEvaluationSteering, readonly ReEvaluationReport['state'][]>> = {
  apply: ['applying', 'done'],
  cancel: ['cancelled'],
};

/** Applies what was previewed, or stops it where it stands. */
export async function steerReEvaluation(
  deps: Pick<UseCaseDeps, 'database' | 'clock' | 'wake'>,
  caller: Caller,
  input: { readonly reEvaluationId: string; readonly steering: ReEvaluationSteering },
): Promise<ReEvaluationReport> {
  const { workspaceId } = caller;
  const { reEvaluationId: id, steering } = input;
  const { report, connectionIds } = await deps.database.inWorkspace(workspaceId, async (tx) => {
    const before = await readReEvaluation(tx, workspaceId, id);
    if (!before) throw new ReEvaluationNotFound(`There is no re-evaluation ${id} in this workspace.`);
    if (REACHED[steering].includes(before.state)) return { report: before, connectionIds: [] };
    if (steering === 'apply') await requireStillCurrent(tx, workspaceId, before);
    const scope = { id, ...caller, now: new Date(deps.clock.now()) };
    const moved = await (steering === 'apply' ? beginApplying(tx, scope) : cancelLive(tx, scope));
    if (!moved) throw new ReEvaluationStateRefused(`The re-evaluation is ${before.state}.`, { state: before.state });
    const connections = await liveConnections(tx, workspaceId);
    return {
      report: (await readReEvaluation(tx, workspaceId, id)) ?? before,
      connectionIds: connections.map(({ connectionId }) => connectionId),
    };
  });
  deps.wake(workspaceId, connectionIds);
  return report;
}

async function requireStillCurrent(
  tx: TenantTransaction,
  workspaceId: string,
  { programId, version, state }: ReEvaluationReport,
): Promise<void> {
  const program = (await publishedPrograms(tx, workspaceId)).find(({ id }) => id === programId);
  if (state !== 'previewed' || program?.version === version) return;
  throw new ReEvaluationOutdated(`It previewed version ${String(version)}; another one was published since.`, {
    version,
    published: program?.version ?? null,
  });
}
