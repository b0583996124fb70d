import type { TenantTransaction } from '../db/database.ts';
import { newId } from '../ids.ts';

export type PersonDetails = {
  /** As written by the person; null when they are known by a CRM record only. */
  readonly email: string | null;
  /** The form used for matching; null exactly when `email` is. */
  readonly normalisedEmail: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phone: string | null;
};

export type KnownRecord = {
  readonly recordId: string;
  readonly personId: string | null;
  readonly mergedInto: string | null;
};

export type EnsurePersonInput = {
  readonly workspaceId: string;
  readonly person: PersonDetails;
  readonly now: Date;
};

/** The person with this e-mail, made if need be; an existing one keeps what it has and gains what was blank. */
export async function ensurePerson(tx: TenantTransaction, input: EnsurePersonInput): Promise<string> {
  const personId = await findOrAddPerson(tx, input);
  await fillBlanks(tx, personId, input.person);
  return personId;
}

/**
 * The same, but an existing one stays as it is: for who says something about somebody and may yet be refused. Safe under
 * concurrency: the e-mail's primary key decides who wins.
 */
export async function findOrAddPerson(tx: TenantTransaction, input: EnsurePersonInput): Promise<string> {
  const { workspaceId, person, now } = input;
  if (person.normalisedEmail !== null) {
    const known = await tx<{ workspace_id: string; email: string; person_id: string }>('person_emails')
      .where({ workspace_id: workspaceId, email: person.normalisedEmail })
      .first('person_id');
    if (known) return known.person_id;
  }
  const id = newId('per');
  await tx('people').insert({
    id,
    workspace_id: workspaceId,
    email: person.email,
    first_name: person.firstName,
    last_name: person.lastName,
    phone: person.phone,
    created_at: now,
  });
  if (person.normalisedEmail === null) return id;
  const answer = await tx.raw<{ rows: { person_id: string }[] }>(
    `insert into person_emails (workspace_id, email, person_id) values (?, ?, ?)
     on conflict (workspace_id, email) do update set person_id = person_emails.person_id returning person_id`,
    [workspaceId, person.normalisedEmail, id],
  );
  return answer.rows[0]?.person_id ?? id;
}

export async function fillBlanks(
  tx: TenantTransaction,
  personId: string,
  person: Pick<PersonDetails, 'firstName' | 'lastName' | 'phone'>,
): Promise<void> {
  if (person.firstName === null && person.lastName === null && person.phone === null) return;
  await tx.raw(
    `update people set first_name = coalesce(first_name, ?), last_name = coalesce(last_name, ?), phone = coalesce(phone, ?)
      where id = ? and erased_at is null and (first_name is null or last_name is null or phone is null)`,
    [person.firstName, person.lastName, person.phone, personId],
  );
}

/** What somebody said about themselves beyond name and e-mail, by key; a newer answer replaces the older one. */
export async function keepDetails(
  tx: TenantTransaction,
  personId: string,
  details: Readonly<Record<string, string>>,
): Promise<void> {
  if (Object.keys(details).length === 0) return;
  await tx.raw('update people set details = details || ?::jsonb where id = ? and erased_at is null', [
    JSON.stringify(details),
    personId,
  ]);
}

type ContactRow = {
  connection_id: string;
  object_type: string;
  record_id: string;
  person_id: string | null;
  merged_into: string | null;
};

/** What we know of these contacts of a connection; contacts that concern nobody are absent. */
export async function knownContacts(
  tx: TenantTransaction,
  connectionId: string,
  recordIds: readonly string[],
): Promise<Map<string, KnownRecord>> {
  if (recordIds.length === 0) return new Map();
  const rows = await tx<ContactRow>('crm_records')
    .where({ connection_id: connectionId, object_type: 'contact' })
    .whereRaw('record_id = any(?)', [[...recordIds]])
    .select('record_id', 'person_id', 'merged_into');
  return new Map(
    rows.map((row) => [
      row.record_id,
      { recordId: row.record_id, personId: row.person_id, mergedInto: row.merged_into },
    ]),
  );
}

export async function peopleByEmail(
  tx: TenantTransaction,
  workspaceId: string,
  emails: readonly string[],
): Promise<Map<string, string>> {
  if (emails.length === 0) return new Map();
  const rows = await tx<{ workspace_id: string; email: string; person_id: string }>('person_emails')
    .where({ workspace_id: workspaceId })
    .whereRaw('email = any(?)', [[...emails]])
    .select('email', 'person_id');
  return new Map(rows.map((row) => [row.email, row.person_id]));
}

export async function peopleByReferral(
  tx: TenantTransaction,
  referralIds: readonly string[],
): Promise<Map<string, string>> {
  if (referralIds.length === 0) return new Map();
  const rows = await tx<{ id: string; person_id: string }>('referrals')
    .whereIn('id', [...referralIds])
    .select('id', 'person_id');
  return new Map(rows.map((row) => [row.id, row.person_id]));
}

export type RecordLink = {
  readonly objectType: 'contact' | 'company' | 'deal';
  readonly recordId: string;
  readonly personId: string | null;
};

/**
 * Records that concern somebody. Seeing a record again brings it back from deleted.
 * @returns keys `type:id` of the records that were new, came back or got their person now.
 */
export async function linkRecords(
  tx: TenantTransaction,
  input: {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly now: Date;
    readonly links: readonly RecordLink[];
  },
): Promise<Set<string>> {
  if (input.links.length === 0) return new Set();
  const rows = input.links.map((link) => ({
    object_type: link.objectType,
    record_id: link.recordId,
    person_id: link.personId,
  }));
  const answer = await tx.raw<{ rows: { object_type: string; record_id: string }[] }>(
    `insert into crm_records as r (connection_id, object_type, record_id, workspace_id, person_id, first_seen_at)
     select ?, l.object_type, l.record_id, ?, l.person_id, ?::timestamptz
       from json_to_recordset(?) as l(object_type text, record_id text, person_id text)
     on conflict (connection_id, object_type, record_id) do update
        set person_id = coalesce(r.person_id, excluded.person_id), deleted_at = null, merged_into = null
      where r.deleted_at is not null or r.merged_into is not null
         or (r.person_id is null and excluded.person_id is not null)
     returning object_type, record_id`,
    [input.connectionId, input.workspaceId, input.now, JSON.stringify(rows)],
  );
  return new Set(answer.rows.map((row) => `${row.object_type}:${row.record_id}`));
}

export async function markDeleted(
  tx: TenantTransaction,
  input: {
    readonly connectionId: string;
    readonly now: Date;
    readonly records: readonly { readonly objectType: string; readonly recordId: string }[];
  },
): Promise<void> {
  if (input.records.length === 0) return;
  await tx.raw(
    `update crm_records r set deleted_at = ?, read_digest = null
       from json_to_recordset(?) as g(object_type text, record_id text)
      where r.connection_id = ? and r.object_type = g.object_type and r.record_id = g.record_id and r.deleted_at is null`,
    [
      input.now,
      JSON.stringify(input.records.map((record) => ({ object_type: record.objectType, record_id: record.recordId }))),
      input.connectionId,
    ],
  );
}
