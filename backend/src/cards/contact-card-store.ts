import type { AdvocateView, ContactCardView, ReferralLine } from '../../../shared/card-view.ts';
import type { TenantTransaction } from '../db/database.ts';
import { toCursor, type Page } from '../db/page.ts';
import { combineMetrics, rewardStatusOf, type AdvocateMetrics } from '../metrics/advocate-metrics.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';
import { referralLink } from '../referrals/referral-code.ts';
import { readCardAccount, toCardProgram } from './card-account-store.ts';
import type { CardInput } from './card-input.ts';
import { toCardMoney } from './card-money.ts';
import { readContactFacts, type AdvocacyFacts, type ContactFacts } from './contact-facts-store.ts';
import { countReferrals, readContactReferrals, readMadeReferrals } from './contact-referrals-store.ts';
import { readContactRewards } from './contact-rewards-store.ts';
import { toTrend } from './contact-trend.ts';
import { nextSteps } from './next-steps.ts';
import { toCardPerson, type NamedPerson } from './person-name.ts';
import { contactRecordUrl } from './record-url.ts';

const NOBODY: NamedPerson = { firstName: null, lastName: null, email: null, erased: false };

/** Everything the card on a contact shows. Five round trips, and as few rows whether somebody referred ten or ten thousand. */
export async function readContactCard(tx: TenantTransaction, input: CardInput): Promise<ContactCardView> {
  const account = await readCardAccount(tx, input);
  const { programs } = account;
  const facts = await readContactFacts(tx, input);
  const referrals = facts
    ? await readContactReferrals(tx, { ...input, account })
    : { made: { items: [], next: null }, received: [] };
  const metrics = combineMetrics(facts?.advocacies.map((advocacy) => advocacy.metrics) ?? []);
  const person = facts?.person ?? NOBODY;
  const view = {
    kind: 'contact',
    asOf: input.now.toISOString(),
    account: account.account,
    contact: toCardPerson(person, contactRecordUrl(account.pages, input.recordId)),
    programs: programs.map(toCardProgram),
    advocacies: facts ? advocacyViews(facts, { programs, input }) : [],
    enrollable: enrollable(facts, programs).map(toCardProgram),
    referrals: {
      items: referrals.made.items,
      total: metrics.referred,
      nextCursor: toCursor(referrals.made.next),
    },
    rewards: await rewardsOf(tx, { facts, metrics, programs, workspaceId: input.workspaceId }),
    referredBy: referrals.received,
  } as const;
  const { lastReferralAt, rewards } = metrics;
  const pending = { count: rewards.pending, totals: toCardMoney(metrics.pendingTotals) };
  return { ...view, nextSteps: nextSteps({ ...view, person, pending, lastReferralAt, now: input.now }) };
}

/** The referrals this contact made, newest first, over all programs; `after` is where the page before ended. */
export async function listContactReferrals(
  tx: TenantTransaction,
  input: CardInput & { readonly after: readonly string[] | null },
): Promise<{ readonly page: Page<ReferralLine>; readonly total: number }> {
  const account = await readCardAccount(tx, input);
  return { page: await readMadeReferrals(tx, { ...input, account }), total: await countReferrals(tx, input) };
}

/** Primary program first, then as they were published; one that is published no more comes last. */
function advocacyViews(
  { advocacies }: ContactFacts,
  of: { readonly programs: readonly PublishedProgram[]; readonly input: CardInput },
): AdvocateView[] {
  const place = ({ programId }: AdvocacyFacts): number => {
    const index = of.programs.findIndex(({ id }) => id === programId);
    return index < 0 ? of.programs.length : index;
  };
  return advocacies
    .toSorted((a, b) => place(a) - place(b))
    .map((advocacy) => toAdvocateView(advocacy, of.programs[place(advocacy)], of.input));
}

function toAdvocateView(
  { advocateId, programId, code, pausedAt, visits, metrics, trend }: AdvocacyFacts,
  program: PublishedProgram | undefined,
  { publicUrl, now }: CardInput,
): AdvocateView {
  const link = referralLink(publicUrl, code);
  return {
    advocateId,
    program: { id: programId, name: program?.definition.name ?? '' },
    link,
    code,
    qrUrl: `${link}/qr.png`,
    pausedAt: pausedAt?.toISOString() ?? null,
    visits,
    referred: metrics.referred,
    qualified: metrics.qualified,
    approved: metrics.approved,
    rewardStatus: rewardStatusOf(metrics.rewards),
    pendingTotals: toCardMoney(metrics.pendingTotals),
    rewardTotals: toCardMoney(metrics.totals),
    trend: toTrend(now, trend),
  };
}

/** Somebody who was erased comes back by signing up themselves, not through a colleague. */
function enrollable(facts: ContactFacts | null, programs: readonly PublishedProgram[]): readonly PublishedProgram[] {
  if (facts?.person.erased) return [];
  const taken = new Set(facts?.advocacies.map(({ programId }) => programId));
  return programs.filter(({ id }) => !taken.has(id));
}

async function rewardsOf(
  tx: TenantTransaction,
  of: {
    readonly facts: ContactFacts | null;
    readonly metrics: AdvocateMetrics;
    readonly programs: readonly PublishedProgram[];
    readonly workspaceId: string;
  },
): Promise<ContactCardView['rewards']> {
  const total = Object.values(of.metrics.rewards).reduce((sum, count) => sum + count, 0);
  if (of.facts === null || total === 0) return { items: [], total: 0 };
  const programNames = new Map(of.programs.map(({ id, definition }) => [id, definition.name]));
  const { personId } = of.facts;
  return { items: await readContactRewards(tx, { workspaceId: of.workspaceId, personId, programNames }), total };
}
