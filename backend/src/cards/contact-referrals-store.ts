import type { ReferralLine } from '../../../shared/card-view.ts';
import type { TenantTransaction } from '../db/database.ts';
import { toPage, type Page } from '../db/page.ts';
import type { AccountOfCard } from './card-account-store.ts';
import type { CardInput } from './card-input.ts';
import { readReferralLines, type ChosenReferrals, type TaggedLine } from './referral-line-store.ts';

/** A screen of a card: more is asked for page by page. */
const PAGE_SIZE = 10;
/** One per program at most, so nobody comes near it. */
const MOST_RECEIVED = 20;

type ListInput = CardInput & {
  /** Where the page before ended: when it was referred, to the microsecond, and its id. */
  readonly after: readonly string[] | null;
};

/** A page of the referrals this contact made, newest first, over all programs. */
export async function readMadeReferrals(
  tx: TenantTransaction,
  input: ListInput & { readonly account: AccountOfCard },
): Promise<Page<ReferralLine>> {
  return toReferralPage(await readReferralLines(tx, { ...input, chosen: madeReferrals(input) }));
}

/** What the card itself shows, in one round trip: the first page of those made, and those that brought this contact. */
export async function readContactReferrals(
  tx: TenantTransaction,
  input: CardInput & { readonly account: AccountOfCard },
): Promise<{ readonly made: Page<ReferralLine>; readonly received: readonly ReferralLine[] }> {
  const made = madeReferrals({ ...input, after: null });
  const chosen = {
    sql: `(${made.sql})
          union all
          (select r.id, 'received' as tag
             from ${person('me')}
             cross join lateral (select id from referrals
                                  where workspace_id = ? and person_id = me.person_id and merged_into is null
                                  limit ${String(MOST_RECEIVED)}) r)`,
    bindings: [...made.bindings, input.connectionId, input.recordId, input.workspaceId],
  };
  const lines = await readReferralLines(tx, { ...input, chosen });
  const { made: madeLines = [], received = [] } = Object.groupBy(lines, ({ tag }) => tag);
  return { made: toReferralPage(madeLines), received: received.map(({ line }) => line) };
}

/** Bindings: the connection and the contact's record. */
function person(alias: string): string {
  return `(select person_id from crm_records
            where connection_id = ? and object_type = 'contact' and record_id = ? offset 0) ${alias}`;
}

/** Bindings: the contact as for `person`, and the workspace. */
function advocates(alias: string): string {
  return `${person('me')}
          cross join lateral (select id from advocates
                               where workspace_id = ? and person_id = me.person_id
                                 and merged_into is null and closed_at is null offset 0) ${alias}`;
}

/** A page and one more of each advocacy, of which the newest make the page: however many there are, few are read. */
function madeReferrals({ workspaceId, connectionId, recordId, after }: ListInput): ChosenReferrals {
  const limit = String(PAGE_SIZE + 1);
  const older = after === null ? '' : 'and (referred_at, id) < (?::timestamptz, ?)';
  return {
    sql: `select r.id, 'made' as tag
            from ${advocates('a')}
            cross join lateral (select id, referred_at from referrals
                                 where workspace_id = ? and advocate_id = a.id and merged_into is null ${older}
                                 order by referred_at desc, id desc limit ${limit}) r
           order by r.referred_at desc, r.id desc limit ${limit}`,
    bindings: [connectionId, recordId, workspaceId, workspaceId, ...(after ?? [])],
  };
}

function toReferralPage(lines: readonly TaggedLine[]): Page<ReferralLine> {
  return toPage(lines, PAGE_SIZE, { item: ({ line }) => line, key: ({ key }) => key });
}

/** Of all pages, as last counted. */
export async function countReferrals(tx: TenantTransaction, input: CardInput): Promise<number> {
  const answer = await tx.raw<{ rows: { total: number }[] }>(
    `select coalesce(sum((m.metrics ->> 'referred')::int), 0)::int as total
       from ${advocates('a')}
       cross join lateral (select metrics from advocate_metrics where advocate_id = a.id offset 0) m`,
    [input.connectionId, input.recordId, input.workspaceId],
  );
  return answer.rows[0]?.total ?? 0;
}
