import { createHash } from 'node:crypto';
import type { ReEvaluationReport } from '../../../shared/contracts/re-evaluations.ts';
import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import type { CrmAccount } from '../crm/port.ts';
import { newId } from '../ids.ts';
import { fieldsToRead } from '../qualification/fields-to-read.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';
import { requirePublishedProgram } from '../referrals/published-program-store.ts';
import type { Caller, UseCaseDeps } from '../referrals/use-case-deps.ts';
import { liveConnections } from '../workspaces/connections-store.ts';
import { ReEvaluationLive, ReEvaluationWithoutConnection } from './re-evaluation-errors.ts';
import { readReEvaluation } from './re-evaluation-reports-store.ts';
import { insertReEvaluation, liveReEvaluation } from './re-evaluations-store.ts';

type Deps = Pick<UseCaseDeps, 'database' | 'clock' | 'wake'>;

/** Begins a preview of moving every live referral of a program to its published version (E29). Nothing is changed by it. */
export async function startReEvaluation(
  deps: Deps,
  { workspaceId, actor }: Caller,
  input: { readonly programId: string; readonly requestKey: string | null },
): Promise<ReEvaluationReport> {
  const { programId, requestKey } = input;
  const { report, connectionId } = await deps.database.inWorkspace(workspaceId, async (tx) => {
    const program = await requirePublishedProgram(tx, workspaceId, programId);
    const account = connected(await liveConnections(tx, workspaceId));
    const id = idFor(workspaceId, requestKey);
    const now = new Date(deps.clock.now());
    const { version } = program;
    const state = hasNewFields(program) ? 'reading' : 'previewing';
    const start = {
      id,
      workspaceId,
      actor,
      programId,
      connectionId: account.connectionId,
      version,
      state,
      now,
    } as const;
    // The same request made it before: it is answered as it is now.
    const before = await readReEvaluation(tx, workspaceId, id);
    if (!before && !(await insertReEvaluation(tx, start))) {
      throw new ReEvaluationLive('A re-evaluation of this program is under way, or waits to be applied.', {
        reEvaluationId: await liveReEvaluation(tx, programId),
      });
    }
    const made = before ?? (await readReEvaluation(tx, workspaceId, id));
    if (!made) throw new Error('a re-evaluation that was inserted must be there');
    return { report: made, connectionId: account.connectionId };
  });
  deps.wake(workspaceId, [connectionId]);
  return report;
}

function connected(live: readonly (CrmAccount & { readonly status: string })[]): CrmAccount {
  const account = live.find(({ status }) => status === 'connected');
  if (account) return account;
  throw new ReEvaluationWithoutConnection('No CRM account is connected.');
}

/** Whether the version reads something that an earlier one, which referrals still have, did not. */
function hasNewFields({ version, definition, versions }: PublishedProgram): boolean {
  const reads = (one: ProgramDefinition): Set<string> =>
    new Set(
      (['hubspot', 'salesforce'] as const).flatMap((crm) =>
        Object.entries(fieldsToRead([one], crm)).flatMap(([object, fields]) =>
          fields.map((field) => `${object}:${field}`),
        ),
      ),
    );
  const wanted = reads(definition);
  return versions
    .filter((one) => one.version !== version)
    .some((one) => {
      const known = reads(one.definition);
      return [...wanted].some((field) => !known.has(field));
    });
}

function idFor(workspaceId: string, requestKey: string | null): string {
  if (requestKey === null) return newId('rev');
  const digest = createHash('sha256').update(`${workspaceId}\nre-evaluation\n${requestKey}`).digest('hex');
  return `rev_${digest.slice(0, 20)}`;
}
