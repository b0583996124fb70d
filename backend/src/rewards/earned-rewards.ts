import { crmOfField } from '../../../shared/crm-fields.ts';
import { dealWordsOf, saleFieldIn } from '../../../shared/deal-words.ts';
import type { PercentRewardRule, RewardRule, RuleStatus } from '../../../shared/program-definition.ts';
import type { ReferralStatus } from '../../../shared/referral-status.ts';
import { decidingFact } from '../qualification/evaluate-rules.ts';
import { valueOf } from '../qualification/fields-to-read.ts';
import type { DecidingRecord, Verdict } from '../qualification/trace.ts';
import type { RecordView, Subject } from '../qualification/subject.ts';
import { parseMoney, percentOf, readCrmMoney } from './money.ts';

/** How an amount came about, in words that JSON keeps; stored beside the reward for whoever approves it. */
export type RewardBasis =
  | { readonly kind: 'fixed'; readonly amount: string; readonly currency: string }
  | {
      readonly kind: 'percent';
      /** Decimal string, such as `12.5`. */
      readonly percent: string;
      /** As the CRM stated it. */
      readonly saleValue: string;
      readonly record: DecidingRecord;
      /** The field it was read from: the rule's, or the CRM's amount in the home currency. */
      readonly field: string;
      readonly currency: string;
      /** The sale value had more decimals than the currency and was rounded half up first. */
      readonly rounded: boolean;
    };

/** One ledger row to be: unique by rule, referral, recipient and milestone. */
export type EarnedReward = {
  readonly rewardRuleId: string;
  readonly recipient: RewardRule['recipient'];
  readonly milestone: RuleStatus;
  /** Minor units. Zero only when the percentage of a small sale rounds to nothing. */
  readonly amountMinor: bigint;
  /** ISO 4217. */
  readonly currency: string;
  readonly approval: RewardRule['approval'];
  readonly basis: RewardBasis;
};

/** A reward whose milestone is reached while its amount is not known yet (E4). */
export type WaitingReward = {
  readonly rewardRuleId: string;
  readonly milestone: RuleStatus;
  /** Missing: no sale value yet, or zero. Unreadable: not money, negative, or contact records that disagree. */
  readonly because: 'sale_value_missing' | 'sale_value_unreadable';
};

/** What `earnedRewards` decides from. */
export type EarnedRewardsInput = {
  readonly rewardRules: readonly RewardRule[];
  /** The status the referral holds now, after the verdict was applied. */
  readonly status: ReferralStatus;
  readonly verdict: Pick<Verdict, 'decidingRecord' | 'trace'>;
  readonly subject: Subject;
  /** ISO 4217. */
  readonly workspaceCurrency: string;
};

type SaleValue = {
  readonly text: string | null;
  readonly field: string;
  readonly currency: string;
  readonly record: DecidingRecord;
};
type Waiting = WaitingReward['because'];

/**
 * Everything a referral has earned by standing where it stands; the ledger's unique key makes repeats harmless, and a
 * reward already there keeps its amount whatever this says later. Approved implies qualified, so a jump earns both.
 * Throws `RangeError` on a reward rule that `checkDefinition` refuses: no such definition is ever published.
 */
export function earnedRewards(input: EarnedRewardsInput): {
  readonly earned: readonly EarnedReward[];
  readonly waiting: readonly WaitingReward[];
} {
  const earned: EarnedReward[] = [];
  const waiting: WaitingReward[] = [];
  for (const rule of input.rewardRules.filter(({ onStatus }) => hasReached(input.status, onStatus))) {
    const reward = rule.kind === 'fixed' ? fixedAmount(rule) : percentAmount(rule, input);
    const { id: rewardRuleId, onStatus: milestone, recipient, approval } = rule;
    if (typeof reward === 'string') waiting.push({ rewardRuleId, milestone, because: reward });
    else earned.push({ rewardRuleId, recipient, milestone, approval, ...reward });
  }
  return { earned, waiting };
}

type Amount = Pick<EarnedReward, 'amountMinor' | 'currency' | 'basis'>;

function hasReached(status: ReferralStatus, milestone: RuleStatus): boolean {
  return status === 'approved' || status === milestone;
}

function fixedAmount({ id, amount, currency }: Extract<RewardRule, { kind: 'fixed' }>): Amount {
  const money = parseMoney({ text: amount, currency });
  if (!money.ok) throw new RangeError(`Reward rule ${id} has no valid amount: ${money.reason}`);
  return { amountMinor: money.amountMinor, currency, basis: { kind: 'fixed', amount, currency } };
}

function percentAmount(rule: PercentRewardRule, input: EarnedRewardsInput): Amount | Waiting {
  const sale = rule.saleValue.object === 'deal' ? dealSale(rule, input) : contactSale(rule, input);
  if (typeof sale === 'string') return sale;
  const money = readCrmMoney(sale);
  if (!money.ok) return money.reason === 'empty' ? 'sale_value_missing' : 'sale_value_unreadable';
  // A zero is what a deal holds before somebody fills the amount in; paying 0 would use up the one ledger row.
  if (money.amountMinor === 0n) return 'sale_value_missing';
  const { record, field, currency } = sale;
  const basis = { record, field, currency, saleValue: sale.text ?? '', percent: rule.percent, rounded: money.rounded };
  return { amountMinor: percentOf(money.amountMinor, rule.percent), currency, basis: { kind: 'percent', ...basis } };
}

/** Only the deal that gave the milestone: any other deal of the friend may be open, lost or somebody else's. */
function dealSale(rule: PercentRewardRule, input: EarnedRewardsInput): SaleValue | Waiting {
  const record = milestoneRecord(rule, input);
  const deal = input.subject.deals.find(({ recordId }) => recordId === record?.recordId);
  if (record === null || deal === undefined) return 'sale_value_missing';
  const field = saleFieldIn(deal.crm ?? crmOfField(rule.saleValue.field), rule.saleValue.field);
  const words = dealWordsOf(field);
  const text = valueOf(deal, field);
  const home = deal.homeCurrency ?? input.workspaceCurrency;
  const currency = valueOf(deal, words.currency)?.trim().toUpperCase() || home;
  const atHome = valueOf(deal, words.amountAtHome)?.trim() ?? '';
  const convert =
    field === words.amount &&
    currency !== input.workspaceCurrency &&
    // Two accounts may count in two currencies: what is home to the other one is another amount.
    home === input.workspaceCurrency &&
    atHome !== '' &&
    (text?.trim() ?? '') !== '';
  return convert
    ? { text: atHome, field: words.amountAtHome, currency: input.workspaceCurrency, record }
    : { text, field, currency, record };
}

/** The contact that gave the milestone, else the friend's contact records as far as they agree (E3: never the first one). */
function contactSale(rule: PercentRewardRule, input: EarnedRewardsInput): SaleValue | Waiting {
  const { field } = rule.saleValue;
  const holds = (contact: RecordView): boolean => (valueOf(contact, field)?.trim() ?? '') !== '';
  const filled = input.subject.contacts.filter(holds);
  const record = milestoneRecord(rule, input);
  const deciding = filled.filter(({ recordId }) => recordId === record?.recordId);
  const candidates = (deciding.length > 0 ? deciding : filled).toSorted((a, b) => (a.recordId < b.recordId ? -1 : 1));
  const [contact] = candidates;
  if (contact === undefined) return 'sale_value_missing';
  const currencyOf = ({ homeCurrency }: RecordView): string => homeCurrency ?? input.workspaceCurrency;
  const amounts = candidates.map((candidate) =>
    readCrmMoney({ text: valueOf(candidate, field), currency: currencyOf(candidate) }),
  );
  const distinct = new Set(
    amounts.map((money) => (money.ok ? `${money.amountMinor} ${money.currency}` : money.reason)),
  );
  if (distinct.size > 1) return 'sale_value_unreadable';
  const from: DecidingRecord = { objectType: 'contact', recordId: contact.recordId };
  return { text: valueOf(contact, field), field, currency: currencyOf(contact), record: from };
}

/**
 * The record of the sale value's object that gave the reward's own milestone, else the one that decided the verdict. The
 * milestone's own comes first, so that a jump to approved earns the same amount as two steps would have.
 */
function milestoneRecord(rule: PercentRewardRule, { verdict }: EarnedRewardsInput): DecidingRecord | null {
  const { object } = rule.saleValue;
  const own = decidingFact(verdict.trace, (step) => step.status === rule.onStatus && step.object === object);
  if (own !== null) return { objectType: object, recordId: own.fact.recordId };
  return verdict.decidingRecord?.objectType === object ? verdict.decidingRecord : null;
}
