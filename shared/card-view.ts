import type { ReferralStatus, RewardState } from './referral-status.ts';

/**
 * What a card shows of one CRM record, ready to be drawn: names instead of ids, sentences instead of codes. Made by the
 * service, checked against the zod contracts, drawn by the cards. Every time is ISO 8601 in UTC.
 */
export type CardMoney = {
  /** Decimal string in major units, such as "480.00". */
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
};

export type CardPerson = {
  /** Never empty: the e-mail address stands in for a missing name, and "Unnamed contact" for both. */
  readonly name: string;
  readonly email: string | null;
  /** The person's page in the CRM; null while they have none. */
  readonly recordUrl: string | null;
};

export type CardProgram = { readonly id: string; readonly name: string };

export type CardAccount = {
  /** `needs_reauthorization`: the numbers are as last known, an admin has to connect again. */
  readonly status: 'connected' | 'needs_reauthorization';
  /** Changes or write-backs of this account are waiting longer than usual, so the numbers may lag. */
  readonly behind: boolean;
};

/** One referral as a line of a list. */
export type ReferralLine = {
  readonly id: string;
  readonly programName: string;
  readonly friend: CardPerson;
  readonly advocate: CardPerson;
  readonly status: ReferralStatus;
  /** One plain sentence of at most 120 characters: why this status, or what it waits for (G1, short form). */
  readonly reason: string;
  readonly referredAt: string;
  readonly statusAt: string;
  readonly source: string;
  /** Since when somebody has been asked to look at it; null when nobody has. */
  readonly reviewAskedAt: string | null;
};

export type ReferralPage = {
  readonly items: readonly ReferralLine[];
  /** Of all pages. */
  readonly total: number;
  readonly nextCursor: string | null;
};

export type RewardLine = {
  readonly id: string;
  readonly state: RewardState;
  readonly amount: CardMoney;
  readonly programName: string;
  readonly friendName: string;
  /** How the amount came about: "10 % of the deal amount". */
  readonly basis: string;
  readonly stateAt: string;
};

/** New referrals of one advocate. */
export type ReferralTrend = {
  readonly last30Days: number;
  readonly previous30Days: number;
  /** The last six calendar months (UTC), oldest first, the current one last. */
  readonly months: readonly { readonly month: string; readonly referred: number }[];
};

/** A person as an advocate of one program. */
export type AdvocateView = {
  readonly advocateId: string;
  readonly program: CardProgram;
  readonly link: string;
  readonly code: string;
  /** A PNG of the link as QR code. */
  readonly qrUrl: string;
  /** Since when the link rests; null while it is open. */
  readonly pausedAt: string | null;
  readonly visits: number;
  readonly referred: number;
  readonly qualified: number;
  readonly approved: number;
  readonly rewardStatus: 'none' | 'pending' | 'approved' | 'issued';
  /** Waiting for approval, per currency. */
  readonly pendingTotals: readonly CardMoney[];
  /** Approved and issued together, per currency. */
  readonly rewardTotals: readonly CardMoney[];
  readonly trend: ReferralTrend;
};

export type NextStepCode =
  | 'reconnect'
  | 'link_rests'
  | 'approve_rewards'
  | 'review_open'
  | 'share_link'
  | 'follow_up'
  | 'thank_advocate'
  | 'enrol'
  | 'nothing';

/** What would help most now, the most useful first. */
export type NextStep = { readonly code: NextStepCode; readonly text: string };

export type ContactCardView = {
  readonly kind: 'contact';
  /** When this was put together. */
  readonly asOf: string;
  readonly account: CardAccount;
  readonly contact: CardPerson;
  /** Published programs, primary first; none: nothing is set up yet. */
  readonly programs: readonly CardProgram[];
  /** The programs this contact refers in, primary first. */
  readonly advocacies: readonly AdvocateView[];
  /** Published programs this contact could be enrolled in. */
  readonly enrollable: readonly CardProgram[];
  /** Newest first, the first page. */
  readonly referrals: ReferralPage;
  /** Those that wait first, then the newest; at most five. */
  readonly rewards: { readonly items: readonly RewardLine[]; readonly total: number };
  /** The referrals that brought this contact; usually one or none. */
  readonly referredBy: readonly ReferralLine[];
  readonly nextSteps: readonly NextStep[];
};

/** One milestone of a program on the way of a deal. */
export type DealGoal = {
  readonly status: 'qualified' | 'approved';
  /** Label of the stage. */
  readonly stage: string;
  /** Index into the stages of the deal's pipeline; null when the rule names another pipeline or an unknown stage. */
  readonly stageIndex: number | null;
  readonly reached: boolean;
};

export type DealProgress = {
  readonly pipeline: string;
  /** Labels in order. */
  readonly stages: readonly string[];
  /** Null when the deal stands in no known stage. */
  readonly currentIndex: number | null;
  readonly goals: readonly DealGoal[];
  /** One plain sentence: "2 stages to go until Closed won". */
  readonly text: string;
};

export type DealReward = {
  /** `expected`: the ledger has no such row yet. */
  readonly state: RewardState | 'expected';
  readonly milestone: 'qualified' | 'approved';
  /** Null while the amount cannot be known. */
  readonly amount: CardMoney | null;
  /** "10 % of the deal amount, to Ada Advocate, when approved". */
  readonly text: string;
};

export type DealReferral = {
  readonly referral: ReferralLine;
  /** Null when the deal's stage is not known to us yet. */
  readonly progress: DealProgress | null;
  readonly rewards: readonly DealReward[];
};

export type DealCardView = {
  readonly kind: 'deal';
  readonly asOf: string;
  readonly account: CardAccount;
  readonly programs: readonly CardProgram[];
  /** Usually one; several referred people on one deal need a person's decision. */
  readonly referrals: readonly DealReferral[];
  /** More than one referred person in one program: nothing of this deal counts until somebody decides (E3). */
  readonly needsReview: boolean;
};

export type CompanyReferralPage = {
  readonly items: readonly (ReferralLine & {
    /** `made`: by one of the company's people; `received`: the friend is one of them; both: `made`. */
    readonly direction: 'made' | 'received';
  })[];
  readonly total: number;
  readonly nextCursor: string | null;
};

export type CompanyCardView = {
  readonly kind: 'company';
  readonly asOf: string;
  readonly account: CardAccount;
  readonly programs: readonly CardProgram[];
  /** People of this company who refer others. */
  readonly advocates: number;
  /** Referrals made by them. */
  readonly referred: number;
  readonly qualified: number;
  readonly approved: number;
  /** People of this company who were referred. */
  readonly received: number;
  readonly rewardTotals: readonly CardMoney[];
  readonly referrals: CompanyReferralPage;
};

/** Answers of what a rep does in the card. A repeated request changes nothing and says so. */
export type AddedReferral = { readonly result: 'added' | 'already_there'; readonly referralId: string };
export type EnrolledContact = {
  readonly result: 'enrolled' | 'already_enrolled';
  readonly advocateId: string;
  readonly link: string;
};
export type AskedReview = { readonly result: 'asked' | 'already_asked'; readonly askedAt: string };

/** What the service says when it refuses; `fields` name the inputs of the form. */
export type CardRefusal = {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly requestId: string;
  readonly fields?: readonly { readonly path: string; readonly message: string }[];
};
