import type { ReferralFacts } from '../../capture/capture-subject.ts';
import type { DealPlan } from '../../capture/plan-deal.ts';
import type { DealToEnsure } from '../outbox-store.ts';

export type PlannedDeal = {
  readonly item: DealToEnsure;
  readonly facts: ReferralFacts;
  readonly contactId: string;
  readonly plan: DealPlan;
};
