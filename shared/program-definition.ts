import { CAPTURE_DEFAULTS, type CaptureSettings } from './capture-settings.ts';
import { isStageField } from './deal-words.ts';
import { DECISION_DEFAULTS, type DecisionSettings } from './decision-settings.ts';
import { ENROLMENT_DEFAULTS, type EnrolmentSettings } from './enrolment-settings.ts';
import { INTEGRITY_DEFAULTS, type IntegritySettings } from './integrity-settings.ts';
import { MATCHING_DEFAULTS, type MatchingSettings } from './matching-settings.ts';
import { PAGE_DEFAULTS, type PageSettings } from './page-settings.ts';

/** What revops configure: published as an immutable version, and every decision names the version it used. */
export type RuleStatus = 'qualified' | 'approved';

/** `at_least`: a number at or above one value. `at_or_after`: a stage, or any later one of its pipeline that is not lost. */
export type RuleOperator = 'any_of' | 'at_least' | 'at_or_after';

type RuleBase = {
  /** Stable across versions, so that history can be compared. */
  readonly id: string;
  /** The status a referral reaches when the rule is met. */
  readonly status: RuleStatus;
  readonly enabled: boolean;
  /** Of several rules that give one status, the lowest number is the one that decides. */
  readonly priority: number;
  /** Internal name of the CRM field, never its label. */
  readonly field: string;
  readonly operator: RuleOperator;
  /** Internal values, stage ids or one decimal string; never labels. */
  readonly values: readonly string[];
};

/** Met by a property of the friend's contact or lead, or of the company that contact belongs to. */
export type PropertyRule = RuleBase & { readonly object: 'contact' | 'lead' | 'company' };

/** Met by a deal of the friend: by its stage in one pipeline, or by any other property. */
export type DealRule = RuleBase & {
  readonly object: 'deal';
  /** Of a rule on the stage; null of a rule on another property. */
  readonly pipelineId: string | null;
  /** Written when the rule is saved, from the order the pipeline has then: a decision never asks for it again. */
  readonly stages?: {
    /** Being in one of these meets the rule. */
    readonly reached: readonly string[];
    /** A deal that reached one of those and stands in one of these still meets it. */
    readonly kept: readonly string[];
    /**
     * All stages the pipeline had then: a deal in one that was added since did not go back. (Default: the pipeline never
     * had others)
     */
    readonly known?: readonly string[];
  };
};

export type DealStageRule = DealRule & { readonly pipelineId: string };

export type QualificationRule = PropertyRule | DealRule;

export function isStageRule(rule: QualificationRule): rule is DealStageRule {
  return rule.object === 'deal' && isStageField(rule.field);
}

/** Where the sale value of a percent reward is read (RF-42). */
export type SaleValueSource = { readonly object: 'contact' | 'deal'; readonly field: string };

type RewardRuleBase = {
  /** Stable across versions: part of the key that makes a reward unique. */
  readonly id: string;
  readonly recipient: 'advocate';
  readonly onStatus: RuleStatus;
  /** Manual: somebody approves each reward. Automatic: approved as soon as it is earned. (Default: manual) */
  readonly approval: 'manual' | 'automatic';
};

export type FixedRewardRule = RewardRuleBase & {
  readonly kind: 'fixed';
  /** Decimal string in major units, such as "25.00". */
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
};

export type PercentRewardRule = RewardRuleBase & {
  readonly kind: 'percent';
  /** Decimal string, above 0 and at most 100, such as "12.5". */
  readonly percent: string;
  readonly saleValue: SaleValueSource;
};

export type RewardRule = FixedRewardRule | PercentRewardRule;

export type ProgramDefinition = {
  readonly name: string;
  /** Where a friend who opens a link is sent; null: to the program's own sign-up page. */
  readonly landingUrl: string | null;
  readonly rules: readonly QualificationRule[];
  readonly rewardRules: readonly RewardRule[];
  readonly enrolment: EnrolmentSettings;
  readonly capture: CaptureSettings;
  readonly page: PageSettings;
  readonly decisions: DecisionSettings;
  readonly matching: MatchingSettings;
  readonly integrity: IntegritySettings;
};

/** What a new program starts with, besides its name, its rules and its rewards. */
export const NEW_PROGRAM_SETTINGS = {
  enrolment: ENROLMENT_DEFAULTS,
  capture: CAPTURE_DEFAULTS,
  page: PAGE_DEFAULTS,
  decisions: DECISION_DEFAULTS,
  matching: MATCHING_DEFAULTS,
  integrity: INTEGRITY_DEFAULTS,
} as const satisfies Partial<ProgramDefinition>;
