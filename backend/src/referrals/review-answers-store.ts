import type { TenantTransaction } from '../db/database.ts';
import { NO_ANSWERS, type Answer, type Answers } from '../qualification/trace.ts';

/** What people said about these referrals' questions, by referral. */
export async function answersOf(
  tx: TenantTransaction,
  workspaceId: string,
  referralIds: readonly string[],
): Promise<(referralId: string) => Answers> {
  if (referralIds.length === 0) return () => NO_ANSWERS;
  const rows = await tx<{ workspace_id: string; referral_id: string; review_key: string; answer: Answer }>(
    'review_answers',
  )
    .where({ workspace_id: workspaceId })
    .whereRaw('referral_id = any(?)', [[...referralIds]])
    .select('referral_id', 'review_key', 'answer');
  const byReferral = Map.groupBy(rows, (row) => row.referral_id);
  return (referralId) => {
    const given = byReferral.get(referralId);
    return given ? new Map(given.map((row) => [row.review_key, row.answer])) : NO_ANSWERS;
  };
}

export type NewAnswer = {
  readonly workspaceId: string;
  readonly referralId: string;
  readonly reviewKey: string;
  readonly answer: Answer;
  readonly actor: string;
  readonly note: string | null;
  readonly entryId: string;
  readonly now: Date;
};

/** The newest answer to a question stands; who said what before is on the entries. */
export async function keepAnswer(tx: TenantTransaction, input: NewAnswer): Promise<void> {
  await tx('review_answers')
    .insert({
      workspace_id: input.workspaceId,
      referral_id: input.referralId,
      review_key: input.reviewKey,
      answer: input.answer,
      actor: input.actor,
      note: input.note,
      entry_id: input.entryId,
      answered_at: input.now,
    })
    .onConflict(['referral_id', 'review_key'])
    .merge(['answer', 'actor', 'note', 'entry_id', 'answered_at']);
}

/** Whoever denies a referral takes back an earlier yes to letting it out of its denial. */
export async function forgetConsent(tx: TenantTransaction, referralId: string): Promise<void> {
  await tx('review_answers')
    .where({ referral_id: referralId, answer: 'counts' })
    .whereRaw(`review_key like 'denied\\_meets\\_rule:%'`)
    .update({ answer: 'does_not_count' });
}
