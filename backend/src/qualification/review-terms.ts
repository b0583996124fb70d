import type { DecisionSettings } from '../../../shared/decision-settings.ts';

/** Who is told of a new review, and when the program's setting answers it; null: never. */
export type ReviewTerms = { readonly notify: boolean; readonly reviewDueAt: Date | null };

type Settings = Pick<DecisionSettings, 'notifyReview' | 'reviewTimeout'>;

const DAY_MS = 86_400_000;

export function reviewTerms({ notifyReview, reviewTimeout }: Settings, now: Date): ReviewTerms {
  const { policy, afterDays } = reviewTimeout;
  return { notify: notifyReview, reviewDueAt: policy === 'stay' ? null : dueAfter(afterDays, now) };
}

/**
 * Of a question which one of several is meant. Time says no where all of the programs would have it, and never yes: nobody
 * would have said to which.
 */
export function termsOfSeveral(settings: readonly Settings[], now: Date): ReviewTerms {
  const denies = settings.length > 0 && settings.every(({ reviewTimeout }) => reviewTimeout.policy === 'deny');
  const days = Math.max(...settings.map(({ reviewTimeout }) => reviewTimeout.afterDays));
  return {
    notify: settings.some(({ notifyReview }) => notifyReview),
    reviewDueAt: denies ? dueAfter(days, now) : null,
  };
}

function dueAfter(days: number, now: Date): Date {
  return new Date(now.getTime() + days * DAY_MS);
}
