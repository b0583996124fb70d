import type { CompanyCardView, CompanyReferralPage } from '../../../shared/card-view.ts';
import type { TenantTransaction } from '../db/database.ts';
import { toCursor, type Page } from '../db/page.ts';
import { readCardAccount, toCardProgram } from './card-account-store.ts';
import type { CardInput } from './card-input.ts';
import { toCardMoney } from './card-money.ts';
import { readCompanyFigures } from './company-figures-store.ts';
import { readCompanyReferrals } from './company-referrals-store.ts';

type CompanyLine = CompanyReferralPage['items'][number];

/** What the card shows of a company: the people whose primary company it is, added up, and who they brought. */
export async function readCompanyCard(tx: TenantTransaction, input: CardInput): Promise<CompanyCardView> {
  const account = await readCardAccount(tx, input);
  const { advocates, received, total, metrics } = await readCompanyFigures(tx, input);
  const page = await readCompanyReferrals(tx, { ...input, account, after: null });
  return {
    kind: 'company',
    asOf: input.now.toISOString(),
    account: account.account,
    programs: account.programs.map(toCardProgram),
    advocates,
    referred: metrics.referred,
    qualified: metrics.qualified,
    approved: metrics.approved,
    received,
    rewardTotals: toCardMoney(metrics.totals),
    referrals: { items: [...page.items], total, nextCursor: toCursor(page.next) },
  };
}

/** A page of the referrals that people of this company made or are, newest first. */
export async function listCompanyReferrals(
  tx: TenantTransaction,
  input: CardInput & { readonly after: readonly string[] | null },
): Promise<{ readonly page: Page<CompanyLine>; readonly total: number }> {
  const account = await readCardAccount(tx, input);
  const { total } = await readCompanyFigures(tx, input);
  return { page: await readCompanyReferrals(tx, { ...input, account }), total };
}
