import type { CaptureLine, DuplicatePolicy } from '../../../shared/capture-settings.ts';
import type { CrmRecord, FieldValues } from '../crm/port.ts';
import type { ReferralFacts } from './capture-subject.ts';
import { mappedValues, valueOf } from './map-values.ts';

/** What is to be done in the CRM about a friend. */
export type ContactPlan =
  /** Not there yet: a new contact with these values, in one call, so that the account's own automations see them (RF-50). */
  | { readonly do: 'create'; readonly values: FieldValues }
  /** There already: ours to link, with these values to change; none may be left. */
  | { readonly do: 'link'; readonly recordId: string; readonly changes: FieldValues }
  /** There already, and the program pays for new people only (RR-14). */
  | { readonly do: 'deny'; readonly recordId: string; readonly evidence: ExistingEvidence }
  /** There already, and a person must say whether it counts. */
  | { readonly do: 'review'; readonly recordId: string; readonly evidence: ExistingEvidence }
  /** Not there, and the program creates nobody. */
  | { readonly do: 'nothing' };

export type ExistingEvidence = {
  readonly recordId: string;
  /** When the CRM says the contact was created, and when the friend was referred; ISO 8601. */
  readonly createdAt: string;
  readonly referredAt: string;
  readonly graceMinutes: number;
};

export type PlanContactInput = {
  readonly facts: ReferralFacts;
  /** The contact that stands for this friend already; null when there is none. */
  readonly existing: CrmRecord | null;
  /** The CRM's name of the field that holds our referral id. */
  readonly referralIdField: string;
  readonly ownerField: string;
  /** By the owner policy; null leaves it to the CRM. */
  readonly ownerId: string | null;
  /** A person looked at the contact that was there and said it counts. */
  readonly accepted: boolean;
};

/** The lifecycle stage of a contact that has one is the sales team's: never overwritten, so never lowered (E13). */
const NEVER_OVERWRITTEN: ReadonlySet<string> = new Set(['lifecyclestage', 'email']);
const MINUTE_MS = 60_000;
/** By so much the CRM's clock may be behind ours. */
const CLOCK_SKEW_MS = 5 * MINUTE_MS;

/** Decides what becomes of a friend's contact: pure, from the program's settings and what the CRM holds (C7). */
export function planContact(input: PlanContactInput): ContactPlan {
  const { facts, existing, accepted } = input;
  const { enabled, duplicates } = facts.program.definition.capture;
  const denied = facts.status === 'denied';
  if (existing === null) return enabled && !denied ? { do: 'create', values: newContact(input) } : { do: 'nothing' };
  const recordId = existing.id;
  if (denied) return { do: 'link', recordId, changes: {} };
  // That one is not "there before" (E6), and nothing that people or workflows did to it since is undone.
  if (isOurs(existing, input)) return { do: 'link', recordId, changes: enabled ? changesTo(input, 'fill_blank') : {} };
  if (facts.heldFor !== null && !accepted) {
    const { policy, graceMinutes } = duplicates;
    if (policy === 'review' || (policy === 'deny' && isOlder(existing, facts, graceMinutes)))
      return { do: policy, recordId, evidence: evidenceOf(existing, facts) };
  }
  return { do: 'link', recordId, changes: enabled ? changesTo(input, null) : {} };
}

/**
 * Made by our own earlier attempt, whose answer was lost. Our id alone does not say so, because it is written to older
 * contacts, too, once they are known as the friend's.
 */
function isOurs({ values, createdAt }: CrmRecord, { facts, referralIdField }: PlanContactInput): boolean {
  return (
    values[referralIdField] === facts.referralId && createdAt.getTime() >= facts.referredAt.getTime() - CLOCK_SKEW_MS
  );
}

function evidenceOf(existing: CrmRecord, facts: ReferralFacts): ExistingEvidence {
  return {
    recordId: existing.id,
    createdAt: existing.createdAt.toISOString(),
    referredAt: facts.referredAt.toISOString(),
    graceMinutes: facts.program.definition.capture.duplicates.graceMinutes,
  };
}

/** Exactly at the limit still counts as within (E6). */
function isOlder(existing: CrmRecord, facts: ReferralFacts, graceMinutes: number): boolean {
  return facts.referredAt.getTime() - existing.createdAt.getTime() > graceMinutes * MINUTE_MS;
}

function newContact({ facts, ownerField, ownerId }: PlanContactInput): FieldValues {
  const owner = ownerId === null ? {} : { [ownerField]: ownerId };
  return { ...owner, ...mappedValues(facts.program.definition.capture.map, facts) };
}

/** @param only the one mode for every line; null: as the program says. */
function changesTo({ facts, existing }: PlanContactInput, only: Mode | null): FieldValues {
  const { map, duplicates } = facts.program.definition.capture;
  const changes: Record<string, string> = {};
  for (const line of map) {
    const value = valueOf(line, facts);
    const held = existing?.values[line.field] ?? null;
    const mode = only ?? modeOf(line, duplicates.policy);
    if (value === null || value === held || mode === 'never') continue;
    if (held !== null && held.trim() !== '' && (mode === 'fill_blank' || NEVER_OVERWRITTEN.has(line.field))) continue;
    changes[line.field] = value;
  }
  return changes;
}

type Mode = 'never' | 'fill_blank' | 'overwrite';

const MODES: Readonly<Record<DuplicatePolicy, Mode>> = {
  link: 'never',
  fill_blanks: 'fill_blank',
  overwrite_mapped: 'overwrite',
  // A CRM with one contact per address cannot have a second one; the setting is refused there.
  create_anyway: 'never',
  deny: 'never',
  review: 'never',
};

/** Per field (E14), else what the policy says. */
function modeOf(line: CaptureLine, policy: DuplicatePolicy): Mode {
  return line.onExisting === 'inherit' ? MODES[policy] : line.onExisting;
}
