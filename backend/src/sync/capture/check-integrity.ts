import type { IntegritySettings } from '../../../../shared/integrity-settings.ts';
import { contactsOfPeople, emailsOfPeople } from '../../capture/capture-store.ts';
import type { ReferralFacts } from '../../capture/capture-subject.ts';
import { checkIntegrity, type IntegrityFinding } from '../../capture/integrity.ts';
import type { CrmRecord } from '../../crm/port.ts';
import type { ConnectionWork } from '../connection-work.ts';
import type { PersonToCapture } from '../outbox-store.ts';
import { checkedDealFields, checkedFields, toIntegrityFacts } from './integrity-facts.ts';
import type { Existing } from './read-existing.ts';

export type CheckIntegrityInput = {
  readonly people: readonly PersonToCapture[];
  readonly existing: Existing;
  readonly factsOf: ReadonlyMap<string, readonly ReferralFacts[]>;
};

/** A referral to be checked, with its friend's contact. */
type Open = {
  readonly facts: ReferralFacts;
  readonly personId: string;
  readonly emails: readonly string[];
  readonly contact: CrmRecord | null;
  readonly isOfOther: boolean;
};

/**
 * Which referrals of a batch are not honest or not new, by referral id. Asks nothing of the CRM while no program wants to
 * know; else the advocates' contacts in one call, and of friends who were there the deals and who owns them.
 */
export async function findObjections(
  work: ConnectionWork,
  input: CheckIntegrityInput,
): Promise<ReadonlyMap<string, readonly IntegrityFinding[]>> {
  const open = openReferrals(input);
  if (open.length === 0) return new Map();
  const advocates = await readAdvocates(work, open);
  const dealsOf = await readDealsOfFriends(work, open);
  const owners = await readOwnerEmails(work, { open, dealsOf });
  // Last, so that it is the newest there is.
  const clockOffsetMs = work.port.clockOffsetMs(work.connection);
  return new Map(
    open.map((referral) => {
      const { facts, personId, emails, contact, isOfOther } = referral;
      const advocate = advocates(facts.advocate.personId);
      const integrityFacts = toIntegrityFacts(work.port, {
        facts,
        contact,
        isOfOther,
        friendEmails: emails,
        advocateEmails: advocate.emails,
        advocateContactIds: advocate.contactIds,
        advocateContacts: advocate.contacts,
        deals: dealsOf.get(facts.referralId) ?? [],
        owners,
        referrals: input.factsOf.get(personId) ?? [],
        clockOffsetMs,
      });
      return [facts.referralId, checkIntegrity(integrityFacts, settingsOf(facts))];
    }),
  );
}

/** Those nobody has spoken about yet, of programs that want to know. */
function openReferrals({ people, existing, factsOf }: CheckIntegrityInput): Open[] {
  return people.flatMap(({ personId, referralId, accepted, emails }): Open[] => {
    const facts = factsOf.get(personId ?? '')?.find((candidate) => candidate.referralId === referralId);
    if (!facts || personId === null || facts.heldFor === null || accepted || facts.status !== 'pending') return [];
    if (!wants(facts, ['selfReferral', 'sameCompany', 'ownDeal', 'existingCustomer', 'openDeal'])) return [];
    const ofOther = existing.ofOthers.get(personId) ?? null;
    // That contact is somebody's else: it speaks of this friend only when it is their own advocate's.
    const own = existing.contacts.get(personId) ?? null;
    const shared = ofOther?.personId === facts.advocate.personId ? ofOther.record : null;
    return [{ facts, personId, emails, contact: own ?? shared, isOfOther: own === null && shared !== null }];
  });
}

function settingsOf({ program }: ReferralFacts): IntegritySettings {
  return program.definition.integrity;
}

function wants(facts: ReferralFacts, checks: readonly (keyof IntegritySettings)[]): boolean {
  return checks.some((check) => settingsOf(facts)[check] !== 'allow');
}

type Advocate = {
  readonly emails: readonly string[];
  readonly contactIds: readonly string[];
  readonly contacts: readonly CrmRecord[];
};

/** By person: all that is known of them here, and the first of their contacts as the CRM has it. */
async function readAdvocates(work: ConnectionWork, open: readonly Open[]): Promise<(personId: string) => Advocate> {
  const { database, connection, port } = work;
  const personIds = [...new Set(open.map(({ facts }) => facts.advocate.personId))];
  const { emails, contacts } = await database.inWorkspace(connection.workspaceId, async (tx) => ({
    emails: await emailsOfPeople(tx, personIds),
    contacts: await contactsOfPeople(tx, { connectionId: connection.connectionId, personIds }),
  }));
  const asking = open.filter(({ facts }) => wants(facts, ['selfReferral', 'sameCompany', 'ownDeal']));
  const ids = new Set(asking.flatMap(({ facts }) => contacts.get(facts.advocate.personId)?.slice(0, 1) ?? []));
  const records =
    ids.size === 0
      ? new Map<string, CrmRecord>()
      : await port.readRecords(connection, { objectType: 'contact', ids: [...ids], fields: checkedFields(port) });
  return (personId) => {
    const contactIds = contacts.get(personId) ?? [];
    const found = contactIds.flatMap((id) => records.get(id) ?? []);
    return { emails: emails.get(personId) ?? [], contactIds, contacts: found };
  };
}

/** Of one friend the newest deals: enough to know a customer, and a bound to what one batch asks for. */
const MAX_DEALS = 20;

/** By referral id. */
async function readDealsOfFriends(
  { port, connection }: ConnectionWork,
  open: readonly Open[],
): Promise<ReadonlyMap<string, readonly CrmRecord[]>> {
  const known = open.flatMap(({ facts, contact, isOfOther }) =>
    contact !== null && !isOfOther && wants(facts, ['ownDeal', 'existingCustomer', 'openDeal'])
      ? [{ referralId: facts.referralId, contactId: contact.id }]
      : [],
  );
  if (known.length === 0) return new Map();
  const contactIds = [...new Set(known.map(({ contactId }) => contactId))];
  const associated = await port.readAssociations(connection, { from: 'contact', to: 'deal', ids: contactIds });
  const newest = new Map(
    [...associated].map(([contactId, ids]) => [contactId, [...ids].sort(newestFirst).slice(0, MAX_DEALS)]),
  );
  const ids = [...new Set([...newest.values()].flat())];
  const deals = new Map<string, CrmRecord>();
  for (let start = 0; start < ids.length; start += port.batchSize) {
    const batch = ids.slice(start, start + port.batchSize);
    const read = { objectType: 'deal' as const, ids: batch, fields: checkedDealFields(port) };
    for (const [id, deal] of await port.readRecords(connection, read)) deals.set(id, deal);
  }
  return new Map(
    known.map(({ referralId, contactId }) => [
      referralId,
      (newest.get(contactId) ?? []).flatMap((id) => deals.get(id) ?? []),
    ]),
  );
}

/** Ids are given out in order; they are numbers without a fixed length. */
function newestFirst(a: string, b: string): number {
  return b.length - a.length || (a < b ? 1 : -1);
}

type OwnersInput = {
  readonly open: readonly Open[];
  readonly dealsOf: ReadonlyMap<string, readonly CrmRecord[]>;
};

/** Addresses of the account's users by owner id, asked for only where something of a friend has an owner. */
async function readOwnerEmails(
  { port, connection }: ConnectionWork,
  { open, dealsOf }: OwnersInput,
): Promise<ReadonlyMap<string, string>> {
  const owned = open.some(({ facts, contact, isOfOther }) => {
    if (!wants(facts, ['ownDeal']) || isOfOther) return false;
    const ownerOf = ({ values }: CrmRecord, field: string): boolean => (values[field] ?? '') !== '';
    return (
      (contact !== null && ownerOf(contact, port.contactFields.owner)) ||
      (dealsOf.get(facts.referralId) ?? []).some((deal) => ownerOf(deal, port.integrityFields.deal.owner))
    );
  });
  if (!owned) return new Map();
  const users = await port.readOwners(connection);
  return new Map(users.flatMap(({ id, email }) => (email === null ? [] : [[id, email] as const])));
}
