import type { CrmRecord } from '../../crm/port.ts';
import { contactsOfPeople } from '../../capture/capture-store.ts';
import type { ReferralFacts } from '../../capture/capture-subject.ts';
import type { ConnectionWork } from '../connection-work.ts';

/**
 * Who is to own what is created for each of these referrals, by referral id; absent: the CRM's own rules decide. An
 * advocate without an owner, or without a contact in this account, leaves it to the CRM, too, and so does one whose owner
 * left: nothing new can be given to them.
 */
export async function ownersFor(
  work: ConnectionWork,
  referrals: readonly ReferralFacts[],
): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  const byAdvocate: ReferralFacts[] = [];
  for (const facts of referrals) {
    const { policy, ownerId } = facts.program.definition.capture.owner;
    if (policy === 'fixed' && ownerId !== null) owners.set(facts.referralId, ownerId);
    if (policy === 'advocate_owner') byAdvocate.push(facts);
  }
  if (byAdvocate.length === 0) return owners;
  const contacts = await readAdvocates(work, byAdvocate);
  if (contacts.size === 0) return owners;
  const active = new Set((await work.port.readOwners(work.connection)).map(({ id }) => id));
  for (const facts of byAdvocate) {
    const owner = contacts.get(facts.advocate.personId)?.values[work.port.contactFields.owner] ?? '';
    if (active.has(owner)) owners.set(facts.referralId, owner);
  }
  return owners;
}

async function readAdvocates(
  work: ConnectionWork,
  referrals: readonly ReferralFacts[],
): Promise<Map<string, CrmRecord>> {
  const { database, connection, port } = work;
  const personIds = [...new Set(referrals.map(({ advocate }) => advocate.personId))];
  const contacts = await database.inWorkspace(connection.workspaceId, (tx) =>
    contactsOfPeople(tx, { connectionId: connection.connectionId, personIds }),
  );
  if (contacts.size === 0) return new Map();
  const ids = [...new Set([...contacts.values()].map(([first]) => first))];
  const records = await port.readRecords(connection, {
    objectType: 'contact',
    ids,
    fields: [port.contactFields.owner],
  });
  return new Map(
    [...contacts].flatMap(([personId, [recordId]]) => {
      const record = records.get(recordId);
      return record ? [[personId, record] as const] : [];
    }),
  );
}
