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

/** Pins the referrals to the version; what counted before and goes on counting is kept as an answer of whoever applies it. */
export async function moveReferrals(
  tx: TenantTransaction,
  input: {
    readonly workspaceId: string;
    readonly version: number;
    readonly now: Date;
    readonly actor: string;
    readonly reEvaluationId: string;
    readonly moves: readonly Move[];
  },
): Promise<void> {
  const { workspaceId, version, now, actor, reEvaluationId, moves } = input;
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
      actor,
      note: 'Counted before the rules changed.',
      entry_id: reEvaluationId,
      answered_at: now,
    })),
  );
  // What a person said themselves stands.
  if (answers.length > 0) await tx('review_answers').insert(answers).onConflict(['referral_id', 'review_key']).ignore();
}

export type MovingRecord = { readonly objectType: CrmObjectType; readonly recordId: string };

/** Every record of these friends that the account is known to have: contacts, their deals, their companies. */
export async function recordsOfFriends(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly personIds: readonly string[] },
): Promise<MovingRecord[]> {
  const answer = await tx.raw<{ rows: { object_type: CrmObjectType; record_id: string }[] }>(
    `with contacts as materialized (
       select record_id, company_id from crm_records
        where connection_id = :connection and person_id = any(:people) and object_type = 'contact'
          and deleted_at is null and merged_into is null)
     select 'contact' as object_type, record_id from contacts
     union select 'company', company_id from contacts where company_id is not null
     union select 'deal', l.deal_id from record_links l join contacts c on c.record_id = l.contact_id
            where l.connection_id = :connection
     order by 1, 2`,
    { connection: input.connectionId, people: [...input.personIds] },
  );
  return answer.rows.map((row) => ({ objectType: row.object_type, recordId: row.record_id }));
}

/** Whether something that was to be read by then is still waiting for its reading. */
export async function hasUnread(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly by: Date },
): Promise<boolean> {
  const row: unknown = await tx('dirty_records')
    .where({ connection_id: input.connectionId })
    .whereNull('dead_at')
    .where('due_at', '<=', input.by)
    .first('record_id');
  return row !== undefined;
}
