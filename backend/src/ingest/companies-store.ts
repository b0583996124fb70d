import type { TenantTransaction } from '../db/database.ts';

/** Contacts of people we know, as they stand: what ties a company to somebody. */
const LIVE_CONTACT = `c.object_type = 'contact' and c.person_id is not null and c.deleted_at is null and c.merged_into is null`;

/** Those of these companies that concern somebody: known ones, and those a known contact belongs to. */
export async function followedCompanies(
  tx: TenantTransaction,
  connectionId: string,
  companyIds: readonly string[],
): Promise<Set<string>> {
  if (companyIds.length === 0) return new Set();
  const answer = await tx.raw<{ rows: { id: string }[] }>(
    `select c.company_id as id from crm_records c where c.connection_id = ? and c.company_id = any(?) and ${LIVE_CONTACT}
      union
     select record_id from crm_records where connection_id = ? and object_type = 'company' and record_id = any(?)`,
    [connectionId, [...companyIds], connectionId, [...companyIds]],
  );
  return new Set(answer.rows.map((row) => row.id));
}

/** Companies of these friends that were never read, or not with every field that is wanted now. */
export async function unseenCompanies(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly personIds: readonly string[]; readonly fields: readonly string[] },
): Promise<string[]> {
  if (input.personIds.length === 0) return [];
  const answer = await tx.raw<{ rows: { id: string }[] }>(
    `with companies as materialized (
       select distinct c.company_id as id from crm_records c
        where c.person_id = any(?) and c.connection_id = ? and c.company_id is not null and ${LIVE_CONTACT}
          and exists (select 1 from referrals r where r.person_id = c.person_id and r.merged_into is null))
     select k.id from companies k
       left join lateral (
         select s."values" from snapshots s
          where s.connection_id = ? and s.object_type = 'company' and s.record_id = k.id
          order by s.modified_at desc, s.id desc limit 1) latest on true
      where (latest."values" is null or not jsonb_exists_all(latest."values", cast(? as text[])))
        and not exists (select 1 from crm_records g
                         where g.connection_id = ? and g.object_type = 'company' and g.record_id = k.id
                           and g.deleted_at is not null)
      order by k.id`,
    [[...input.personIds], input.connectionId, input.connectionId, [...input.fields], input.connectionId],
  );
  return answer.rows.map((row) => row.id);
}

/** The known contacts at these companies, as we last read them. */
export async function contactsAt(
  tx: TenantTransaction,
  connectionId: string,
  companyIds: readonly string[],
): Promise<string[]> {
  if (companyIds.length === 0) return [];
  const answer = await tx.raw<{ rows: { record_id: string }[] }>(
    `select c.record_id from crm_records c where c.connection_id = ? and c.company_id = any(?) and ${LIVE_CONTACT}
      order by c.record_id`,
    [connectionId, [...companyIds]],
  );
  return answer.rows.map((row) => row.record_id);
}

/** The company of each of these contacts that has one. */
export async function companiesOfContacts(
  tx: TenantTransaction,
  connectionId: string,
  contactIds: readonly string[],
): Promise<Map<string, string>> {
  if (contactIds.length === 0) return new Map();
  const answer = await tx.raw<{ rows: { record_id: string; company_id: string }[] }>(
    `select c.record_id, c.company_id from crm_records c
      where c.connection_id = ? and c.record_id = any(?) and c.company_id is not null and ${LIVE_CONTACT}`,
    [connectionId, [...contactIds]],
  );
  return new Map(answer.rows.map((row) => [row.record_id, row.company_id]));
}

export type FriendsAtCompany = {
  readonly companyId: string;
  readonly programId: string;
  /** At most one more than the cap that was given, by id. */
  readonly personIds: readonly string[];
};

/** Who at these companies was referred in these programs: of each at most `cap + 1`, so that no company fills the memory. */
export async function friendsAtCompanies(
  tx: TenantTransaction,
  input: {
    readonly connectionId: string;
    readonly companyIds: readonly string[];
    readonly caps: readonly { readonly programId: string; readonly cap: number }[];
  },
): Promise<FriendsAtCompany[]> {
  if (input.companyIds.length === 0 || input.caps.length === 0) return [];
  const caps = input.caps.map(({ programId, cap }) => ({ program_id: programId, cap }));
  const answer = await tx.raw<{ rows: { company_id: string; program_id: string; person_ids: string[] }[] }>(
    `select k.company_id, p.program_id, array_agg(f.person_id order by f.person_id) as person_ids
       from unnest(cast(? as text[])) as k(company_id)
       cross join json_to_recordset(?) as p(program_id text, cap int)
       cross join lateral (
         select distinct c.person_id from crm_records c
           join referrals r on r.person_id = c.person_id and r.program_id = p.program_id and r.merged_into is null
          where c.connection_id = ? and c.company_id = k.company_id and ${LIVE_CONTACT}
          order by c.person_id limit p.cap + 1) f
      group by k.company_id, p.program_id
      order by k.company_id, p.program_id`,
    [[...input.companyIds], JSON.stringify(caps), input.connectionId],
  );
  return answer.rows.map((row) => ({
    companyId: row.company_id,
    programId: row.program_id,
    personIds: row.person_ids,
  }));
}

/** One page of those of a program, for a person who said that everybody is to be looked at after all. */
export async function friendsAtCompany(
  tx: TenantTransaction,
  input: {
    readonly connectionId: string;
    readonly companyId: string;
    readonly programId: string;
    readonly afterPersonId: string | null;
    readonly limit: number;
  },
): Promise<string[]> {
  const answer = await tx.raw<{ rows: { person_id: string }[] }>(
    `select distinct c.person_id from crm_records c
      where c.connection_id = ? and c.company_id = ? and ${LIVE_CONTACT} and c.person_id > ?
        and exists (select 1 from referrals r where r.person_id = c.person_id and r.program_id = ? and r.merged_into is null)
      order by c.person_id limit ?`,
    [input.connectionId, input.companyId, input.afterPersonId ?? '', input.programId, input.limit],
  );
  return answer.rows.map((row) => row.person_id);
}
