import type { TenantTransaction } from '../db/database.ts';
import { normaliseEmail } from '../referrals/email.ts';
import { knownContacts, peopleByEmail, peopleByReferral } from '../referrals/people-store.ts';
import type { PresentReading } from './reading.ts';

export type MatchedContact = {
  readonly reading: PresentReading;
  /** Null: this contact concerns nobody we know. */
  readonly personId: string | null;
  /** True when this reading is what tied the contact to the person. */
  readonly linkedNow: boolean;
};

export type ContactFieldNames = { readonly email: string; readonly referralId: string; readonly company: string };

/**
 * Whose contact is this? In this order: the link we already have, our referral id on the record, the exact e-mail.
 * An e-mail never overrules a link: people change addresses, and an address can move to somebody else.
 */
export async function matchContacts(
  tx: TenantTransaction,
  input: {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly contacts: readonly PresentReading[];
    readonly fields: ContactFieldNames;
  },
): Promise<MatchedContact[]> {
  const known = await knownContacts(
    tx,
    input.connectionId,
    input.contacts.map(({ record }) => record.id),
  );
  const open = input.contacts.filter(({ record }) => !known.get(record.id)?.personId);
  const referralIds = open.flatMap(({ record }) => record.values[input.fields.referralId] ?? []);
  const emails = open.flatMap(({ record }) => emailOf(record.values[input.fields.email]) ?? []);
  const byReferral = await peopleByReferral(tx, referralIds);
  const byEmail = await peopleByEmail(tx, input.workspaceId, emails);
  return input.contacts.map((reading) => {
    const linked = known.get(reading.record.id)?.personId;
    if (linked) return { reading, personId: linked, linkedNow: false };
    const { values } = reading.record;
    const personId =
      byReferral.get(values[input.fields.referralId] ?? '') ??
      byEmail.get(emailOf(values[input.fields.email]) ?? '') ??
      null;
    return { reading, personId, linkedNow: personId !== null };
  });
}

function emailOf(value: string | null | undefined): string | null {
  return value ? normaliseEmail(value) : null;
}
