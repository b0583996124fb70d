import type { CrmRecord } from '../../crm/port.ts';
import { contactsOfPeople } from '../../capture/capture-store.ts';
import type { ReferralFacts } from '../../capture/capture-subject.ts';
import type { PublishedProgram } from '../../qualification/published-programs.ts';
import { emailIdentity } from '../../referrals/email.ts';
import { knownContacts } from '../../referrals/people-store.ts';
import type { ConnectionWork } from '../connection-work.ts';
import type { PersonToCapture } from '../outbox-store.ts';
import { writtenFieldNames } from '../own-fields.ts';
import { checkedFields } from './integrity-facts.ts';

export type ContactOfOther = { readonly record: CrmRecord; readonly personId: string };

export type Existing = {
  /** The contacts that stand for these people already, by person. */
  readonly contacts: ReadonlyMap<string, CrmRecord>;
  /** By person, the contact that has their address and stands for somebody else: an e-mail never overrules a link. */
  readonly ofOthers: ReadonlyMap<string, ContactOfOther>;
  /** By person without a contact, the one with their address less its plus tag, where somebody wants to know. */
  readonly untagged: ReadonlyMap<string, CrmRecord>;
};

export type ReadExistingInput = {
  readonly people: readonly PersonToCapture[];
  readonly programs: readonly PublishedProgram[];
  /** Live referrals of these people as friends. */
  readonly factsOf: ReadonlyMap<string, readonly ReferralFacts[]>;
};

/**
 * Who is there already: by the link we hold, else by e-mail. A try that died after the CRM created a contact finds it here
 * the next time, so nobody is created twice.
 */
export async function readExisting(work: ConnectionWork, input: ReadExistingInput): Promise<Existing> {
  const { port, connection, database } = work;
  const personIds = input.people.flatMap(({ personId }) => personId ?? []);
  const known = await database.inWorkspace(connection.workspaceId, (tx) =>
    contactsOfPeople(tx, { connectionId: connection.connectionId, personIds }),
  );
  const fields = fieldsOfCapture(work, input.programs);
  const contacts = new Map<string, CrmRecord>();
  const ids = [...new Set([...known.values()].map(([first]) => first))];
  const records =
    ids.length === 0
      ? new Map<string, CrmRecord>()
      : await port.readRecords(connection, { objectType: 'contact', ids, fields });
  for (const [personId, [recordId]] of known) {
    const record = records.get(recordId);
    if (record) contacts.set(personId, record);
  }
  const open = input.people.filter(({ personId }) => personId !== null && !contacts.has(personId));
  const byEmail = await findByEmail(work, { emails: open.flatMap((person) => addressesOf(person, input)), fields });
  const found = firstOf(open, byEmail, ({ emails }) => emails);
  const owners = await database.inWorkspace(connection.workspaceId, (tx) =>
    knownContacts(
      tx,
      connection.connectionId,
      [...found.values()].map(({ id }) => id),
    ),
  );
  const ofOthers = new Map<string, ContactOfOther>();
  for (const [personId, record] of found) {
    const owner = owners.get(record.id)?.personId ?? personId;
    if (owner === personId) contacts.set(personId, record);
    else ofOthers.set(personId, { record, personId: owner });
  }
  const unknown = open.filter(({ personId }) => !found.has(personId ?? ''));
  return { contacts, ofOthers, untagged: firstOf(unknown, byEmail, (person) => untaggedOf(person, input)) };
}

function addressesOf(person: PersonToCapture, input: ReadExistingInput): readonly string[] {
  return [...person.emails, ...untaggedOf(person, input)];
}

/** A tag makes another address of one mailbox: where known people are refused or reviewed, it must not make a new one. */
function untaggedOf({ personId, referralId, accepted, emails }: PersonToCapture, input: ReadExistingInput): string[] {
  const facts = input.factsOf.get(personId ?? '')?.find((candidate) => candidate.referralId === referralId);
  if (!facts || facts.heldFor === null || accepted) return [];
  const { policy } = facts.program.definition.capture.duplicates;
  if (policy !== 'deny' && policy !== 'review') return [];
  return emails.flatMap((email) => emailIdentity(email) ?? []).filter((identity) => !emails.includes(identity));
}

async function findByEmail(
  { port, connection }: ConnectionWork,
  input: { readonly emails: readonly string[]; readonly fields: readonly string[] },
): Promise<ReadonlyMap<string, CrmRecord>> {
  const emails = [...new Set(input.emails)];
  const found = new Map<string, CrmRecord>();
  for (let start = 0; start < emails.length; start += port.batchSize) {
    const batch = { emails: emails.slice(start, start + port.batchSize), fields: input.fields };
    for (const [email, record] of await port.findContactsByEmail(connection, batch)) found.set(email, record);
  }
  return found;
}

/** By person, the contact with whichever of these addresses comes first. */
function firstOf(
  people: readonly PersonToCapture[],
  byEmail: ReadonlyMap<string, CrmRecord>,
  addresses: (person: PersonToCapture) => readonly string[],
): Map<string, CrmRecord> {
  const found = new Map<string, CrmRecord>();
  for (const person of people) {
    const record = addresses(person).flatMap((email) => byEmail.get(email) ?? [])[0];
    if (record && person.personId !== null) found.set(person.personId, record);
  }
  return found;
}

/** What stands in the fields we may write, so that blanks are told from values (E14), and what the checks look at. */
function fieldsOfCapture(work: ConnectionWork, programs: readonly PublishedProgram[]): string[] {
  const mapped = programs.flatMap(({ definition }) => definition.capture.map.map(({ field }) => field));
  return [...new Set([...writtenFieldNames(work.port.crm, programs), ...mapped, ...checkedFields(work.port)])];
}
