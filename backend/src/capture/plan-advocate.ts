import type { FieldValues } from '../crm/port.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';
import type { PersonFacts } from './capture-subject.ts';

/**
 * The contact of somebody who joined as an advocate (RF-38): their details back through the map they would come in by,
 * and the program's fixed values (RF-41). Null when none of their programs creates contacts. The first program wins.
 */
export function planAdvocate(programs: readonly PublishedProgram[], person: PersonFacts): FieldValues | null {
  const creating = programs.filter(({ definition }) => definition.enrolment.createContacts);
  if (creating.length === 0) return null;
  const values: Record<string, string> = {};
  for (const { definition } of creating.toReversed()) {
    for (const { field, value } of definition.enrolment.contactValues) values[field] = value;
    for (const { field, to } of definition.enrolment.mapIn) {
      const value = detail(person, to);
      if (value !== null) values[field] = value;
    }
  }
  return values;
}

function detail(person: PersonFacts, key: string): string | null {
  if (key === 'firstName' || key === 'lastName' || key === 'email' || key === 'phone') return person[key];
  return Object.hasOwn(person.details, key) ? (person.details[key] ?? null) : null;
}
