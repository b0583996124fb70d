import type { CrmObjectType } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';
import { referralsOfFriends, type Referral } from '../referrals/referrals-store.ts';
import type { Move } from './plan-moves.ts';

export type Walk = {
  readonly workspaceId: string;
  readonly programId: string;
  readonly version: number;
  readonly afterId: string | null;
};

/** Referrals looked at in one transaction: bounds memory and how long a workspace is held. */
export const PAGE = 500;

/** The next live referrals that are decided by another version, by id. */
export async function referralsToMove(tx: TenantTransaction, walk: Walk): Promise<Referral[]> {
  const answer = await tx.raw<{ rows: { id: string; person_id: string }[] }>(
    `select id, person_id from referrals
      where workspace_id = ? and program_id = ? and rules_version <> ? and merged_into is null and id > ?
      order by id limit ${String(PAGE)}`,
    [walk.workspaceId, walk.programId, walk.version, walk.afterId ?? ''],
  );
  const ids = new Set(answer.rows.map(({ id }) => id));
  const found = await referralsOfFriends(tx, [...new Set(answer.rows.map((row) => row.person_id))]);
  return found.filter(({ id }) => ids.has(id)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Who gave an answer that nobody was asked for. */
const ASSUMED_BY = 're_evaluation';

/** Pins the referrals to the version; what counted before and goes on counting is kept as an answer that was assumed. */
export async function moveReferrals(
  tx: TenantTransaction,
  input: {
    readonly workspaceId: string;
    readonly version: number;
    readonly now: Date;
    readonly reEvaluationId: string;
    readonly moves: readonly Move[];
  },
): Promise<void> {
  const { workspaceId, version, now, reEvaluationId, moves } = input;
  await tx.raw(
    `update referrals r set rules_version = ?, rules_since = m.since, row_version = r.row_version + 1
       from json_to_recordset(?) as m(id text, since timestamptz) where r.id = m.id`,
    [
      version,
      JSON.stringify(moves.map(({ referral, rulesSince }) => ({ id: referral.id, since: rulesSince.toISOString() }))),
    ],
  );
  const answers = moves.flatMap(({ referral, counting }) =>
    counting.map((key) => ({
      workspace_id: workspaceId,
      referral_id: referral.id,
      review_key: key,
      answer: 'counts',
      actor: ASSUMED_BY,
      note: 'Counted before the rules changed.',
      entry_id: reEvaluationId,
      answered_at: now,
    })),
  );
  // What a person said themselves stands.
  if (answers.length > 0) await tx('review_answers').insert(answers).onConflict(['referral_id', 'review_key']).ignore();
}

export type MovingRecord = {
  readonly connectionId: string;
  readonly objectType: CrmObjectType;
  readonly recordId: string;
};

/** The friends' contacts in every account that was not disconnected: any of them may hold what decides. */
const CONTACTS_OF_FRIENDS = `
  select k.connection_id, c.status = 'connected' as is_asked, k.person_id, k.record_id, k.company_id
    from connections c
   cross join lateral (
     select connection_id, person_id, record_id, company_id from crm_records
      where connection_id = c.id and person_id = any(:people) and object_type = 'contact'
        and deleted_at is null and merged_into is null
     offset 0) k
   where c.workspace_id = :workspace and c.status <> 'disconnected'`;

/** The deals of contact `c`. */
const DEALS_OF_CONTACT = `
  select deal_id from record_links where connection_id = c.connection_id and contact_id = c.record_id offset 0`;

/** Every record of these friends that the workspace's accounts are known to have: contacts, their deals, their companies. */
export async function recordsOfFriends(
  tx: TenantTransaction,
  input: { readonly workspaceId: string; readonly personIds: readonly string[] },
): Promise<MovingRecord[]> {
  const answer = await tx.raw<{ rows: { connection_id: string; object_type: CrmObjectType; record_id: string }[] }>(
    `with contacts as materialized (${CONTACTS_OF_FRIENDS})
     select connection_id, 'contact' as object_type, record_id from contacts
     union select connection_id, 'company', company_id from contacts where company_id is not null
     union select c.connection_id, 'deal', l.deal_id from contacts c cross join lateral (${DEALS_OF_CONTACT}) l
     order by 1, 2, 3`,
    { workspace: input.workspaceId, people: [...input.personIds] },
  );
  return answer.rows.map((row) => ({
    connectionId: row.connection_id,
    objectType: row.object_type,
    recordId: row.record_id,
  }));
}

/**
 * When, and in which account, the next record that was to be read by then is tried; null when none waits. One of these friends whose reading failed
 * is tried later, and is as unread as before. An account that cannot be asked is not waited for.
 */
export async function nextReading(
  tx: TenantTransaction,
  input: {
    readonly workspaceId: string;
    readonly by: Date;
    readonly programId: string;
    readonly version: number;
  },
): Promise<{ readonly connectionId: string; readonly dueAt: Date } | null> {
  const answer = await tx.raw<{ rows: { connection_id: string; due_at: Date }[] }>(
    `select a.id as connection_id, w.due_at from connections a
      cross join lateral (
        select d.due_at from dirty_records d
         where d.connection_id = a.id and d.dead_at is null
           and (d.due_at <= :by or d.attempts > 0 and exists (
             select 1 from (
               select d.record_id as contact_id where d.object_type = 'contact'
               union all select c.record_id from crm_records c
                          where d.object_type = 'company' and c.connection_id = d.connection_id and c.company_id = d.record_id
               union all select l.contact_id from record_links l
                          where d.object_type = 'deal' and l.connection_id = d.connection_id and l.deal_id = d.record_id) as named
               join crm_records k on k.connection_id = d.connection_id and k.object_type = 'contact' and k.record_id = named.contact_id
               join referrals r on r.workspace_id = d.workspace_id and r.person_id = k.person_id
              where r.program_id = :programId and r.rules_version <> :version and r.merged_into is null))
         order by d.due_at limit 1) w
      where a.workspace_id = :workspaceId and a.status = 'connected'
      order by w.due_at limit 1`,
    input,
  );
  const row = answer.rows[0];
  return row ? { connectionId: row.connection_id, dueAt: row.due_at } : null;
}

/**
 * Those of the friends that have a record nobody can read, or one that waits in an account that cannot be asked now: what is
 * stored about them may be long out of date.
 */
export async function unreadableFriends(
  tx: TenantTransaction,
  input: { readonly workspaceId: string; readonly personIds: readonly string[] },
): Promise<ReadonlySet<string>> {
  const answer = await tx.raw<{ rows: { person_id: string }[] }>(
    `with contacts as materialized (${CONTACTS_OF_FRIENDS}),
     records as (
       select connection_id, is_asked, person_id, 'contact' as object_type, record_id from contacts
       union all select connection_id, is_asked, person_id, 'company', company_id from contacts where company_id is not null
       union all select c.connection_id, c.is_asked, c.person_id, 'deal', l.deal_id from contacts c
                  cross join lateral (${DEALS_OF_CONTACT}) l)
     select distinct r.person_id from records r
      cross join lateral (
        select dead_at from dirty_records
         where connection_id = r.connection_id and object_type = r.object_type and record_id = r.record_id
         offset 0) d
      where d.dead_at is not null or not r.is_asked`,
    { workspace: input.workspaceId, people: [...input.personIds] },
  );
  return new Set(answer.rows.map((row) => row.person_id));
}
