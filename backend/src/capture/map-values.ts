import type { CaptureLine } from '../../../shared/capture-settings.ts';
import type { FieldValues } from '../crm/port.ts';
import type { PersonFacts, ReferralFacts } from './capture-subject.ts';

/** What the lines of a map say about a friend's contact; lines with nothing to say are left out. */
export function mappedValues(lines: readonly CaptureLine[], facts: ReferralFacts): FieldValues {
  const values: Record<string, string> = {};
  for (const line of lines) {
    const value = valueOf(line, facts);
    if (value !== null) values[line.field] = value;
  }
  return values;
}

/** The source's value, else the line's fixed one (RF-24, RF-34..36); null when both are empty. */
export function valueOf(line: CaptureLine, facts: ReferralFacts): string | null {
  const value = line.from === null ? null : sourceValue(line.from, facts);
  return blankToNull(value) ?? blankToNull(line.value);
}

function sourceValue(source: string, facts: ReferralFacts): string | null {
  const [whose = '', key = ''] = source.split('.', 2);
  // What the friend answered this time is newer than what is known of them from elsewhere.
  if (whose === 'friend') return blankToNull(own(facts.answers, key)) ?? personValue(facts.friend, key);
  if (whose === 'advocate') {
    if (key === 'code') return facts.advocate.code;
    if (key === 'link') return facts.advocate.link;
    return key === 'name' ? fullName(facts.advocate) : personValue(facts.advocate, key);
  }
  return OTHER_SOURCES[source]?.(facts) ?? null;
}

const OTHER_SOURCES: Readonly<Record<string, (facts: ReferralFacts) => string>> = {
  'program.name': ({ program }) => program.definition.name,
  'program.key': ({ program }) => program.key,
  'referral.id': ({ referralId }) => referralId,
  'referral.source': ({ source }) => source,
};

function personValue(person: PersonFacts, key: string): string | null {
  if (key === 'firstName' || key === 'lastName' || key === 'email' || key === 'phone') return person[key];
  return own(person.details, key);
}

/** Keys are what customers call their questions: one may be the name of something every object has. */
function own(values: Readonly<Record<string, string>>, key: string): string | null {
  return Object.hasOwn(values, key) ? (values[key] ?? null) : null;
}

/** For people: the name, else the address, else a word. */
export function displayName(person: PersonFacts): string {
  return fullName(person) ?? person.email ?? 'Somebody';
}

function fullName(person: PersonFacts): string | null {
  return blankToNull([person.firstName, person.lastName].filter((part) => part !== null).join(' '));
}

function blankToNull(value: string | null): string | null {
  return value === null || value.trim() === '' ? null : value;
}
