import type { ReferralFacts } from '../../capture/capture-subject.ts';
import type { IntegrityCheck, IntegrityFinding } from '../../capture/integrity.ts';
import type { Objection } from '../../capture/objection.ts';
import { CAPTURE_TRIGGER, type NewEntry } from '../../ingest/entries-store.ts';
import type { CaptureOutcome } from './capture-outcome.ts';
import type { PlannedPerson } from './plan-people.ts';

/** Until the rules speak about it. */
export const ACCEPTED_REASON = 'A person accepted this referral; waiting for the first milestone';

/** Names nobody, as every sentence of an entry: the referral has the names, and they can be erased there. */
const FOUND: Readonly<Record<IntegrityCheck, string>> = {
  selfReferral: 'friend and advocate look like one person',
  sameCompany: 'friend and advocate work at the same company',
  ownDeal: 'the advocate is the owner of the friend’s records in the CRM',
  existingCustomer: 'the friend was a customer before the referral',
  openDeal: 'sales had an open deal with the friend before the referral',
};

const SHARED: Readonly<Record<string, string>> = {
  contact: 'friend and advocate are one contact in the CRM',
  address: 'friend and advocate share an e-mail address',
  mailbox: 'friend and advocate share a mailbox',
  phone: 'friend and advocate share a phone number',
};

/** The sentence on a referral that is denied or waits because of what the CRM knows. */
export function objectionReason({ policy, because, findings }: Objection, facts: ReferralFacts): string {
  const { graceMinutes } = facts.program.definition.capture.duplicates;
  const found = findings.filter((finding) => finding.policy === policy).map(foundText);
  const known = because === 'existing_contact';
  if (policy === 'review') {
    const wasThere = known ? ['this person was in the CRM before they were referred'] : [];
    return `Waiting for review: ${[...wasThere, ...found].join('; ')}`;
  }
  if (!known) return `Not accepted by this program: ${found.join('; ')}`;
  const wasThere = `Not a new person: the contact was in the CRM more than ${graceMinutes} minutes before the referral`;
  return [wasThere, ...found].join('; ');
}

function foundText({ check, evidence: [first] }: IntegrityFinding): string {
  return (check === 'selfReferral' && first && 'shared' in first ? SHARED[first.shared] : null) ?? FOUND[check];
}

/** What a person is asked, so that it is asked once: about the contact that was there, or the first thing that was found. */
function reviewKey({ because, findings }: Objection): string {
  return because === 'integrity' ? `integrity:${findings[0]?.check ?? ''}` : because;
}

/**
 * What is kept of a capture for people to see: denials, reviews, refusals and fields that were left out. An ordinary
 * capture needs no entry.
 */
export function captureEntries(
  { person, plan, facts }: PlannedPerson,
  outcome: CaptureOutcome,
  connectionId: string,
): Omit<NewEntry, 'id'>[] {
  if (facts === null) return [];
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
  const objected = plan.do === 'deny' || plan.do === 'review' ? [objectionEntry(plan.objection, facts)] : [];
  const failed = failure(outcome, plan);
  return [...objected, ...(failed ? [failed] : [])].map((entry) => ({ ...common, ...entry }));
}

type Said = Pick<NewEntry, 'state' | 'reasonCode' | 'reason' | 'trace' | 'reviewKey'>;

function objectionEntry(objection: Objection, facts: ReferralFacts): Said {
  const { policy, because, existing, findings, referredAt, clockOffsetMs } = objection;
  const integrity = findings.length > 0 ? { integrity: { referredAt, clockOffsetMs, findings } } : {};
  return {
    state: policy === 'deny' ? 'processed' : 'review',
    reasonCode: because,
    reason: objectionReason(objection, facts),
    trace: { ...(existing ? { existing } : {}), ...integrity },
    ...(policy === 'review' ? { reviewKey: reviewKey(objection) } : {}),
  };
}

function failure({ refusal, left }: CaptureOutcome, plan: PlannedPerson['plan']): Said | null {
  if (refusal) {
    const { message, fields, code } = refusal;
    return {
      state: 'failed',
      reasonCode: plan.do === 'taken' ? 'contact_of_another' : 'contact_refused',
      reason: `The CRM refused the friend’s contact. ${message}`,
      trace: { refusal: { code, message, fields } },
    };
  }
  if (left.length === 0) return null;
  const reason = `The contact was written without ${left.join(', ')}: the CRM has no such field or owner any more, or lets nobody write it`;
  return { state: 'failed', reasonCode: 'fields_unwritable', reason, trace: { fields: left } };
}
