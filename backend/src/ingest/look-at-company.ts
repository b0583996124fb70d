import type { TenantTransaction } from '../db/database.ts';
import type { UseCaseDeps } from '../referrals/use-case-deps.ts';
import { friendsAtCompany } from './companies-store.ts';
import { decideNow } from './decide-now.ts';
import { EntryNotAnswerable } from './entry-errors.ts';
import { triggerOf } from './settle-referral.ts';

/** Friends decided in one go. */
const PAGE = 200;

export type TooManyAnswer = {
  readonly deps: UseCaseDeps;
  readonly workspaceId: string;
  readonly actor: string;
  readonly now: Date;
  readonly entry: {
    readonly id: string;
    readonly programId: string | null;
    readonly connectionId: string | null;
    readonly objectType: string | null;
    readonly recordId: string | null;
  };
  readonly answer: 'approve' | 'reject';
  readonly timedOut: boolean;
};

/**
 * A person's answer where more people are at a company than the program looks at by itself (E38): yes is that all of them
 * are decided in that program now, page by page; no leaves them as they are until something of their own changes.
 */
export async function answerTooManyContacts(
  tx: TenantTransaction,
  input: TooManyAnswer,
): Promise<{ readonly connectionIds: readonly string[] }> {
  const { deps, workspaceId, actor, now, entry, answer, timedOut } = input;
  const { connectionId, objectType, recordId, programId } = entry;
  if (answer === 'reject') return { connectionIds: [] };
  if (connectionId === null || recordId === null || programId === null)
    throw new EntryNotAnswerable('The entry names no company and program.');
  const kind = timedOut ? 'review_timed_out' : 'review_answered';
  const about = { connectionId, objectType, recordId, entryId: entry.id, programIds: new Set([programId]) };
  const trigger = { ...triggerOf(kind, { now, actor }), ...about, answer };
  const connectionIds = new Set<string>();
  let afterPersonId: string | null = null;
  do {
    const page: string[] = await friendsAtCompany(tx, {
      connectionId,
      companyId: recordId,
      programId,
      afterPersonId,
      limit: PAGE,
    });
    const decided = await decideNow(tx, { deps, workspaceId, now, personIds: page, trigger });
    for (const id of decided.connectionIds) connectionIds.add(id);
    afterPersonId = page.length < PAGE ? null : (page.at(-1) ?? null);
  } while (afterPersonId !== null);
  return { connectionIds: [...connectionIds] };
}
