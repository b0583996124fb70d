import type { TenantTransaction } from '../db/database.ts';

/** What decisions ask; other reviews (of captures, matches, requests) are closed by whoever opened them. */
const OF_DECISIONS = '^(already_there|several_referred_contacts|denied_meets_rule|record_gone|left_after_issue):';

/** Questions of these referrals that wait for an answer, as `<referral> <key>`. */
export async function openQuestions(
  tx: TenantTransaction,
  workspaceId: string,
  referralIds: readonly string[],
): Promise<Set<string>> {
  if (referralIds.length === 0) return new Set();
  const rows = await tx<{ workspace_id: string; referral_id: string; review_key: string; state: string }>('entries')
    .where({ workspace_id: workspaceId, state: 'review' })
    .whereNotNull('review_key')
    .whereRaw('referral_id = any(?)', [[...referralIds]])
    .select('referral_id', 'review_key');
  return new Set(rows.map((row) => `${row.referral_id} ${row.review_key}`));
}

/** What was asked about these referrals before and is not asked any more has been overtaken. */
export async function closeQuestions(
  tx: TenantTransaction,
  input: {
    readonly workspaceId: string;
    readonly now: Date;
    readonly asked: readonly { readonly referralId: string; readonly key: string | null }[];
  },
): Promise<void> {
  if (input.asked.length === 0) return;
  const rows = input.asked.map(({ referralId, key }) => ({ referral_id: referralId, key }));
  await tx.raw(
    `update entries e set state = 'processed', reason_code = 'review_overtaken', review_due_at = null, updated_at = ?
       from json_to_recordset(?) as d(referral_id text, key text)
      where e.workspace_id = ? and e.referral_id = d.referral_id and e.state = 'review' and e.review_key is not null
        and e.review_key ~ '${OF_DECISIONS}' and e.review_key is distinct from d.key`,
    [input.now, JSON.stringify(rows), input.workspaceId],
  );
}
