import type { CrmPort, CrmRecord } from '../../crm/port.ts';
import type { PersonFacts, ReferralFacts } from '../../capture/capture-subject.ts';
import { madeSince, onCrmClock } from '../../capture/crm-moment.ts';
import type { ContactBefore, DealBefore, IntegrityFacts, Party, Stated } from '../../capture/integrity.ts';
import { isOurs } from '../../capture/objection.ts';
import { crmInstantMs } from '../../metrics/crm-values.ts';
import { normaliseEmail } from '../../referrals/email.ts';

type Fields = Pick<CrmPort, 'contactFields' | 'dealFields' | 'integrityFields'>;

/** What the checks read of a contact. */
export function checkedFields({ contactFields, integrityFields }: Fields): string[] {
  const { otherEmails, phones, lifecycle } = integrityFields;
  const { email, owner, company, referralId } = contactFields;
  const stage = lifecycle === null ? [] : [lifecycle.stage, lifecycle.customerSince];
  return [email, ...(otherEmails === null ? [] : [otherEmails]), ...phones, owner, company, referralId, ...stage];
}

/** What they read of a deal. */
export function checkedDealFields({ dealFields, integrityFields: { deal } }: Fields): string[] {
  return [dealFields.referralId, dealFields.closed, deal.owner, deal.won, deal.closedAt];
}

export type FactsOfReferral = {
  readonly facts: ReferralFacts;
  readonly friendEmails: readonly string[];
  readonly advocateEmails: readonly string[];
  /** The contact the friend has, or the one with their address that stands for somebody else. */
  readonly contact: CrmRecord | null;
  readonly isOfOther: boolean;
  readonly advocateContactIds: readonly string[];
  readonly advocateContacts: readonly CrmRecord[];
  readonly deals: readonly CrmRecord[];
  readonly owners: ReadonlyMap<string, string>;
  /** All live referrals of the friend: a deal made for any of them is of our making. */
  readonly referrals: readonly ReferralFacts[];
  readonly clockOffsetMs: number | null;
};

/** What the CRM says, in the words of the checks. */
export function toIntegrityFacts(port: Fields, input: FactsOfReferral): IntegrityFacts {
  const { facts, contact, clockOffsetMs } = input;
  const referredAt = onCrmClock(facts.referredAt, clockOffsetMs);
  const friend = { person: facts.friend, emails: input.friendEmails, contacts: contact ? [contact] : [] };
  const advocate = { person: facts.advocate, emails: input.advocateEmails, contacts: input.advocateContacts };
  const ours =
    contact !== null && isOurs(contact, { facts, clockOffsetMs, referralIdField: port.contactFields.referralId });
  const before = contact !== null && !input.isOfOther && !ours && contact.createdAt <= referredAt;
  return {
    referredAt,
    friend: partyOf(port, friend),
    advocate: { ...partyOf(port, advocate), contactIds: input.advocateContactIds },
    contact: before ? contactBefore(port, contact) : null,
    deals: input.deals.map((deal) => dealBefore(port, deal, input)),
    owners: input.owners,
  };
}

type PartyInput = {
  readonly person: PersonFacts;
  readonly emails: readonly string[];
  readonly contacts: readonly CrmRecord[];
};

function partyOf({ contactFields, integrityFields }: Fields, { person, emails, contacts }: PartyInput): Party {
  const told = (values: readonly (string | null)[], field: string): Stated[] =>
    values.flatMap((value) => (value === null ? [] : [{ value, recordId: null, field }]));
  const held = (fields: readonly (string | null)[]): Stated[] =>
    contacts.flatMap(({ id, values }) =>
      fields.flatMap((field) =>
        field === null ? [] : parts(values[field]).map((value) => ({ value, recordId: id, field })),
      ),
    );
  const addresses = [...told(emails, 'email'), ...held([contactFields.email, integrityFields.otherEmails])];
  return {
    contactIds: contacts.map(({ id }) => id),
    emails: addresses.flatMap((stated) => {
      const value = normaliseEmail(stated.value);
      return value === null ? [] : [{ ...stated, value }];
    }),
    phones: [...told([person.phone], 'phone'), ...held(integrityFields.phones)],
    companyIds: contacts.flatMap(({ values }) => parts(values[contactFields.company])),
  };
}

/** Of `a;b` each part. */
function parts(value: string | null | undefined): string[] {
  return (value ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function contactBefore({ contactFields, integrityFields: { lifecycle } }: Fields, contact: CrmRecord): ContactBefore {
  const since = lifecycle === null ? null : instant(contact.values[lifecycle.customerSince]);
  const isCustomer = lifecycle !== null && contact.values[lifecycle.stage] === lifecycle.customer;
  return {
    recordId: contact.id,
    ownerId: contact.values[contactFields.owner] ?? null,
    customer: isCustomer || since !== null ? { since } : null,
  };
}

function dealBefore(
  port: Fields,
  { id, values, createdAt, modifiedAt }: CrmRecord,
  input: FactsOfReferral,
): DealBefore {
  const { owner, won, closedAt } = port.integrityFields.deal;
  const brought = input.referrals.find(({ referralId }) => referralId === values[port.dealFields.referralId]);
  return {
    recordId: id,
    ownerId: values[owner] ?? null,
    createdAt,
    closed: values[port.dealFields.closed] === 'true',
    won: values[won] === 'true',
    closedAt: notAfter(instant(values[closedAt]), modifiedAt),
    ofCapture: brought !== undefined && madeSince(createdAt, onCrmClock(brought.referredAt, input.clockOffsetMs)),
  };
}

/** Nobody closed a deal after its last change: such a date is what somebody had expected, as Salesforce leaves it there. */
function notAfter(date: Date | null, modifiedAt: Date): Date | null {
  return date !== null && date > modifiedAt ? null : date;
}

function instant(text: string | null | undefined): Date | null {
  const ms = crmInstantMs(text ?? null);
  return ms === null ? null : new Date(ms);
}
