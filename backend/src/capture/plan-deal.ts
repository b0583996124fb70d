import type { FieldValues } from '../crm/port.ts';
import type { ReferralFacts } from './capture-subject.ts';
import { displayName } from './map-values.ts';

export type DealPlan =
  | { readonly do: 'create' }
  | { readonly do: 'attach'; readonly dealId: string }
  /** The deal of this referral is there: nothing to do. */
  | { readonly do: 'keep'; readonly dealId: string }
  /** Several could be meant; a person must say which (E3). */
  | { readonly do: 'review'; readonly dealIds: readonly string[] }
  /** Whether the referral counts is not known yet: another account, or a person, has the word. */
  | { readonly do: 'wait' }
  | { readonly do: 'nothing' };

export type DealOnContact = { readonly id: string; readonly values: FieldValues };

export type DealFieldNames = { readonly referralId: string; readonly pipeline: string; readonly closed: string };

export type PlanDealInput = {
  readonly facts: ReferralFacts;
  /** The deals the friend's contact has, as read now. */
  readonly deals: readonly DealOnContact[];
  readonly fields: DealFieldNames;
};

/** Decides what becomes of the referral's deal (C9): pure, from the program's policy and the contact's deals. */
export function planDeal({ facts, deals, fields }: PlanDealInput): DealPlan {
  const { deal } = facts.program.definition.capture;
  if (deal.policy === 'await' || facts.status === 'denied') return { do: 'nothing' };
  if (facts.heldFor !== null) return { do: 'wait' };
  const own = deals.find(({ values }) => values[fields.referralId] === facts.referralId);
  if (own) return { do: 'keep', dealId: own.id };
  if (deal.policy === 'create') return { do: 'create' };
  const open = deals.filter(
    ({ values }) =>
      values[fields.pipeline] === deal.pipelineId &&
      values[fields.closed] !== 'true' &&
      // A deal that is another referral's stays that one's.
      (values[fields.referralId] ?? '') === '',
  );
  const [only, second] = open;
  if (!only) return { do: 'create' };
  return second ? { do: 'review', dealIds: open.map(({ id }) => id) } : { do: 'attach', dealId: only.id };
}

const MAX_NAME = 255;

/** The deal's name: the program's template with its words in braces replaced. */
export function dealName(facts: ReferralFacts): string {
  const words: Readonly<Record<string, string>> = {
    friend: displayName(facts.friend),
    advocate: displayName(facts.advocate),
    program: facts.program.definition.name,
  };
  const name = facts.program.definition.capture.deal.name.replace(
    /\{(friend|advocate|program)\}/g,
    (whole, word: string) => words[word] ?? whole,
  );
  return name.slice(0, MAX_NAME);
}
