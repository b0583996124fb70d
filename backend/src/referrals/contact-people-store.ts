import type { TenantTransaction } from '../db/database.ts';
import { newId } from '../ids.ts';
import { linkRecords, peopleByEmail } from './people-store.ts';

/** A contact of the CRM in our words. */
export type ContactOfPerson = {
  readonly recordId: string;
  readonly email: string | null;
  readonly normalisedEmail: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phone: string | null;
  readonly details: Readonly<Record<string, string>>;
};

type OfConnection = { readonly workspaceId: string; readonly connectionId: string; readonly now: Date };

/**
 * The people these contacts are, made where need be: by the link we have, else by e-mail. What the CRM says about them
 * replaces what we held, blanks excepted. Contacts of erased people are left out. Call it alone in the workspace.
 * @returns the person by record id.
 */
export async function ensurePeopleOfContacts(
  tx: TenantTransaction,
  input: OfConnection & { readonly contacts: readonly ContactOfPerson[] },
): Promise<Map<string, string>> {
  const { workspaceId, contacts } = input;
  const linked = await linkedPeople(tx, input);
  const open = contacts.filter(({ recordId }) => !linked.has(recordId));
  const byEmail = await peopleByEmail(
    tx,
    workspaceId,
    open.flatMap(({ normalisedEmail }) => normalisedEmail ?? []),
  );
  const people = new Map<string, string>();
  const made = new Map<string, ContactOfPerson>();
  for (const contact of contacts) {
    const link = linked.get(contact.recordId);
    if (link?.erased) continue;
    const known =
      link?.personId ?? (contact.normalisedEmail === null ? undefined : byEmail.get(contact.normalisedEmail));
    const personId = known ?? newId('per');
    people.set(contact.recordId, personId);
    if (known !== undefined) continue;
    made.set(personId, contact);
    // A second contact with this address, on the same page, is the same person.
    if (contact.normalisedEmail !== null) byEmail.set(contact.normalisedEmail, personId);
  }
  await insertPeople(tx, input, made);
  const known = contacts.flatMap((contact) => {
    const personId = people.get(contact.recordId);
    return personId === undefined || made.has(personId) ? [] : [{ personId, contact }];
  });
  await updatePeople(tx, known);
  await insertEmails(tx, workspaceId, [...known, ...[...made].map(([personId, contact]) => ({ personId, contact }))]);
  await linkRecords(tx, {
    ...input,
    links: [...people].map(([recordId, personId]) => ({ objectType: 'contact' as const, recordId, personId })),
  });
  return people;
}

async function linkedPeople(
  tx: TenantTransaction,
  input: OfConnection & { readonly contacts: readonly ContactOfPerson[] },
): Promise<Map<string, { readonly personId: string; readonly erased: boolean }>> {
  const answer = await tx.raw<{ rows: { record_id: string; person_id: string; erased: boolean }[] }>(
    `select r.record_id, r.person_id, p.erased_at is not null as erased
       from crm_records r join people p on p.id = r.person_id
      where r.connection_id = ? and r.object_type = 'contact' and r.record_id = any(?)`,
    [input.connectionId, input.contacts.map(({ recordId }) => recordId)],
  );
  return new Map(answer.rows.map((row) => [row.record_id, { personId: row.person_id, erased: row.erased }]));
}

async function insertPeople(
  tx: TenantTransaction,
  input: OfConnection,
  made: ReadonlyMap<string, ContactOfPerson>,
): Promise<void> {
  if (made.size === 0) return;
  await tx.raw(
    `insert into people (id, workspace_id, email, first_name, last_name, phone, details, created_at)
     select n.id, ?, n.email, n.first_name, n.last_name, n.phone, n.details, ?::timestamptz
       from json_to_recordset(?) as n(id text, email text, first_name text, last_name text, phone text, details jsonb)`,
    [input.workspaceId, input.now, JSON.stringify([...made].map(([personId, contact]) => toRow(personId, contact)))],
  );
}

type Known = { readonly personId: string; readonly contact: ContactOfPerson };

async function updatePeople(tx: TenantTransaction, known: readonly Known[]): Promise<void> {
  if (known.length === 0) return;
  await tx.raw(
    `update people p
        set email = coalesce(p.email, n.email), first_name = coalesce(n.first_name, p.first_name),
            last_name = coalesce(n.last_name, p.last_name), phone = coalesce(n.phone, p.phone),
            details = p.details || n.details
       from json_to_recordset(?) as n(id text, email text, first_name text, last_name text, phone text, details jsonb)
      where p.id = n.id
        and (coalesce(p.email, n.email), coalesce(n.first_name, p.first_name), coalesce(n.last_name, p.last_name),
             coalesce(n.phone, p.phone), p.details || n.details)
            is distinct from (p.email, p.first_name, p.last_name, p.phone, p.details)`,
    [JSON.stringify(known.map(({ personId, contact }) => toRow(personId, contact)))],
  );
}

/** An address that is somebody else's stays theirs. */
async function insertEmails(tx: TenantTransaction, workspaceId: string, known: readonly Known[]): Promise<void> {
  const rows = known.flatMap(({ personId, contact }) =>
    contact.normalisedEmail === null ? [] : [{ person_id: personId, email: contact.normalisedEmail }],
  );
  if (rows.length === 0) return;
  await tx.raw(
    `insert into person_emails (workspace_id, email, person_id)
     select ?, n.email, n.person_id from json_to_recordset(?) as n(email text, person_id text)
     on conflict do nothing`,
    [workspaceId, JSON.stringify(rows)],
  );
}

function toRow(personId: string, contact: ContactOfPerson) {
  const { email, firstName, lastName, phone, details } = contact;
  return { id: personId, email, first_name: firstName, last_name: lastName, phone, details };
}
