import type { CrmName, CrmObjectType, FieldValues } from '../crm/port.ts';

export type RecordRow = {
  frame: number;
  connection_id: string;
  crm: CrmName;
  /** Of the account; null while it is not described yet. */
  home_currency: string | null;
  record_id: string;
  values: FieldValues;
  before: FieldValues | null;
  modified_at: Date;
};

/** Which account a row is of, and its currency; of one workspace there are a few. */
export function crmOf(alias: string): string {
  return `(select crm from connections where id = ${alias}.connection_id) as crm,
            (select currency from connections where id = ${alias}.connection_id) as home_currency`;
}

/**
 * A person's live contacts, by key: on a young table the planner has no statistics and would join everything with
 * everything, which `offset 0` forbids.
 */
export function liveContactsOf(personId: string): string {
  return `cross join lateral (
         select connection_id, record_id, company_id from crm_records
          where person_id = ${personId} and object_type = 'contact' and deleted_at is null and merged_into is null offset 0)`;
}

/** By how much the CRM's clock may be behind ours: a record made by then was made for the referral. */
const CLOCK_SKEW = `interval '5 minutes'`;

/**
 * The newest snapshot of one record, and what it held at the frame's time; a record first read later held then what it
 * held at its first reading. Expects `k.since` and the record's key; one index probe each.
 */
export function snapshotOf(objectType: CrmObjectType, recordId: string): string {
  const key = `s.connection_id = c.connection_id and s.object_type = '${objectType}' and s.record_id = ${recordId}`;
  return `cross join lateral (
         select s."values", s.modified_at, s.contact_ids, s.contact_roles from snapshots s
          where ${key} order by s.modified_at desc, s.id desc limit 1) s
       left join lateral (
         select s."values" from snapshots s
          where k.since is not null and ${key} and s.modified_at <= k.since
          order by s.modified_at desc, s.id desc limit 1) earlier on true
       left join lateral (
         select s."values" from snapshots s
          where k.since is not null and earlier."values" is null and ${key}
            and s.record_created_at < k.since - ${CLOCK_SKEW}
          order by s.modified_at, s.id limit 1) at_first on true`;
}
