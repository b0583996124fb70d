import type { DecisionSettings } from '../../../shared/decision-settings.ts';
import { isStageRule, type DealStageRule, type QualificationRule } from '../../../shared/program-definition.ts';
import { meets } from './meets-rule.ts';
import type { HoldKind, MissingReason, SeenValue } from './trace.ts';

export type Judgement = {
  readonly word: 'met' | MissingReason;
  /** Set when a person's answer would make it `met`. */
  readonly held: HoldKind | null;
};

/** The nearest first: what a person could do something about comes before what only the CRM can change. */
const NEARNESS: readonly Judgement['word'][] = [
  'met',
  'several_referred_contacts',
  'already_there',
  'rejected_by_person',
  'denied_since',
  'not_primary',
  'earlier_attribution',
  'other_crm_decides',
  'left_stage',
  'nearly',
  'below',
  'value_differs',
  'other_pipeline',
];

export function nearness({ word }: Judgement): number {
  return NEARNESS.indexOf(word);
}

/** What one fact is worth to one rule. Depends on nothing but its arguments. */
export function judgeFact(rule: QualificationRule, fact: SeenValue, settings: DecisionSettings): Judgement {
  const reached = hasReached(rule, fact);
  if (reached !== 'met') return plain(reached);
  if (fact.overruledBy) return plain('other_crm_decides');
  if (fact.deniedSince) return plain('denied_since');
  const shared = judgeSharing(fact, settings);
  if (shared.word !== 'met' && shared.held === null) return shared;
  const age = judgeAge(fact, settings);
  // Whose deal it is, is not worth asking where it does not count anyway.
  return shared.word === 'met' || (age.word !== 'met' && age.held === null) ? age : shared;
}

function plain(word: Judgement['word']): Judgement {
  return { word, held: null };
}

function hasReached(rule: QualificationRule, fact: SeenValue): Judgement['word'] {
  if (isStageRule(rule) && fact.pipelineId?.trim() !== rule.pipelineId.trim()) return 'other_pipeline';
  const near = meets(rule, fact.value);
  if (near !== 'met' || fact.source === 'current_value' || !isStageRule(rule) || !rule.stages) return near;
  // E8: it was there, and it counts only as long as the deal went on from there and not back.
  return hasLeft(rule.stages, fact.standsIn?.trim() ?? '') ? 'left_stage' : 'met';
}

/** A stage that was added since may lie anywhere: nobody's reward is taken back for it before somebody looked (E11). */
function hasLeft({ kept, known }: NonNullable<DealStageRule['stages']>, stageId: string): boolean {
  const isAdded = stageId !== '' && known !== undefined && !known.includes(stageId);
  return !isAdded && !kept.includes(stageId);
}

/** E3, G12: whose deal it is. */
function judgeSharing(fact: SeenValue, { severalContacts }: DecisionSettings): Judgement {
  const answer = fact.answers?.several_referred_contacts;
  if (answer !== undefined) return plain(answer === 'counts' ? 'met' : 'rejected_by_person');
  const isShared = (fact.otherReferredContactIds?.length ?? 0) > 0;
  if (severalContacts === 'primary' && typeof fact.isPrimary === 'boolean') {
    return plain(fact.isPrimary ? 'met' : 'not_primary');
  }
  if (!isShared) return plain('met');
  if (severalContacts === 'exactly_one') return plain('several_referred_contacts');
  if (severalContacts === 'first_attribution' && fact.isFirst !== undefined) {
    return plain(fact.isFirst ? 'met' : 'earlier_attribution');
  }
  return { word: 'several_referred_contacts', held: 'several_referred_contacts' };
}

/** E12: what was so before the referral is nothing the advocate brought about. */
function judgeAge(fact: SeenValue, { alreadyMet }: DecisionSettings): Judgement {
  if (fact.heldBefore === undefined || alreadyMet === 'qualify') return plain('met');
  const answer = fact.answers?.already_there;
  if (answer !== undefined) return plain(answer === 'counts' ? 'met' : 'rejected_by_person');
  return { word: 'already_there', held: alreadyMet === 'review' ? 'already_there' : null };
}
