import type { MapIn } from '../../../shared/enrolment-settings.ts';
import type { FieldValues } from '../crm/port.ts';
import { normaliseEmail } from '../referrals/email.ts';

/** A contact in our words, through the program's map. */
export type MappedContact = {
  readonly recordId: string;
  /** As the CRM shows it; null when there is none, or none that is an address. */
  readonly email: string | null;
  /** The form used for matching; null exactly when `email` is. */
  readonly normalisedEmail: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phone: string | null;
  /** What the map fills beyond these, by the customer's own keys. */
  readonly details: Readonly<Record<string, string>>;
};

const MAX_DETAIL = 1_000;

/** Applies a map to what was read of a contact (RF-14): the field's value, else the line's default, else nothing. */
export function mapContact(map: readonly MapIn[], recordId: string, values: FieldValues): MappedContact {
  const found = new Map<string, string>();
  for (const line of map) {
    const value = oneLine(values[line.field]) ?? line.default;
    if (value !== null && !found.has(line.to)) found.set(line.to, value);
  }
  const take = (key: string): string | null => {
    const value = found.get(key) ?? null;
    found.delete(key);
    return value;
  };
  const email = take('email');
  const normalisedEmail = email === null ? null : normaliseEmail(email);
  return {
    recordId,
    email: normalisedEmail === null ? null : email,
    normalisedEmail,
    firstName: take('firstName'),
    lastName: take('lastName'),
    phone: take('phone'),
    details: Object.fromEntries(found),
  };
}

/** Without control characters, which PostgreSQL's text and people's eyes both refuse; null when nothing is left. */
function oneLine(value: string | null | undefined): string | null {
  const text = (value ?? '')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_DETAIL);
  return text === '' ? null : text;
}
