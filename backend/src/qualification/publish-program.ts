import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import { PassalongError } from '../errors/passalong-error.ts';
import { CrmUnavailable } from '../crm/errors.ts';
import { checkDefinition } from './check-definition.ts';
import { ProgramInvalid, programNotFound } from './program-errors.ts';
import { findProgram, insertVersion } from './programs-store.ts';
import { checkWithAccounts, notChecked, type ProgramDeps, type SavedProgram, otherCurrencies } from './save-program.ts';

/**
 * Makes the draft decide. Stricter than saving: when the CRM cannot be asked, pipelines as last read will do, but a
 * property that was never seen does not pass unchecked, and the CRM's own error is raised (retry later).
 */
export async function publishProgram(
  deps: ProgramDeps,
  workspaceId: string,
  input: { readonly actor: string; readonly programId: string },
): Promise<SavedProgram> {
  const { actor, programId } = input;
  const program = await findProgram(deps.database, workspaceId, programId);
  if (!program) throw programNotFound(programId);
  // Saving gave every rule an id.
  const draft = program.draft as ProgramDefinition;
  const check = await checkWithAccounts(deps, workspaceId, draft);
  const problems = [...checkDefinition(draft), ...check.problems, ...(await otherCurrencies(deps, workspaceId, draft))];
  if (problems.length > 0) throw new ProgramInvalid(problems);
  const blind = check.unchecked.find(({ missing }) => missing);
  if (blind) throw asCrmError(blind.cause);
  // No CRM is called while the workspace is held; the row version proves that what was checked is what is published.
  const published = await insertVersion(deps.database, workspaceId, {
    programId,
    actor,
    now: new Date(deps.clock.now()),
    rowVersion: program.rowVersion,
  });
  return { ...published, warnings: check.unchecked.map(({ account }) => notChecked(account)) };
}

function asCrmError(cause: unknown): PassalongError {
  if (cause instanceof PassalongError) return cause;
  return new CrmUnavailable(
    'The CRM did not answer, so the rules could not be checked against the account.',
    null,
    cause,
  );
}
