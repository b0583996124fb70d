import { isStageRule, type ProgramDefinition, type QualificationRule } from '../../../shared/program-definition.ts';
import { PassalongError } from '../errors/passalong-error.ts';
import { CRM_TITLES } from '../crm/crm-titles.ts';
import { CrmAuthorizationRevoked, CrmUnavailable } from '../crm/errors.ts';
import { checkDefinition } from './check-definition.ts';
import { problem, type FieldProblem } from './check-problem.ts';
import { ProgramInvalid, programNotFound } from './program-errors.ts';
import { findProgram, insertVersion } from './programs-store.ts';
import {
  checkWithAccounts,
  notChecked,
  otherCurrencies,
  rulesOf,
  type AccountCheck,
  type ProgramDeps,
  type SavedProgram,
} from './save-program.ts';
import { withStageOrder } from './stage-order.ts';

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
  const draft = { ...program.draft, rules: rulesOf(program.draft) } as ProgramDefinition;
  const check = await checkWithAccounts(deps, workspaceId, draft);
  const blind = check.unchecked.find(({ missing }) => missing);
  const rules = withStageOrder(draft.rules, { pipelines: check.pipelines, earlier: draft.rules });
  const problems = [
    ...checkDefinition(draft),
    ...check.problems,
    ...(await otherCurrencies(deps, workspaceId, draft)),
    ...(blind ? [] : orderUnknown(rules)),
  ];
  if (problems.length > 0) throw new ProgramInvalid(problems);
  if (blind) throw asCrmError(blind);
  // No CRM is called while the workspace is held; the row version proves that what was checked is what is published.
  const published = await insertVersion(deps.database, workspaceId, {
    programId,
    actor,
    now: new Date(deps.clock.now()),
    rowVersion: program.rowVersion,
    definition: { ...draft, rules },
  });
  return { ...published, warnings: check.unchecked.map(({ account }) => notChecked(account)) };
}

/** Nobody can say which stages lie behind another one in a pipeline that was never seen. */
function orderUnknown(rules: readonly QualificationRule[]): FieldProblem[] {
  return rules.flatMap((rule, index) =>
    isStageRule(rule) && rule.operator === 'at_or_after' && rule.stages === undefined
      ? problem(`rules.${String(index)}.pipelineId`, 'pipeline_order_unknown', {
          message: 'The order of the pipeline is not known, so nobody can say which stages lie behind this one.',
          remedy: 'Connect the CRM account first, or name each stage that counts with any_of.',
        })
      : [],
  );
}

/** A workspace may have several accounts: the message names the one that a person has to do something about. */
function asCrmError({ account, cause }: AccountCheck['unchecked'][number]): PassalongError {
  if (cause instanceof CrmAuthorizationRevoked) {
    const name = `${CRM_TITLES[account.crm]} account ${account.externalAccountId}`;
    const message = `The ${name} needs to be connected again before the program can be checked against it.`;
    return new CrmAuthorizationRevoked(message, cause.facts, cause);
  }
  if (cause instanceof PassalongError) return cause;
  return new CrmUnavailable(
    'The CRM did not answer, so the rules could not be checked against the account.',
    null,
    cause,
  );
}
