import { isStageRule, type DealStageRule, type QualificationRule } from '../../../shared/program-definition.ts';
import type { Pipeline, PipelineStage } from '../crm/port.ts';

export type Stages = NonNullable<DealStageRule['stages']>;

/**
 * Which stages meet a rule, and in which a deal that met it may stand without losing it: what lies behind the earliest one
 * of those, short of lost. A lost stage is in neither, unless the rule names it. Besides, which stages there are at all.
 */
export function expandStages({ operator, values }: DealStageRule, { stages }: Pick<Pipeline, 'stages'>): Stages {
  const live = inOrder(stages);
  const positions = values.map((value) => live.findIndex(({ id }) => id === value)).filter((at) => at >= 0);
  const onwards = positions.length === 0 ? [] : live.slice(Math.min(...positions)).filter(({ lost }) => !lost);
  const onwardIds = onwards.map(({ id }) => id);
  const reached = operator === 'at_or_after' ? union(values, onwardIds) : [...values];
  // Not in the order of the pipeline: moving a stage that no rule looks at is no change of the rule.
  return { reached, kept: union(reached, onwardIds), known: stages.map(({ id }) => id).sort() };
}

/** Two stages may stand at one place: then their ids tell, so that every reading gives the same. */
function inOrder(stages: readonly PipelineStage[]): PipelineStage[] {
  return [...stages].sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
}

function union(first: readonly string[], second: readonly string[]): string[] {
  return [...new Set([...first, ...second])];
}

export type StageOrderInput = {
  /** As the account has them now; null when nobody can say. */
  readonly pipelines: readonly Pipeline[] | null;
  /** Rules as they were kept before: what they say is used where the account cannot be asked. */
  readonly earlier: readonly QualificationRule[];
};

/** The rules with what each pipeline's order makes of them; whatever a request said about it is replaced. */
export function withStageOrder(
  rules: readonly QualificationRule[],
  { pipelines, earlier }: StageOrderInput,
): readonly QualificationRule[] {
  return rules.map((rule): QualificationRule => {
    if (rule.object !== 'deal') return rule;
    const { stages: _sent, ...plain } = rule;
    if (!isStageRule(plain)) return plain;
    const pipeline = pipelines?.find(({ id }) => id === plain.pipelineId);
    const stages = pipeline ? expandStages(plain, pipeline) : keptStages(plain, pipelines === null ? earlier : []);
    return stages ? { ...plain, stages } : plain;
  });
}

function keptStages(rule: DealStageRule, earlier: readonly QualificationRule[]): Stages | undefined {
  const same = earlier.find((other) => other.id === rule.id);
  if (!same || !isStageRule(same)) return undefined;
  const unchanged =
    same.pipelineId === rule.pipelineId && same.operator === rule.operator && sameTexts(same.values, rule.values);
  return unchanged ? same.stages : undefined;
}

/** Whether a stored rule still says what the pipeline's order makes of it. */
export function followsOrder(rule: DealStageRule, pipeline: Pick<Pipeline, 'stages'>): boolean {
  const now = expandStages(rule, pipeline);
  const { reached, kept } = rule.stages ?? { reached: rule.values, kept: now.kept };
  // Which stages they are counts, not the order they are listed in.
  return sameSet(reached, now.reached) && sameSet(kept, now.kept) && addedStages(rule, pipeline).length === 0;
}

/** Stages that came to the pipeline after the rule was kept: what a deal reached before it entered one still counts. */
export function addedStages({ stages: then }: DealStageRule, { stages }: Pick<Pipeline, 'stages'>): string[] {
  const known = then?.known;
  return known === undefined ? [] : stages.map(({ id }) => id).filter((id) => !known.includes(id));
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, at) => text === b[at]);
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return sameTexts([...new Set(a)].sort(), [...new Set(b)].sort());
}
