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
  const wanted = new Map<string, string>();
  const byAdvocate = referrals.filter(({ program }) => program.definition.capture.owner.policy === 'advocate_owner');
  const contacts = byAdvocate.length === 0 ? NOBODY : await readAdvocates(work, byAdvocate);
  for (const facts of referrals) {
    const { policy, ownerId } = facts.program.definition.capture.owner;
    const theirs = contacts.get(facts.advocate.personId)?.values[work.port.contactFields.owner] ?? null;
    const owner = policy === 'fixed' ? ownerId : policy === 'advocate_owner' ? theirs : null;
    if (owner !== null && owner !== '') wanted.set(facts.referralId, owner);
  }
  if (wanted.size === 0) return wanted;
  const active = new Set((await work.port.readOwners(work.connection)).map(({ id }) => id));
  return new Map([...wanted].filter(([, owner]) => active.has(owner)));
}

const NOBODY: ReadonlyMap<string, CrmRecord> = new Map();

/** The program names an owner, and that one left: people should know that nobody was given the friend. */
export function lacksFixedOwner(facts: ReferralFacts, owners: ReadonlyMap<string, string>): boolean {
  return facts.program.definition.capture.owner.policy === 'fixed' && !owners.has(facts.referralId);
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
