import type { TenantTransaction } from '../db/database.ts';

/**
 * The other known people on the deals of these contacts: what becomes known of one of them may be about the others (E3),
 * whoever's record was read first.
 */
export async function sharersOf(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly contactIds: readonly string[] },
): Promise<string[]> {
  if (input.contactIds.length === 0) return [];
  const answer = await tx.raw<{ rows: { person_id: string }[] }>(
    `select distinct c.person_id
       from unnest(:contactIds::text[]) as k(contact_id)
       cross join lateral (
         select deal_id from record_links where connection_id = :connectionId and contact_id = k.contact_id offset 0) own
       cross join lateral (
         select contact_id from record_links
          where connection_id = :connectionId and deal_id = own.deal_id and contact_id <> k.contact_id offset 0) other
       join crm_records c on c.connection_id = :connectionId and c.object_type = 'contact' and c.record_id = other.contact_id
        and c.person_id is not null and c.deleted_at is null and c.merged_into is null`,
    { connectionId: input.connectionId, contactIds: [...input.contactIds] },
  );
  return answer.rows.map((row) => row.person_id);
}

/** The same for people, over every CRM they stand in; they themselves are left out. */
export async function sharersOfPeople(tx: TenantTransaction, personIds: readonly string[]): Promise<string[]> {
  if (personIds.length === 0) return [];
  const rows = await tx<{ connection_id: string; record_id: string; object_type: string }>('crm_records')
    .where({ object_type: 'contact' })
    .whereNull('deleted_at')
    .whereNull('merged_into')
    .whereRaw('person_id = any(?)', [[...personIds]])
    .select('connection_id', 'record_id');
  const found = new Set<string>();
  for (const [connectionId, contacts] of Map.groupBy(rows, (row) => row.connection_id)) {
    const contactIds = contacts.map((row) => row.record_id);
    for (const personId of await sharersOf(tx, { connectionId, contactIds })) found.add(personId);
  }
  return [...found].filter((personId) => !personIds.includes(personId));
}
