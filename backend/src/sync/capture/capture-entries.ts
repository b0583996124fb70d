import type { ReferralFacts } from '../../capture/capture-subject.ts';
import { CAPTURE_TRIGGER, type NewEntry } from '../../ingest/entries-store.ts';
import type { CaptureOutcome } from './capture-outcome.ts';
import type { PlannedPerson } from './plan-people.ts';

export const REVIEW_REASON = 'Waiting for review: this person was in the CRM before they were referred';

/** Until the rules speak about it. */
export const ACCEPTED_REASON = 'A person accepted this referral; waiting for the first milestone';

/** The sentence on a referral that is denied because the CRM knew the friend. */
export function existingReason(facts: ReferralFacts): string {
  const { graceMinutes } = facts.program.definition.capture.duplicates;
  return `Not a new person: the contact was in the CRM more than ${graceMinutes} minutes before the referral`;
}

/**
 * What is kept of a capture for people to see: denials, reviews, refusals and fields that were left out. An ordinary
 * capture needs no entry. Names stay out of its sentence: the referral has them, and they can be erased there.
 */
export function captureEntry(
  { person, plan, facts }: PlannedPerson,
  outcome: CaptureOutcome,
  connectionId: string,
): Omit<NewEntry, 'id'> | null {
  if (facts === null) return null;
  const common = {
    trigger: { kind: CAPTURE_TRIGGER, referralId: facts.referralId, attempts: person.attempts + 1 },
    programId: facts.program.id,
    programVersion: facts.program.version,
    referralId: facts.referralId,
    connectionId,
    objectType: 'contact',
    recordId: outcome.recordId,
    input: { referralId: facts.referralId },
  };
  if (outcome.refusal) {
    const { message, fields, code } = outcome.refusal;
    return {
      ...common,
      state: 'failed',
      reasonCode: plan.do === 'taken' ? 'contact_of_another' : 'contact_refused',
      reason: `The CRM refused the friend’s contact. ${message}`,
      trace: { refusal: { code, message, fields } },
    };
  }
  if (plan.do === 'deny') {
    const trace = { existing: plan.evidence };
    return { ...common, state: 'processed', reasonCode: 'existing_contact', reason: existingReason(facts), trace };
  }
  if (plan.do === 'review') {
    const trace = { existing: plan.evidence };
    return { ...common, state: 'review', reasonCode: 'existing_contact', reason: REVIEW_REASON, trace };
  }
  if (outcome.left.length > 0) {
    const reason = `The contact was written without ${outcome.left.join(', ')}: the CRM has no such field or owner any more, or lets nobody write it`;
    return { ...common, state: 'failed', reasonCode: 'fields_unwritable', reason, trace: { fields: outcome.left } };
  }
  return null;
}
