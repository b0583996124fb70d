import type { TenantTransaction } from '../db/database.ts';
import { newId } from '../ids.ts';
import { definitionOf, publishedPrograms } from '../qualification/published-programs.ts';
import { reviewTerms, type ReviewTerms } from '../qualification/review-terms.ts';

/** Of an entry's trigger and reason: a rep asked somebody to look at a referral. */
export const REVIEW_TRIGGER = 'review_request';
export const REVIEW_REQUESTED = 'review_requested';

export type ReviewRequest = {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly referralId: string;
  readonly programId: string;
  readonly actor: string;
  readonly userEmail: string;
  readonly note: string | null;
  readonly now: Date;
};

/** At most one is open per referral: the database says so (`entries_one_open_review`), however many ask at once. */
export async function openReview(
  tx: TenantTransaction,
  input: ReviewRequest,
): Promise<{ readonly created: boolean; readonly askedAt: Date; readonly entryId: string }> {
  const { workspaceId, referralId, now, note, actor, userEmail } = input;
  const reason = note === null ? 'A rep asked for a review' : `A rep asked for a review: “${note}”`;
  const { notify, reviewDueAt } = await termsOf(tx, input);
  const inserted = await tx.raw<{ rows: { id: string }[] }>(
    `insert into entries (id, workspace_id, state, reason_code, reason, trigger, program_id, referral_id, connection_id,
                          notify, review_due_at, created_at, updated_at)
     values (?, ?, 'review', '${REVIEW_REQUESTED}', ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (workspace_id, referral_id) where reason_code = '${REVIEW_REQUESTED}' and state = 'review' do nothing
     returning id`,
    [
      newId('ent'),
      workspaceId,
      reason,
      JSON.stringify({ kind: REVIEW_TRIGGER, actor, userEmail }),
      input.programId,
      referralId,
      input.connectionId,
      notify,
      reviewDueAt,
      now,
      now,
    ],
  );
  const created = inserted.rows[0];
  if (created) return { created: true, askedAt: now, entryId: created.id };
  const open: { id: string; created_at: Date } | undefined = await tx('entries')
    .where({ workspace_id: workspaceId, referral_id: referralId, reason_code: REVIEW_REQUESTED, state: 'review' })
    .first('id', 'created_at');
  // Closed between the two statements: then ours is the next one.
  return open ? { created: false, askedAt: open.created_at, entryId: open.id } : openReview(tx, input);
}

/** By the version the referral is decided by, as of every question about it. */
async function termsOf(
  tx: TenantTransaction,
  { workspaceId, programId, referralId, now }: ReviewRequest,
): Promise<ReviewTerms> {
  const program = (await publishedPrograms(tx, workspaceId)).find(({ id }) => id === programId);
  if (!program) return { notify: false, reviewDueAt: null };
  const row = await tx<{ id: string; rules_version: number }>('referrals').where({ id: referralId }).first();
  return reviewTerms(definitionOf(program, row?.rules_version ?? program.version).decisions, now);
}

/** The referral, if it is one this contact made or is the friend of. */
export async function referralOfContact(
  tx: TenantTransaction,
  input: { readonly connectionId: string; readonly contactId: string; readonly referralId: string },
): Promise<{ readonly programId: string } | null> {
  const answer = await tx.raw<{ rows: { program_id: string }[] }>(
    `select r.program_id
       from crm_records c
       join referrals r on r.id = :referralId and r.merged_into is null
       join advocates a on a.id = r.advocate_id
      where c.connection_id = :connectionId and c.object_type = 'contact' and c.record_id = :contactId
        and c.person_id in (r.person_id, a.person_id)`,
    { ...input },
  );
  const row = answer.rows[0];
  return row ? { programId: row.program_id } : null;
}

/** A referral that moved answers the question: nobody has to look any more. */
export async function closeReviews(
  tx: TenantTransaction,
  input: { readonly workspaceId: string; readonly referralIds: readonly string[]; readonly now: Date },
): Promise<void> {
  if (input.referralIds.length === 0) return;
  await tx('entries')
    .where({ workspace_id: input.workspaceId, reason_code: REVIEW_REQUESTED, state: 'review' })
    .whereRaw('referral_id = any(?)', [[...input.referralIds]])
    .update({ state: 'processed', reason_code: 'review_overtaken', review_due_at: null, updated_at: input.now });
}
