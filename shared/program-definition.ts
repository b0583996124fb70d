import { CAPTURE_DEFAULTS, type CaptureSettings } from './capture-settings.ts';
import { ENROLMENT_DEFAULTS, type EnrolmentSettings } from './enrolment-settings.ts';
import { PAGE_DEFAULTS, type PageSettings } from './page-settings.ts';

/** What revops configure: published as an immutable version, and every decision names the version it used. */
export type RuleStatus = 'qualified' | 'approved';

type RuleBase = {
  /** Stable across versions, so that history can be compared. */
  readonly id: string;
  /** The status a referral reaches when the rule is met. */
  readonly status: RuleStatus;
  readonly enabled: boolean;
};

/** Met when the friend's contact holds any of the values (internal values, never labels). */
export type ContactPropertyRule = RuleBase & {
  readonly object: 'contact';
  readonly field: string;
  readonly operator: 'any_of';
  readonly values: readonly string[];
};

/** Met when a deal of the friend has reached any of the stages of one pipeline (stage ids, never labels). */
export type DealStageRule = RuleBase & {
  readonly object: 'deal';
  readonly field: 'dealstage';
  readonly operator: 'any_of';
  readonly pipelineId: string;
  readonly values: readonly string[];
};

export type QualificationRule = ContactPropertyRule | DealStageRule;

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
};

/** What a new program starts with, besides its name, its rules and its rewards. */
export const NEW_PROGRAM_SETTINGS = {
  enrolment: ENROLMENT_DEFAULTS,
  capture: CAPTURE_DEFAULTS,
  page: PAGE_DEFAULTS,
} as const satisfies Partial<ProgramDefinition>;
