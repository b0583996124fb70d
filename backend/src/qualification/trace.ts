import type { QualificationRule, RuleOperator } from '../../../shared/program-definition.ts';

export type RuleObject = QualificationRule['object'];
export type RuleStatus = QualificationRule['status'];

/** Why a fact that would meet its rule waits for a person: it stood there before (E12), or the deal is shared (E3). */
export type HoldKind = 'already_there' | 'several_referred_contacts';

/** What a person said about a question. */
export type Answer = 'counts' | 'does_not_count';

/** By the question's key. */
export type Answers = ReadonlyMap<string, Answer>;

export const NO_ANSWERS: Answers = new Map();

/** One fact a rule looked at, with everything needed to judge it again later. */
export type SeenValue = {
  readonly objectType: RuleObject;
  readonly recordId: string;
  /** As the CRM stated it; for `stage_entered` the id of the stage. */
  readonly value: string | null;
  /** `stage_entered`: not where the deal stands now, but the CRM says when it was there. */
  readonly source: 'current_value' | 'stage_entered';
  /** The CRM's own time of the record's last change, ISO 8601. */
  readonly at: string;
  /** When the deal entered the stage, ISO 8601; absent when the CRM does not say. */
  readonly enteredAt?: string;
  /** `stage_entered`: where the deal stands now. */
  readonly standsIn?: string | null;
  /** Deals only: the pipeline the deal is in. */
  readonly pipelineId?: string | null;
  /** Deals only, and only when there are any: who else on the deal was referred in this program. */
  readonly otherReferredContactIds?: readonly string[];
  /** Deals with several contacts only: how many. */
  readonly contactCount?: number;
  /** Deals that are shared only: whether the friend was referred first of all on it. */
  readonly isFirst?: boolean;
  /** Deals only: whether the friend is its primary contact; null when nobody is. Absent when it was not asked. */
  readonly isPrimary?: boolean | null;
  /** It was so before the referral; or, where that came under other rules since, before the rules changed. */
  readonly heldBefore?: 'referral' | 'rules';
  /** Denied referrals only: it entered the stage before the denial, so that whoever denied it had it before them. */
  readonly deniedSince?: true;
  /** The other CRM has such a record of the friend's, too, and is the authority about it (G4). */
  readonly overruledBy?: 'hubspot' | 'salesforce';
  /** What a person said about this fact. */
  readonly answers?: Readonly<Partial<Record<HoldKind, Answer>>>;
};

/** What kept a rule from being met, the nearest miss first. */
export type MissingReason =
  | HoldKind
  | 'rejected_by_person'
  | 'denied_since'
  | 'not_primary'
  | 'earlier_attribution'
  | 'other_crm_decides'
  | 'left_stage'
  | 'nearly'
  | 'below'
  | 'value_differs'
  | 'other_pipeline'
  | 'no_record';

/** One enabled rule as it was tried. `passed`, `missing` and `held` follow from the rest (`verdictFromTrace`). */
export type TraceStep = {
  readonly ruleId: string;
  readonly status: RuleStatus;
  readonly priority: number;
  readonly object: RuleObject;
  readonly field: string;
  readonly operator: RuleOperator;
  readonly wanted: readonly string[];
  readonly pipelineId?: string;
  /** At most `MAX_SEEN`, what decides first; the same whatever order the records came in. */
  readonly seen: readonly SeenValue[];
  readonly passed: boolean;
  readonly missing: MissingReason | null;
  /** A person's answer would meet the rule. */
  readonly held: HoldKind | null;
};

/** A trace step with the facts and without the judgement. */
export type TraceFacts = Omit<TraceStep, 'passed' | 'missing' | 'held'>;

/** The record that decided. */
export type DecidingRecord = { readonly objectType: RuleObject; readonly recordId: string };

/** What a person is asked about one fact, and what the answer would give. */
export type Question = {
  readonly kind: HoldKind;
  /** The same question has the same key, however often it comes up. */
  readonly key: string;
  readonly status: RuleStatus;
  readonly ruleId: string;
  readonly record: DecidingRecord;
};

/** A decision with its reasons; plain JSON. */
export type Verdict = {
  readonly status: 'pending' | RuleStatus;
  /** What it would be if every open question were answered with yes. */
  readonly heldStatus: 'pending' | RuleStatus;
  readonly decidingRuleId: string | null;
  readonly decidingRecord: DecidingRecord | null;
  /** When the CRM says it was reached, ISO 8601: the stage-entered time, else the record's last change. */
  readonly reachedAt: string | null;
  /** The one that would raise the status most. */
  readonly question: Question | null;
  readonly trace: readonly TraceStep[];
};

/** Seen values kept per rule: an entry is kept for ever, and nobody reads more. */
export const MAX_SEEN = 20;

export const STATUS_RANK = { pending: 0, qualified: 1, approved: 2 } as const;

/** What a rule asks of which records, and for what. */
export type AskingRule = Pick<
  TraceFacts,
  'ruleId' | 'status' | 'object' | 'field' | 'operator' | 'wanted' | 'pipelineId'
>;

/** Whose deal it is does not depend on the rule; whether something was there before, or undoes a denial, does. */
export function questionKey(
  kind: HoldKind | 'denied_meets_rule',
  rule: AskingRule,
  { objectType, recordId }: DecidingRecord,
): string {
  const about = kind === 'several_referred_contacts' ? '' : `${rule.ruleId}:${fingerprint(rule)}:`;
  return `${kind}:${about}${objectType}:${recordId}`;
}

/** An answer is about the rule as it was: one that is edited and keeps its id asks anew. */
function fingerprint({ status, object, field, operator, wanted, pipelineId = '' }: AskingRule): string {
  const text = JSON.stringify([status, object, field, operator, [...wanted].sort(), pipelineId]);
  // FNV-1a: it only tells versions of one rule apart, and must be the same for ever.
  const hash = new TextEncoder().encode(text).reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193), 0x811c9dc5);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
