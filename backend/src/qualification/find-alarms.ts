import { isStageRule, type DealStageRule, type ProgramDefinition } from '../../../shared/program-definition.ts';
import type { Pipeline } from '../crm/port.ts';
import type { AccountFacts } from './account-facts.ts';
import { checkAccountDecisions } from './check-account-decisions.ts';
import { checkAccountRules } from './check-account-rules.ts';
import { problem, type FieldProblem } from './check-problem.ts';
import { addedStages, expandStages, followsOrder } from './stage-order.ts';

/**
 * What a published definition names and the account does not have any more (E11): a stage, an option or a property that
 * went, a type that changed, a pipeline in another order. A new label is none of these. Rules that are off say nothing.
 */
export function findAlarms(definition: ProgramDefinition, facts: AccountFacts): readonly FieldProblem[] {
  const { rules } = definition;
  const off = rules.flatMap(({ enabled }, index) => (enabled ? [] : [`rules.${String(index)}.`]));
  const gone = [...checkAccountRules(definition, facts), ...checkAccountDecisions(definition, facts)];
  const reordered = rules.flatMap((rule, index) =>
    isStageRule(rule) ? checkOrder(rule, `rules.${String(index)}.stages`, facts.pipelines) : [],
  );
  return [...gone, ...reordered].filter(({ path }) => !off.some((start) => path.startsWith(start)));
}

/** Of a rule whose own stages are all there: one that is gone is told as such. */
function checkOrder(rule: DealStageRule, path: string, pipelines: readonly Pipeline[] | null): FieldProblem[] {
  const pipeline = pipelines?.find(({ id }) => id === rule.pipelineId);
  const areThere = rule.values.every((value) => pipeline?.stages.some(({ id }) => id === value));
  if (!pipeline || !areThere || followsOrder(rule, pipeline)) return [];
  return problem(path, 'stages_outdated', {
    message: `The stages of the pipeline ${pipeline.label} changed since the program was published. ${orderText(rule, pipeline)}`,
    remedy:
      'Publish the program again to take over the order of today, then re-evaluate if live referrals are to follow it.',
  });
}

function orderText(rule: DealStageRule, pipeline: Pipeline): string {
  const names = (ids: readonly string[]): string =>
    ids.map((id) => pipeline.stages.find((stage) => stage.id === id)?.label ?? id).join(', ');
  const [then, now] = [rule.stages?.kept ?? rule.values, expandStages(rule, pipeline).kept].map(names);
  const added = addedStages(rule, pipeline);
  return [
    `The rule goes on counting a deal in ${then ?? ''}`,
    then === now ? '.' : `; by the order of today it would be ${now ?? ''}.`,
    added.length === 0 ? '' : ` A deal in ${names(added)}, which was added since, keeps what it reached before.`,
  ].join('');
}
