import type { CardPerson } from '../../../shared/card-view.ts';

/** Somebody as the database holds them. */
export type NamedPerson = {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  /** A privacy deletion: nothing that says who they were may be shown. */
  readonly erased: boolean;
};

/** Never empty: the e-mail address stands in for a missing name. */
export function personName({ firstName, lastName, email, erased }: NamedPerson): string {
  if (erased) return 'Erased person';
  const name = [firstName, lastName]
    .map((part) => part?.trim() ?? '')
    .filter((part) => part !== '')
    .join(' ');
  return name || email?.trim() || 'Unnamed contact';
}

/** A person as cards show them; `recordUrl` is their page in the CRM. */
export function toCardPerson(person: NamedPerson, recordUrl: string | null): CardPerson {
  const shown = { name: personName(person), email: person.email, recordUrl };
  return person.erased ? { ...shown, email: null, recordUrl: null } : shown;
}
