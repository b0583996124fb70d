import { crmOfField } from '../../../shared/crm-fields.ts';
import { dealWordsOf, stageEnteredField } from '../../../shared/deal-words.ts';
import {
  isStageRule,
  type DealStageRule,
  type ProgramDefinition,
  type RewardRule,
  type RuleStatus,
} from '../../../shared/program-definition.ts';
import type { ReferralStatus } from '../../../shared/referral-status.ts';
import { evaluateRules } from '../qualification/evaluate-rules.ts';
import type { DealView, Subject } from '../qualification/subject.ts';
import { applyVerdict } from '../referrals/apply-verdict.ts';
import { earnedRewards, type EarnedReward, type EarnedRewardsInput, type WaitingReward } from './earned-rewards.ts';

/** What one reward rule will pay, or why that cannot be said yet. */
export type ExpectedReward = {
  readonly rule: RewardRule;
  /** The referral stands there already; only the amount is missing. */
  readonly reached: boolean;
} & (
  | { readonly earned: EarnedReward; readonly because: null }
  | { readonly earned: null; readonly because: WaitingReward['because'] }
);

export type ExpectedRewardsInput = {
  readonly definition: Pick<ProgramDefinition, 'rules' | 'rewardRules' | 'decisions'>;
  readonly status: ReferralStatus;
  readonly subject: Subject;
  /** The deal that is to decide. */
  readonly dealId: string;
  readonly workspaceCurrency: string;
  readonly now: Date;
};

const RANK = { denied: -1, pending: 0, qualified: 1, approved: 2 } as const;

type Situation = Pick<EarnedRewardsInput, 'status' | 'verdict' | 'subject'>;

/**
 * What the program's reward rules pay if this deal goes the whole way as it is now: it is moved in thought into the stage
 * of each milestone ahead, and each time the very code decides that will decide then. A milestone only a contact property
 * gives is taken as given without a deal to its credit. Rules of a milestone nothing leads to are left out.
 */
export function expectedRewards(input: ExpectedRewardsInput): readonly ExpectedReward[] {
  const found = new Map<string, ExpectedReward>();
  for (const situation of situationsAhead(input)) {
    const { rewardRules } = input.definition;
    const { earned, waiting } = earnedRewards({ ...input, ...situation, rewardRules });
    const ruleOf = new Map(rewardRules.map((rule) => [rule.id, rule]));
    const note = (id: string, reward: Pick<ExpectedReward, 'earned' | 'because'>): void => {
      const rule = ruleOf.get(id);
      // The ledger keeps the first amount, so the first one counts here too.
      if (!rule || found.get(id)?.earned) return;
      found.set(id, { rule, reached: RANK[input.status] >= RANK[rule.onStatus], ...reward } as ExpectedReward);
    };
    for (const reward of earned) note(reward.rewardRuleId, { earned: reward, because: null });
    for (const { rewardRuleId, because } of waiting) note(rewardRuleId, { earned: null, because });
  }
  return input.definition.rewardRules.flatMap(({ id }) => found.get(id) ?? []);
}

function situationsAhead(input: ExpectedRewardsInput): Situation[] {
  const present = decide(input, input);
  const situations = [present];
  let last = present;
  for (const milestone of ['qualified', 'approved'] as const) {
    if (RANK[last.status] >= RANK[milestone]) continue;
    const next = reach(milestone, last, input);
    if (next === null) continue;
    situations.push(next);
    last = next;
  }
  return situations;
}

function reach(milestone: RuleStatus, from: Situation, input: ExpectedRewardsInput): Situation | null {
  const rules = input.definition.rules.filter(({ enabled, status }) => enabled && status === milestone);
  const deal = from.subject.deals.find(({ recordId }) => recordId === input.dealId);
  const way = rules.filter(isStageRule).find(({ field }) => (deal?.crm ?? crmOfField(field)) === crmOfField(field));
  if (deal && way) {
    const moved = moveInto(deal, way, input.now);
    const deals = from.subject.deals.map((other) => (other === deal ? moved : other));
    return decide({ status: from.status, subject: { ...from.subject, deals } }, input);
  }
  if (rules.length === 0) return null;
  return { ...from, status: milestone, verdict: { ...from.verdict, decidingRecord: null } };
}

function moveInto(deal: DealView, { field, pipelineId, values: [stage = ''] }: DealStageRule, now: Date): DealView {
  const at = now.toISOString();
  const moved = { [dealWordsOf(field).pipeline]: pipelineId, [field]: stage, [stageEnteredField(field, stage)]: at };
  const values = { ...deal.values, ...moved };
  return { ...deal, values, modifiedAt: at };
}

function decide(from: Pick<Situation, 'status' | 'subject'>, { definition }: ExpectedRewardsInput): Situation {
  const { status, subject } = from;
  const { rules, decisions: settings } = definition;
  const verdict = evaluateRules({ rules, settings, subject });
  const outcome = applyVerdict({ current: status, verdict, settings });
  return { status: outcome.changed ? outcome.to : status, verdict, subject };
}
