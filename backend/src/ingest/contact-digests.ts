import { createHash } from 'node:crypto';
import { isLeadField } from '../../../shared/person-fields.ts';
import type { CrmName, FieldValues } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';
import { changedValues, type CrmValues } from '../metrics/crm-values.ts';
import { fieldsToRead } from '../qualification/fields-to-read.ts';
import { decidingDefinitions, type PublishedProgram } from '../qualification/published-programs.ts';
import { fromCrmFields, writtenFieldNames } from '../sync/own-fields.ts';
import type { MatchedContact } from './match-contacts.ts';

/**
 * What a contact held in the fields we decide by when it was last looked at, in a few characters. Where a CRM tells of no
 * change, the poll finds each of our own writes: a contact that holds what it held, and in our fields what we wrote, needs
 * no second look. Nothing can hide behind such a write, as who wrote last is not what is compared.
 */
export type ContactDigest = (values: FieldValues) => string;

/** Differs from every value, and from none: what it hides may have become empty meanwhile. */
const NOT_SHOWN = 0;

/** @param input.fields all that is read of a contact: another list, as after a publication, gives another digest. */
export function contactDigest(input: {
  readonly crm: CrmName;
  readonly fields: readonly string[];
  readonly programs: readonly PublishedProgram[];
}): ContactDigest {
  const decides = new Set(fieldsToRead(decidingDefinitions(input.programs), input.crm).contact);
  // What a rule reads is told by what it holds, though we wrote it there.
  const own = new Set(writtenFieldNames(input.crm, input.programs).filter((name) => !decides.has(name)));
  const fields = input.fields.filter((name) => !own.has(name) && !isLeadField(name)).sort();
  const list = JSON.stringify(fields);
  return (values) =>
    createHash('sha1')
      .update(list)
      .update(JSON.stringify(fields.map((name) => values[name] ?? (Object.hasOwn(values, name) ? null : NOT_SHOWN))))
      .digest('base64');
}

/**
 * Remembers what these contacts held, where the poll compares by it. Not of one that names an advocate: whose it is depends
 * on who is an advocate by now, which no contact says.
 */
export async function keepDigests(
  tx: TenantTransaction,
  connectionId: string,
  contacts: readonly MatchedContact[],
): Promise<void> {
  const rows = contacts.flatMap(({ reading: { record, digest }, contact }) =>
    digest === undefined
      ? []
      : [
          {
            record_id: record.id,
            modified_at: record.modifiedAt.toISOString(),
            digest: contact.claims.length === 0 ? digest : null,
          },
        ],
  );
  if (rows.length === 0) return;
  await tx.raw(
    // An older reading than one that was recorded meanwhile says nothing.
    `update crm_records r set read_digest = n.digest
       from json_to_recordset(?) as n(record_id text, modified_at timestamptz, digest text)
      where r.connection_id = ? and r.object_type = 'contact' and r.record_id = n.record_id
        and r.read_digest is distinct from n.digest
        and not exists (select 1 from snapshots s
                         where s.connection_id = r.connection_id and s.object_type = 'contact'
                           and s.record_id = r.record_id and s.modified_at > n.modified_at)`,
    [JSON.stringify(rows), connectionId],
  );
}

export type PolledContact = { readonly id: string; readonly values?: FieldValues };

export type UnchangedContactsInput = {
  readonly connectionId: string;
  readonly crm: CrmName;
  readonly programs: readonly PublishedProgram[];
  readonly digestOf: ContactDigest;
  readonly contacts: readonly PolledContact[];
};

/** Of these contacts the ids of those that hold what they held when they were last looked at, and what we wrote since. */
export async function unchangedContacts(
  tx: TenantTransaction,
  input: UnchangedContactsInput,
): Promise<ReadonlySet<string>> {
  const held = new Map(input.contacts.flatMap(({ id, values }) => (values === undefined ? [] : [[id, values]])));
  if (held.size === 0) return new Set();
  const rows = [...held].map(([id, values]) => ({ id, digest: input.digestOf(values) }));
  const answer = await tx.raw<{ rows: { record_id: string; written: CrmValues }[] }>(
    `select r.record_id, w.written
       from json_to_recordset(?) as n(id text, digest text)
       join crm_records r on r.connection_id = ? and r.object_type = 'contact' and r.record_id = n.id
        and r.read_digest = n.digest and r.person_id is not null and r.deleted_at is null and r.merged_into is null
       join write_backs w on w.connection_id = r.connection_id and w.object_type = 'contact' and w.record_id = r.record_id
        and w.due_at is null and w.dead_at is null and w.written is not null
      -- Somebody is about to say what it held a moment ago.
      where not exists (select 1 from dirty_records d
                         where d.connection_id = r.connection_id and d.object_type = 'contact' and d.record_id = r.record_id)`,
    [JSON.stringify(rows), input.connectionId],
  );
  const same = answer.rows.filter(({ record_id: id, written }) => {
    const actual = fromCrmFields(input.crm, held.get(id) ?? {}, input.programs);
    const nothing = Object.fromEntries(Object.keys(actual).map((key) => [key, null]));
    return Object.keys(changedValues(actual, { ...nothing, ...written })).length === 0;
  });
  return new Set(same.map((row) => row.record_id));
}
