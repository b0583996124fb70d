import type { CrmObjectType, FieldValues } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';

export type NewSnapshot = {
  readonly objectType: CrmObjectType;
  readonly recordId: string;
  readonly modifiedAt: Date;
  /** The CRM's own time of the record's making. */
  readonly createdAt: Date;
  /** Only the fields rules and people need: our own write-backs must not look like a change. */
  readonly values: FieldValues;
  /** Those of them the CRM did not show: each stays what it was when it was last shown. */
  readonly unread: readonly string[];
  /** Of a deal: the contacts on it, sorted. */
  readonly contactIds: readonly string[];
  /** Of a deal: the roles of those contacts that have any, each list sorted. */
  readonly contactRoles: Readonly<Record<string, readonly string[]>>;
  /** Of a contact: its company. */
  readonly companyId: string | null;
  readonly companyUnread: boolean;
};

/**
 * Appends what is new and returns it; a record that looks as it did, or an older reading, adds nothing.
 * @returns keys `type:id` of the records that changed.
 */
export async function appendSnapshots(
  tx: TenantTransaction,
  input: {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly now: Date;
    readonly snapshots: readonly NewSnapshot[];
  },
): Promise<Set<string>> {
  if (input.snapshots.length === 0) return new Set();
  const rows = input.snapshots.map((snapshot) => ({
    object_type: snapshot.objectType,
    record_id: snapshot.recordId,
    modified_at: snapshot.modifiedAt.toISOString(),
    values: snapshot.values,
    unread: snapshot.unread,
    company_unread: snapshot.companyUnread,
    contact_ids: snapshot.contactIds,
    record_created_at: snapshot.createdAt.toISOString(),
    company_id: snapshot.companyId,
    contact_roles: snapshot.contactRoles,
  }));
  const answer = await tx.raw<{ rows: { object_type: string; record_id: string }[] }>(
    `insert into snapshots (workspace_id, connection_id, object_type, record_id, modified_at, read_at, "values", contact_ids,
                            record_created_at, company_id, contact_roles)
     select ?, ?, n.object_type, n.record_id, n.modified_at, ?::timestamptz, known."values", n.contact_ids,
            n.record_created_at, known.company_id, n.contact_roles
       from json_to_recordset(?) as n(object_type text, record_id text, modified_at timestamptz, "values" jsonb,
              contact_ids text[], record_created_at timestamptz, company_id text, contact_roles jsonb, unread text[],
              company_unread boolean)
       left join lateral (
         select s."values", s.contact_ids, s.company_id, s.contact_roles, s.modified_at from snapshots s
          where s.connection_id = ? and s.object_type = n.object_type and s.record_id = n.record_id
          order by s.modified_at desc, s.id desc limit 1) latest on true
      cross join lateral (
         select case when cardinality(n.unread) = 0 then n."values" else n."values" || coalesce((
                  select jsonb_object_agg(held.key, held.value) from jsonb_each(latest."values") as held
                   where held.key = any(n.unread)), '{}') end as "values",
                case when n.company_unread then latest.company_id else n.company_id end as company_id offset 0) known
      where latest.modified_at is null
         or (n.modified_at >= latest.modified_at
             and (latest."values" is distinct from known."values" or latest.contact_ids is distinct from n.contact_ids
               or latest.company_id is distinct from known.company_id or latest.contact_roles is distinct from n.contact_roles))
     returning object_type, record_id`,
    [input.workspaceId, input.connectionId, input.now, JSON.stringify(rows), input.connectionId],
  );
  return new Set(answer.rows.map((row) => `${row.object_type}:${row.record_id}`));
}

/** Deals and the contacts on them, as last read. */
export async function replaceRecordLinks(
  tx: TenantTransaction,
  input: {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly deals: readonly {
      readonly dealId: string;
      readonly contactIds: readonly string[];
      /** The CRM's time of what was read: a reading older than one that is known changes nothing. */
      readonly modifiedAt: Date;
    }[];
  },
): Promise<void> {
  if (input.deals.length === 0) return;
  const rows = input.deals.map(({ dealId, contactIds, modifiedAt }) => ({
    deal_id: dealId,
    contact_ids: contactIds,
    modified_at: modifiedAt.toISOString(),
  }));
  await tx.raw(
    `with current as materialized (
       select d.deal_id, d.contact_ids from json_to_recordset(?) as d(deal_id text, contact_ids text[], modified_at timestamptz)
        where not exists (select 1 from snapshots s
                           where s.connection_id = ? and s.object_type = 'deal' and s.record_id = d.deal_id
                             and s.modified_at > d.modified_at)),
     gone as (
       delete from record_links l using current c
        where l.connection_id = ? and l.deal_id = c.deal_id and l.contact_id <> all (c.contact_ids))
     insert into record_links (connection_id, deal_id, contact_id, workspace_id)
     select ?, c.deal_id, k.contact_id, ? from current c cross join unnest(c.contact_ids) as k(contact_id)
     on conflict do nothing`,
    [JSON.stringify(rows), input.connectionId, input.connectionId, input.connectionId, input.workspaceId],
  );
}

/** The contacts each of these deals had when it was last read. */
export async function linkedContacts(
  tx: TenantTransaction,
  connectionId: string,
  dealIds: readonly string[],
): Promise<Map<string, string[]>> {
  const links = new Map<string, string[]>();
  if (dealIds.length === 0) return links;
  const rows = await tx<{ connection_id: string; deal_id: string; contact_id: string }>('record_links')
    .where({ connection_id: connectionId })
    .whereRaw('deal_id = any(?)', [[...dealIds]])
    .select('deal_id', 'contact_id');
  for (const row of rows) links.set(row.deal_id, [...(links.get(row.deal_id) ?? []), row.contact_id]);
  return links;
}
