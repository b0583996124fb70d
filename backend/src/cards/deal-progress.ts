import type { DealGoal, DealProgress } from '../../../shared/card-view.ts';
import { DEAL_WORDS } from '../../../shared/deal-words.ts';
import { DECISION_DEFAULTS } from '../../../shared/decision-settings.ts';
import {
  isStageRule,
  type DealStageRule,
  type PropertyRule,
  type QualificationRule,
} from '../../../shared/program-definition.ts';
import type { ReferralStatus } from '../../../shared/referral-status.ts';
import type { Pipeline } from '../crm/port.ts';
import { evaluateRules } from '../qualification/evaluate-rules.ts';
import { valueOf } from '../qualification/fields-to-read.ts';
import type { Labels } from '../qualification/explain.ts';
import type { DealView } from '../qualification/subject.ts';

export type DealProgressInput = {
  readonly deal: DealView;
  /** As last read from the account. */
  readonly pipelines: readonly Pipeline[];
  readonly labels: Labels;
  readonly rules: readonly QualificationRule[];
  readonly status: ReferralStatus;
  /** Several referred people are on the deal (E3). */
  readonly shared: boolean;
};

const RANK = { denied: -1, pending: 0, qualified: 1, approved: 2 } as const;

type Standing = DealProgressInput & {
  readonly pipelineId: string;
  readonly stageId: string;
  /** Of the deal's own pipeline, in order. */
  readonly stages: Pipeline['stages'];
  readonly currentIndex: number | null;
};

/** How far the deal is on the way the program's rules name; null while its stage is not known. */
export function dealProgress(input: DealProgressInput): DealProgress | null {
  const words = DEAL_WORDS[input.deal.crm ?? 'hubspot'];
  const stageId = valueOf(input.deal, words.stage)?.trim() ?? '';
  const pipelineId = valueOf(input.deal, words.pipeline)?.trim() ?? '';
  if (stageId === '') return null;
  const pipeline = input.pipelines.find(({ id }) => id === pipelineId);
  const stages = (pipeline?.stages ?? []).toSorted((a, b) => a.order - b.order);
  const standing = { ...input, pipelineId, stageId, stages, currentIndex: indexIn(stages, stageId) };
  const goals = goalsOf(standing);
  return {
    pipeline: pipeline?.label || pipelineId,
    stages: stages.map(({ id, label }) => label || id),
    currentIndex: standing.currentIndex,
    goals: goals.map(({ goal }) => goal),
    text: progressText(standing, goals),
  };
}

/** How far the deal is does not depend on when it got there. */
const AS_IT_STANDS = { ...DECISION_DEFAULTS, alreadyMet: 'qualify' } as const;

type RuleGoal = { readonly goal: DealGoal; readonly rule: DealStageRule };

function goalsOf({ rules, deal, status, labels, pipelineId, stages }: Standing): RuleGoal[] {
  const { trace } = evaluateRules({ rules, settings: AS_IT_STANDS, subject: { contacts: [], deals: [deal] } });
  const passed = new Set(trace.filter((step) => step.passed).map(({ ruleId }) => ruleId));
  const goals = rules.flatMap((rule): RuleGoal[] => {
    if (!rule.enabled || !isStageRule(rule)) return [];
    const here = rule.pipelineId.trim() === pipelineId;
    const indices = rule.values.flatMap((id) => (here ? (indexIn(stages, id.trim()) ?? []) : []));
    const goal: DealGoal = {
      status: rule.status,
      stage: rule.values.map((id) => labels.stage(rule.pipelineId.trim(), id.trim()) || id.trim()).join(' or '),
      stageIndex: indices.length === 0 ? null : Math.min(...indices),
      reached: RANK[status] >= RANK[rule.status] || passed.has(rule.id),
    };
    return [{ goal, rule }];
  });
  return goals.sort((a, b) => RANK[a.goal.status] - RANK[b.goal.status] || position(a.goal) - position(b.goal));
}

function position({ stageIndex }: DealGoal): number {
  return stageIndex ?? Number.MAX_SAFE_INTEGER;
}

function indexIn(stages: Pipeline['stages'], stageId: string): number | null {
  const index = stages.findIndex(({ id }) => id === stageId);
  return index < 0 ? null : index;
}

function progressText(standing: Standing, goals: readonly RuleGoal[]): string {
  const { status, shared, rules, labels } = standing;
  if (status === 'denied') return 'This referral was denied, so the deal counts for nothing';
  if (shared) return 'Several referred people are on this deal: somebody has to decide';
  const open = goals.filter(({ goal }) => !goal.reached);
  const dealText = open.length > 0 ? wayText(standing, nearest(standing, open)) : reachedText(goals);
  const contactTexts = rules.flatMap((rule) => {
    const isAhead = rule.enabled && rule.object === 'contact' && RANK[rule.status] > RANK[status];
    return isAhead ? [contactText(rule, labels)] : [];
  });
  const parts = [...(dealText === null ? [] : [dealText]), ...contactTexts];
  return parts.length === 0 ? 'No stage of this deal counts in this program' : parts.join('; ');
}

/** The goal the deal comes to first from where it stands, else the first one there is. */
function nearest({ currentIndex }: Standing, open: readonly RuleGoal[]): RuleGoal {
  const ahead = open.filter(({ goal: { stageIndex } }) => stageIndex !== null && stageIndex > (currentIndex ?? -1));
  const [first] = ahead.toSorted((a, b) => position(a.goal) - position(b.goal));
  return first ?? (open[0] as RuleGoal);
}

function wayText({ currentIndex, pipelineId, pipelines }: Standing, { goal, rule }: RuleGoal): string {
  const { stage, stageIndex } = goal;
  if (rule.pipelineId.trim() !== pipelineId) {
    const other = pipelines.find(({ id }) => id === rule.pipelineId.trim())?.label || rule.pipelineId;
    return `Counts once it reaches ${stage} in the pipeline ${other}`;
  }
  if (stageIndex === null || currentIndex === null || stageIndex <= currentIndex) {
    return `Counts once it reaches ${stage}`;
  }
  const left = stageIndex - currentIndex;
  return `${String(left)} ${left === 1 ? 'stage' : 'stages'} to go until ${stage}`;
}

function reachedText(goals: readonly RuleGoal[]): string | null {
  const last = goals.at(-1);
  return last ? `${last.goal.status === 'approved' ? 'Approved' : 'Qualified'}: ${last.goal.stage} is reached` : null;
}

function contactText({ field, values, status }: PropertyRule, labels: Labels): string {
  const name = labels.field('contact', field) ?? field;
  const wanted = values.map((value) => labels.option('contact', field, value.trim()) ?? value).join(' or ');
  return `${status === 'approved' ? 'Approved' : 'Qualifies'} when ${name} becomes ${wanted}`;
}
