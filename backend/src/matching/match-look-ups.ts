import type { MatchHolds, MemberHolds } from '../../../shared/matching-settings.ts';

/** A live referral to which something leads. */
export type FoundReferral = {
  readonly referralId: string;
  readonly programId: string;
  readonly advocateId: string;
  /** The friend. */
  readonly personId: string;
  /** What leads to it may as well be somebody else's. (Default: it is not) */
  readonly unsure?: true;
};

/** A live advocate to whom something leads. */
export type FoundAdvocate = {
  readonly advocateId: string;
  readonly programId: string;
  readonly personId: string;
  readonly code: string;
};

/** A friend whose contact is not known yet. */
export type NameCandidate = { readonly referral: FoundReferral; readonly name: string };

/** What our tables say about everything a batch of records holds. */
export type LookUps = {
  /** The person each contact stands for already, by record id. */
  readonly linked: ReadonlyMap<string, string>;
  /** By `lookUpKey`. */
  readonly referrals: ReadonlyMap<string, readonly FoundReferral[]>;
  readonly advocates: ReadonlyMap<string, readonly FoundAdvocate[]>;
  /** The person behind each address. */
  readonly people: ReadonlyMap<string, string>;
  /** Live referrals in which a person is the friend. */
  readonly referralsOf: ReadonlyMap<string, readonly FoundReferral[]>;
  /** People who have a live contact in this account, with its ids. */
  readonly contactsOf: ReadonlyMap<string, readonly string[]>;
  /** Empty where no program compares names. */
  readonly names: readonly NameCandidate[];
};

export const NOTHING_FOUND: LookUps = {
  linked: new Map(),
  referrals: new Map(),
  advocates: new Map(),
  people: new Map(),
  referralsOf: new Map(),
  contactsOf: new Map(),
  names: [],
};

/** Our own referral id is one in every program. */
export const ANY_PROGRAM = '';

export function lookUpKey(holds: MatchHolds | MemberHolds, programId: string, key: string): string {
  return `${holds} ${programId} ${key}`;
}
