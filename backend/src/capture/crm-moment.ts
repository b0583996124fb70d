/** Clocks drift and are set between a referral and what comes of it: by so much two of their times may disagree. */
export const CLOCK_SLACK_MS = 5 * 60_000;

/** A day begins that much earlier than in UTC where it begins first: no zone is further ahead. */
export const FIRST_ZONE_AHEAD_MS = 14 * 60 * 60_000;

/** What the CRM's clock showed at a moment of ours; the same moment while nothing is known of its clock. */
export function onCrmClock(moment: Date, clockOffsetMs: number | null): Date {
  return new Date(moment.getTime() + (clockOffsetMs ?? 0));
}

/** Whether a record can have come of a referral, by when the CRM says it was created. */
export function madeSince(createdAt: Date, referredAtCrm: Date): boolean {
  return createdAt.getTime() >= referredAtCrm.getTime() - CLOCK_SLACK_MS;
}
