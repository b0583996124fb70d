import type { ReferralLine } from '../../../shared/card-view.ts';
import type { ReferralStatus } from '../../../shared/referral-status.ts';
import type { TenantTransaction } from '../db/database.ts';
import { sortKey } from '../db/sort-key.ts';
import type { AccountOfCard } from './card-account-store.ts';
import type { CardInput } from './card-input.ts';
import { toReferralLine, type ReferralOfLine } from './referral-line.ts';

/** Which referrals are wanted: SQL that yields their `id` and a `tag` of the caller's, with its bindings. */
export type ChosenReferrals = { readonly sql: string; readonly bindings: readonly (string | number | Date)[] };

/** A line with what its list is ordered by. */
export type TaggedLine = {
  readonly tag: string;
  readonly line: ReferralLine;
  /** To the microsecond, and the id: newest first by both. */
  readonly key: readonly [referredAt: string, id: string];
};

type Row = {
  tag: string;
  id: string;
  program_id: string;
  status: ReferralStatus;
  status_reason: string;
  referred_at: Date;
  status_at: Date;
  source: string;
  sort_at: string;
  review_asked_at: Date | null;
} & Record<`${'friend' | 'advocate'}_${'first_name' | 'last_name' | 'email' | 'record_id'}`, string | null> &
  Record<`${'friend' | 'advocate'}_erased`, boolean>;

/** The person's newest contact of the account that is still there. */
function newestContact(person: string): string {
  return `(select k.record_id from crm_records k
            where k.person_id = ${person} and k.connection_id = ? and k.object_type = 'contact'
              and k.deleted_at is null and k.merged_into is null
            order by k.first_seen_at desc, k.record_id desc limit 1)`;
}

/**
 * The lines of these few referrals, newest first, in one round trip. Fenced: from each referral by key to its people,
 * records and open question, whatever the statistics of young tables suggest.
 */
export async function readReferralLines(
  tx: TenantTransaction,
  input: Pick<CardInput, 'workspaceId' | 'connectionId'> & {
    readonly chosen: ChosenReferrals;
    readonly account: AccountOfCard;
  },
): Promise<TaggedLine[]> {
  const { workspaceId, connectionId, chosen, account } = input;
  const answer = await tx.raw<{ rows: Row[] }>(
    `with chosen as materialized (${chosen.sql})
     select c.tag, r.*, ${sortKey('r.referred_at')} as sort_at,
            f.first_name as friend_first_name, f.last_name as friend_last_name, f.email as friend_email,
            f.erased_at is not null as friend_erased, ${newestContact('r.person_id')} as friend_record_id,
            p.first_name as advocate_first_name, p.last_name as advocate_last_name, p.email as advocate_email,
            p.erased_at is not null as advocate_erased, ${newestContact('p.id')} as advocate_record_id,
            (select e.created_at from entries e
              where e.workspace_id = ? and e.referral_id = r.id
                and e.reason_code = 'review_requested' and e.state = 'review') as review_asked_at
       from chosen c
       cross join lateral (select id, program_id, advocate_id, person_id, status, status_reason, referred_at, status_at, source
                             from referrals where id = c.id offset 0) r
       cross join lateral (select * from people where id = r.person_id offset 0) f
       cross join lateral (select person_id from advocates where id = r.advocate_id offset 0) a
       cross join lateral (select * from people where id = a.person_id offset 0) p
      order by r.referred_at desc, r.id desc`,
    [...chosen.bindings, connectionId, connectionId, workspaceId],
  );
  const programNames = new Map(account.programs.map(({ id, definition }) => [id, definition.name]));
  return answer.rows.map((row) => ({
    tag: row.tag,
    line: toReferralLine(fromRow(row), { pages: account.pages, programNames }),
    key: [row.sort_at, row.id],
  }));
}

function fromRow(row: Row): ReferralOfLine {
  return {
    id: row.id,
    programId: row.program_id,
    status: row.status,
    statusReason: row.status_reason,
    referredAt: row.referred_at,
    statusAt: row.status_at,
    source: row.source,
    reviewAskedAt: row.review_asked_at,
    friend: {
      firstName: row.friend_first_name,
      lastName: row.friend_last_name,
      email: row.friend_email,
      erased: row.friend_erased,
      recordId: row.friend_record_id,
    },
    advocate: {
      firstName: row.advocate_first_name,
      lastName: row.advocate_last_name,
      email: row.advocate_email,
      erased: row.advocate_erased,
      recordId: row.advocate_record_id,
    },
  };
}
