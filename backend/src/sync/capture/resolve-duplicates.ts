import type { CrmRecord, WriteRefusal } from '../../crm/port.ts';
import { knownContacts } from '../../referrals/people-store.ts';
import type { ConnectionWork } from '../connection-work.ts';
import type { WrittenWithout } from '../write-without-missing.ts';
import type { PlannedPerson } from './plan-people.ts';

/**
 * The CRM says that somebody is there already, and a search by address did not find them: its own rules, or our id on an
 * earlier record, know more. That record is theirs where it has an address of theirs and stands for nobody else. Otherwise
 * a person has to say: such a rule may go by the name alone, and no two people are one for that (E6, E16).
 * @param created by person id.
 */
export async function resolveDuplicates(
  work: ConnectionWork,
  planned: readonly PlannedPerson[],
  created: ReadonlyMap<string, WrittenWithout>,
): Promise<ReadonlyMap<string, WrittenWithout>> {
  const doubted = [...new Map(planned.map(({ person }) => [person.personId, person])).values()].flatMap((person) => {
    const existingId = existingIn(created.get(person.personId));
    // The first time the next try looks by address, which tells most.
    return existingId === null || person.attempts === 0 ? [] : [{ person, existingId }];
  });
  if (doubted.length === 0) return created;
  const ids = [...new Set(doubted.map(({ existingId }) => existingId))];
  const { connection, port, database } = work;
  const records = await port.readRecords(connection, {
    objectType: 'contact',
    ids,
    fields: [port.contactFields.email],
  });
  const known = await database.inWorkspace(connection.workspaceId, (tx) =>
    knownContacts(tx, connection.connectionId, ids),
  );
  const resolved = new Map(created);
  for (const { person, existingId } of doubted) {
    const record = records.get(existingId);
    const owner = known.get(existingId)?.personId ?? person.personId;
    if (!record) continue;
    const isTheirs = owner === person.personId && hasAddressOf(person, record, port.contactFields.email);
    resolved.set(person.personId, isTheirs ? linked(person.personId, record) : contradicted(person.personId, record));
  }
  return resolved;
}

function existingIn(written: WrittenWithout | undefined): string | null {
  if (!written || written.outcome.ok || written.outcome.refusal.code !== 'record_exists') return null;
  return written.outcome.refusal.existingRecordId ?? null;
}

function hasAddressOf({ emails }: PlannedPerson['person'], { values }: CrmRecord, field: string): boolean {
  return emails.includes(values[field]?.trim().toLowerCase() ?? '');
}

function linked(key: string, { id }: CrmRecord): WrittenWithout {
  return { outcome: { key, ok: true, recordId: id, values: {}, modifiedAt: null }, left: [] };
}

function contradicted(key: string, { id }: CrmRecord): WrittenWithout {
  const message = `The CRM takes them for record ${id}, which has none of their addresses or stands for somebody else. Allow duplicates in the program, merge the records, or put the right address on one of them, then retry.`;
  const refusal: WriteRefusal = { code: 'record_rejected', message, fields: [] };
  return { outcome: { key, ok: false, refusal }, left: [] };
}
