import type { CrmRecord } from '../crm/port.ts';
import type { ReferralFacts } from './capture-subject.ts';
import { madeSince, onCrmClock } from './crm-moment.ts';
import type { IntegrityFinding } from './integrity.ts';

export type ExistingEvidence = {
  readonly recordId: string;
  /** When the CRM says the contact was created, and what its clock showed when the friend was referred; ISO 8601. */
  readonly createdAt: string;
  readonly referredAt: string;
  /** By how much the CRM's clock was ahead of ours; null where that is not known, and then it counts as right. */
  readonly clockOffsetMs: number | null;
  readonly graceMinutes: number;
  /** The contact has their address without its plus tag. */
  readonly untagged?: true;
};

/** What speaks against a referral: the program ends it, or a person must say whether it counts. */
export type Objection = {
  readonly policy: 'deny' | 'review';
  /** What decided; of two that say the same, that the CRM knew them. */
  readonly because: 'existing_contact' | 'integrity';
  readonly existing: ExistingEvidence | null;
  readonly findings: readonly IntegrityFinding[];
  /** What the CRM's clock showed when the friend was referred, and by how much it was ahead of ours. */
  readonly referredAt: string;
  readonly clockOffsetMs: number | null;
};

export type ObjectionInput = {
  readonly facts: ReferralFacts;
  /** The contact that stands for this friend already; null when there is none. */
  readonly existing: CrmRecord | null;
  /** Where they have none, the contact with their address less its plus tag. */
  readonly untagged: CrmRecord | null;
  readonly findings: readonly IntegrityFinding[];
  /** The CRM's name of the field that holds our referral id. */
  readonly referralIdField: string;
  readonly clockOffsetMs: number | null;
};

/** The duplicate policy and the checks of integrity together: the strongest decides, and all evidence is kept. */
export function objectionTo(input: ObjectionInput): Objection | null {
  const known = existingPolicy(input);
  const policies = [...(known ? [known.policy] : []), ...input.findings.map(({ policy }) => policy)];
  if (policies.length === 0) return null;
  const policy = policies.includes('deny') ? 'deny' : 'review';
  const because = known?.policy === policy ? 'existing_contact' : 'integrity';
  return {
    policy,
    because,
    existing: known?.evidence ?? null,
    findings: input.findings,
    referredAt: onCrmClock(input.facts.referredAt, input.clockOffsetMs).toISOString(),
    clockOffsetMs: input.clockOffsetMs,
  };
}

function existingPolicy(input: ObjectionInput): { policy: 'deny' | 'review'; evidence: ExistingEvidence } | null {
  const { policy, graceMinutes } = input.facts.program.definition.capture.duplicates;
  const known = input.existing ?? input.untagged;
  if (known === null || (policy !== 'deny' && policy !== 'review')) return null;
  // A record that named the advocate itself was there, of course: its referral came from it (RR-36).
  if (input.facts.source === 'crm') return null;
  // That one is not "there before" (E6).
  if (input.existing !== null && isOurs(input.existing, input)) return null;
  const referredAt = onCrmClock(input.facts.referredAt, input.clockOffsetMs);
  if (policy === 'deny' && !isOlder(known, referredAt, graceMinutes)) return null;
  const evidence: ExistingEvidence = {
    recordId: known.id,
    createdAt: known.createdAt.toISOString(),
    referredAt: referredAt.toISOString(),
    clockOffsetMs: input.clockOffsetMs,
    graceMinutes,
    ...(input.existing === null ? { untagged: true as const } : {}),
  };
  return { policy, evidence };
}

/**
 * Made by our own earlier attempt, whose answer was lost. Our id alone does not say so, because it is written to older
 * contacts, too, once they are known as the friend's.
 */
export function isOurs(
  { values, createdAt }: CrmRecord,
  input: Pick<ObjectionInput, 'facts' | 'referralIdField' | 'clockOffsetMs'>,
): boolean {
  const { facts, referralIdField, clockOffsetMs } = input;
  return (
    values[referralIdField] === facts.referralId && madeSince(createdAt, onCrmClock(facts.referredAt, clockOffsetMs))
  );
}

const MINUTE_MS = 60_000;

/** By the CRM's clock alone; exactly at the limit still counts as within (E6). */
function isOlder({ createdAt }: CrmRecord, referredAt: Date, graceMinutes: number): boolean {
  return referredAt.getTime() - createdAt.getTime() > graceMinutes * MINUTE_MS;
}
