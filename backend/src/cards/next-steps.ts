import type { CardMoney, ContactCardView, NextStep, ReferralLine } from '../../../shared/card-view.ts';
import { capText } from '../metrics/crm-values.ts';
import { accountDayText } from '../metrics/account-day.ts';
import { moneyText } from './card-money.ts';
import { personName, type NamedPerson } from './person-name.ts';

/** What a contact's card knows when it says what to do. */
export type NextStepFacts = Pick<
  ContactCardView,
  'account' | 'programs' | 'advocacies' | 'enrollable' | 'referrals' | 'referredBy'
> & {
  readonly person: NamedPerson;
  /** Rewards that wait for approval, over all programs. */
  readonly pending: { readonly count: number; readonly totals: readonly CardMoney[] };
  /** ISO 8601; null when nobody was referred. */
  readonly lastReferralAt: string | null;
  readonly now: Date;
};

const MOST_STEPS = 3;
const MOST_TEXT = 160;
/** Two names fit into one sentence, whatever people are called. */
const MOST_NAME = 40;
const DAY_MS = 86_400_000;
const QUIET_DAYS = 60;
const THANKS_DAYS = 14;

type Rule = (facts: NextStepFacts) => NextStep | null;

/**
 * At most three sentences, the most useful first, never none. First what stops everything (the account, a link that
 * rests), then what only a person can settle (rewards, open questions), then the friends on their way, then thanks, and
 * last how to get more referrals.
 */
export function nextSteps(facts: NextStepFacts): NextStep[] {
  const steps = RULES.flatMap((rule) => rule(facts) ?? []).slice(0, MOST_STEPS);
  return (steps.length > 0 ? steps : [nothing(facts)]).map(({ code, text }) => ({
    code,
    text: capText(text, MOST_TEXT) ?? '',
  }));
}

const RULES: readonly Rule[] = [
  reconnect,
  linkRests,
  approveRewards,
  reviewOpen,
  followUpFriend,
  followUpSelf,
  thankAdvocate,
  shareLink,
  enrol,
];

function reconnect({ account }: NextStepFacts): NextStep | null {
  if (account.status === 'connected') return null;
  return {
    code: 'reconnect',
    text: 'Ask an admin to connect Passalong again: until then the numbers stay as they are',
  };
}

function linkRests({ advocacies, person }: NextStepFacts): NextStep | null {
  const resting = advocacies.find(({ pausedAt }) => pausedAt !== null);
  if (!resting?.pausedAt) return null;
  const since = `since ${utcDay(resting.pausedAt)}`;
  const where = advocacies.length > 1 ? ` in ${short(resting.program.name)}` : '';
  return {
    code: 'link_rests',
    text: `The link${where} rests ${since}: put ${callName(person)} back on the list it came from`,
  };
}

function approveRewards({ pending: { count, totals }, advocacies }: NextStepFacts): NextStep | null {
  if (count === 0) return null;
  const sum = totals.slice(0, 3).map(moneyText).join(' and ') + (totals.length > 3 ? ' and more' : '');
  // The card shows the sum of one program beside it.
  const where = advocacies.length > 1 ? ', all programs together' : '';
  if (count === 1) return { code: 'approve_rewards', text: `1 reward${of(sum)} waits for approval${where}` };
  return { code: 'approve_rewards', text: `${String(count)} rewards${of(sum)} wait for approval${where}` };
}

function of(sum: string): string {
  return sum === '' ? '' : ` of ${sum}`;
}

function reviewOpen({ referrals, referredBy }: NextStepFacts): NextStep | null {
  // A referral may stand in both lists.
  const lines = new Map([...referrals.items, ...referredBy].map((line) => [line.id, line]));
  const asked = [...lines.values()].filter(({ reviewAskedAt }) => reviewAskedAt !== null);
  const oldest = asked.toSorted((a, b) => compare(a.reviewAskedAt ?? '', b.reviewAskedAt ?? ''))[0];
  if (!oldest) return null;
  const since = utcDay(oldest.reviewAskedAt ?? '');
  const others = asked.length > 1 ? `, and ${String(asked.length - 1)} more` : '';
  return { code: 'review_open', text: `${friendOf(oldest)} waits for a review since ${since}${others}` };
}

/** Of the friends on the first page, the one that has waited longest. */
function followUpFriend({ referrals }: NextStepFacts): NextStep | null {
  const line = longestPending(referrals.items);
  return line && { code: 'follow_up', text: `${friendOf(line)} is ${waiting(line)}: follow up` };
}

function followUpSelf({ referredBy }: NextStepFacts): NextStep | null {
  const line = longestPending(referredBy);
  return (
    line && { code: 'follow_up', text: `Referred by ${short(line.advocate.name)} and ${waiting(line)}: follow up` }
  );
}

function longestPending(lines: readonly ReferralLine[]): ReferralLine | null {
  const pending = lines.filter(({ status, reviewAskedAt }) => status === 'pending' && reviewAskedAt === null);
  return pending.toSorted((a, b) => compare(a.statusAt, b.statusAt))[0] ?? null;
}

/** `waiting for a deal to reach Closed won`, from the reason that says so. */
function waiting({ reason, statusAt }: ReferralLine): string {
  // One thing to look out for is enough here: the list says that there are others.
  const [, what] = /^Waiting for (.*?)(?:, or another rule)?$/.exec(reason) ?? [];
  return what === undefined ? `pending since ${utcDay(statusAt)}` : `waiting for ${short(what, 80)}`;
}

function thankAdvocate({ referrals, person, now }: NextStepFacts): NextStep | null {
  const since = new Date(now.getTime() - THANKS_DAYS * DAY_MS).toISOString();
  const won = referrals.items
    .filter(({ status, statusAt }) => status === 'approved' && statusAt >= since)
    .toSorted((a, b) => compare(b.statusAt, a.statusAt))[0];
  if (!won) return null;
  return {
    code: 'thank_advocate',
    text: `${friendOf(won)} was approved on ${utcDay(won.statusAt)}: thank ${callName(person)}`,
  };
}

function shareLink({ advocacies, person, lastReferralAt, now }: NextStepFacts): NextStep | null {
  if (!advocacies.some(({ pausedAt }) => pausedAt === null)) return null;
  const name = callName(person);
  if (lastReferralAt === null) return { code: 'share_link', text: `Nobody was referred yet: send ${name} the link` };
  const days = Math.floor((now.getTime() - Date.parse(lastReferralAt)) / DAY_MS);
  if (!(days >= QUIET_DAYS)) return null;
  return { code: 'share_link', text: `No new referral for ${String(days)} days: remind ${name} of the link` };
}

/** Somebody who refers in one program already need not be told of every other one. */
function enrol({ advocacies, enrollable, person }: NextStepFacts): NextStep | null {
  const [first] = enrollable;
  if (!first || advocacies.length > 0) return null;
  const where = enrollable.length > 1 ? 'a program' : short(first.name);
  const isKnown = personName(person) !== personName({ ...person, firstName: null, lastName: null, email: null });
  return { code: 'enrol', text: `Enrol ${isKnown ? callName(person) : 'this contact'} in ${where} to get a link` };
}

function nothing({ programs, person }: NextStepFacts): NextStep {
  if (person.erased) return { code: 'nothing', text: 'This person was erased: there is nothing to do' };
  if (programs.length === 0)
    return { code: 'nothing', text: 'No program is published yet: an admin has to publish one' };
  return { code: 'nothing', text: 'Nothing to do right now' };
}

function friendOf({ friend }: ReferralLine): string {
  return short(friend.name);
}

/** As one would say it: the first name where there is one. */
function callName(person: NamedPerson): string {
  const first = person.erased ? '' : (person.firstName?.trim() ?? '');
  return short(first === '' ? personName(person) : first);
}

function short(text: string, max = MOST_NAME): string {
  return capText(text, max) ?? '';
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function utcDay(instant: string): string {
  return accountDayText(instant, null);
}
