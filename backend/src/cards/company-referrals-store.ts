import type { CompanyReferralPage } from '../../../shared/card-view.ts';
import type { TenantTransaction } from '../db/database.ts';
import { toPage, type Page } from '../db/page.ts';
import type { AccountOfCard } from './card-account-store.ts';
import type { CardInput } from './card-input.ts';
import { ADVOCATES_OF_COMPANY, PEOPLE_OF_COMPANY } from './company-people.ts';
import { readReferralLines } from './referral-line-store.ts';

/** A screen of a card: more is asked for page by page. */
const PAGE_SIZE = 10;

export type CompanyReferralsInput = CardInput & {
  readonly account: AccountOfCard;
  /** Where the page before ended: when it was referred, to the microsecond, and its id. */
  readonly after: readonly string[] | null;
};

type ChosenRow = { id: string; tag: 'made' | 'received' };

/** A page of what people of the company made or are, newest first; what is both counts as made. */
export async function readCompanyReferrals(
  tx: TenantTransaction,
  input: CompanyReferralsInput,
): Promise<Page<CompanyReferralPage['items'][number]>> {
  const rows = await chooseReferrals(tx, input);
  if (rows.length === 0) return { items: [], next: null };
  const sql = 'select t.id, t.tag from json_to_recordset(?) as t(id text, tag text)';
  const lines = await readReferralLines(tx, { ...input, chosen: { sql, bindings: [JSON.stringify(rows)] } });
  return toPage(lines, PAGE_SIZE, {
    item: ({ line, tag }) => ({ ...line, direction: tag === 'made' ? 'made' : 'received' }),
    key: ({ key }) => key,
  });
}

/**
 * One more than a page. Of each advocate only the newest are looked at, by index: one with ten thousand referrals costs
 * as much as one with ten.
 */
async function chooseReferrals(tx: TenantTransaction, input: CompanyReferralsInput): Promise<ChosenRow[]> {
  const { workspaceId, connectionId, recordId: companyId, after } = input;
  const [afterAt, afterId] = after ?? [];
  const newest = `
    merged_into is null ${after === null ? '' : 'and (referred_at, id) < (cast(:afterAt as timestamptz), :afterId)'}
    order by referred_at desc, id desc limit ${String(PAGE_SIZE + 1)}`;
  const answer = await tx.raw<{ rows: ChosenRow[] }>(
    `with people_of_company as materialized (${PEOPLE_OF_COMPANY}),
          advocates_of_company as materialized (${ADVOCATES_OF_COMPANY}),
          found as materialized (
            select r.id, r.referred_at, 'made' as tag
              from advocates_of_company a
             cross join lateral (select id, referred_at from referrals
                                  where workspace_id = :workspaceId and advocate_id = a.id and ${newest}) r
            union all
            select r.id, r.referred_at, 'received'
              from people_of_company c
             cross join lateral (select id, referred_at from referrals
                                  where workspace_id = :workspaceId and person_id = c.person_id
                                    and advocate_id not in (select id from advocates_of_company) and ${newest}) r)
     select id, tag from found order by referred_at desc, id desc limit ${String(PAGE_SIZE + 1)}`,
    {
      workspaceId,
      connectionId,
      companyId,
      ...(after === null ? {} : { afterAt: afterAt ?? '', afterId: afterId ?? '' }),
    },
  );
  return answer.rows;
}
