import type { CaptureLine, DuplicatePolicy } from '../../../shared/capture-settings.ts';
import type { FieldValues } from '../crm/port.ts';
import { mappedValues, valueOf } from './map-values.ts';
import { isOurs, objectionTo, type Objection, type ObjectionInput } from './objection.ts';

/** What is to be done in the CRM about a friend. */
export type ContactPlan =
  /** Not there yet: a new contact with these values, in one call, so that the account's own automations see them (RF-50). */
  | { readonly do: 'create'; readonly values: FieldValues }
  /** There already: ours to link, with these values to change; none may be left. */
  | { readonly do: 'link'; readonly recordId: string; readonly changes: FieldValues }
  /** The program ends such a referral (RR-14, E18); the contact, where there is one, is linked so that it can say so. */
  | { readonly do: 'deny'; readonly recordId: string | null; readonly objection: Objection }
  /**
   * A person must say whether it counts. Somebody who is not there becomes a contact all the same: whether the advocate is
   * paid for them is another matter than whether sales may call them.
   */
  | {
      readonly do: 'review';
      readonly recordId: string | null;
      readonly values: FieldValues | null;
      readonly objection: Objection;
    }
  /** Not there, and the program creates nobody. */
  | { readonly do: 'nothing' };

export type PlanContactInput = ObjectionInput & {
  readonly ownerField: string;
  /** By the owner policy; null leaves it to the CRM. */
  readonly ownerId: string | null;
  /** A person looked at what speaks against it and said that it counts. */
  readonly accepted: boolean;
  /** The CRM takes a second person with an address it knows. (Default: it does not) */
  readonly takesSecond?: boolean;
};

/** The lifecycle stage of a contact that has one is the sales team's: never overwritten, so never lowered (E13). */
const NEVER_OVERWRITTEN: ReadonlySet<string> = new Set(['lifecyclestage', 'email', 'Email']);

/** Decides what becomes of a friend's contact: pure, from the program's settings and what the CRM holds (C7). */
export function planContact(input: PlanContactInput): ContactPlan {
  const { facts, existing, accepted } = input;
  const { enabled } = facts.program.definition.capture;
  const recordId = existing?.id ?? null;
  if (facts.status === 'denied') return recordId === null ? { do: 'nothing' } : { do: 'link', recordId, changes: {} };
  const objection = facts.heldFor !== null && !accepted ? objectionTo(input) : null;
  if (objection?.policy === 'deny') return { do: 'deny', recordId, objection };
  const values = existing === null && enabled ? newContact(input) : null;
  // Whose mailbox is there already is known to sales: a second contact waits for the answer.
  if (objection) return { do: 'review', recordId, values: objection.existing ? null : values, objection };
  if (existing === null) return values ? { do: 'create', values } : { do: 'nothing' };
  if (enabled && createsAnyway(input) && !isOurs(existing, input)) return { do: 'create', values: newContact(input) };
  // Nothing that people or workflows did since to a contact of our making is undone.
  const only = isOurs(existing, input) ? 'fill_blank' : null;
  return { do: 'link', recordId: existing.id, changes: enabled ? changesTo(input, only) : {} };
}

/** A CRM with one contact per address cannot have a second one; the setting is refused there. */
function createsAnyway({ facts, takesSecond = false }: PlanContactInput): boolean {
  return takesSecond && facts.program.definition.capture.duplicates.policy === 'create_anyway';
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
  // Of the contact that is there: it stays as it is, beside the new one.
  create_anyway: 'never',
  deny: 'never',
  review: 'never',
};

/** Per field (E14), else what the policy says. */
function modeOf(line: CaptureLine, policy: DuplicatePolicy): Mode {
  return line.onExisting === 'inherit' ? MODES[policy] : line.onExisting;
}
