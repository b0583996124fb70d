import type { CrmRecord } from '../../crm/port.ts';
import { contactsOfPeople } from '../../capture/capture-store.ts';
import type { PublishedProgram } from '../../qualification/published-programs.ts';
import { knownContacts } from '../../referrals/people-store.ts';
import type { ConnectionWork } from '../connection-work.ts';
import type { PersonToCapture } from '../outbox-store.ts';
import { writtenFieldNames } from '../own-fields.ts';

export type Existing = {
  /** The contacts that stand for these people already, by person. */
  readonly contacts: ReadonlyMap<string, CrmRecord>;
  /** By person, the contact that has their address and stands for somebody else: an e-mail never overrules a link. */
  readonly ofOthers: ReadonlyMap<string, CrmRecord>;
};

/**
 * Who is there already: by the link we hold, else by e-mail. A try that died after the CRM created a contact finds it here
 * the next time, so nobody is created twice.
 */
export async function readExisting(
  work: ConnectionWork,
  input: { readonly people: readonly PersonToCapture[]; readonly programs: readonly PublishedProgram[] },
): Promise<Existing> {
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
  const found = await findByEmail(work, { people: open, fields });
  const owners = await database.inWorkspace(connection.workspaceId, (tx) =>
    knownContacts(
      tx,
      connection.connectionId,
      [...found.values()].map(({ id }) => id),
    ),
  );
  const ofOthers = new Map<string, CrmRecord>();
  for (const [personId, record] of found) {
    const owner = owners.get(record.id)?.personId ?? personId;
    (owner === personId ? contacts : ofOthers).set(personId, record);
  }
  return { contacts, ofOthers };
}

/** By person; whichever of their addresses comes first. */
async function findByEmail(
  { port, connection }: ConnectionWork,
  { people, fields }: { readonly people: readonly PersonToCapture[]; readonly fields: readonly string[] },
): Promise<Map<string, CrmRecord>> {
  const emails = [...new Set(people.flatMap((person) => person.emails))];
  const byEmail = new Map<string, CrmRecord>();
  for (let start = 0; start < emails.length; start += port.batchSize) {
    const batch = { emails: emails.slice(start, start + port.batchSize), fields };
    for (const [email, record] of await port.findContactsByEmail(connection, batch)) byEmail.set(email, record);
  }
  const found = new Map<string, CrmRecord>();
  for (const person of people) {
    const record = person.emails.flatMap((email) => byEmail.get(email) ?? [])[0];
    if (record && person.personId !== null) found.set(person.personId, record);
  }
  return found;
}

/** What stands in the fields we may write, so that blanks are told from values (E14). */
function fieldsOfCapture(work: ConnectionWork, programs: readonly PublishedProgram[]): string[] {
  const mapped = programs.flatMap(({ definition }) => definition.capture.map.map(({ field }) => field));
  return [...new Set([...writtenFieldNames(work.port.crm, programs), ...mapped])];
}
