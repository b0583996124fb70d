import type { Claim, MatchingProgram, SeenField } from './match-claims.ts';
import type { FoundReferral, LookUps } from './match-look-ups.ts';
import type { MatchKind } from './process-match.ts';

/** In the order in which they are tried; the first that leads somewhere decides. */
export const MATCH_ROUTES = [
  'link',
  'referral_id',
  'target',
  'email',
  'additional',
  'member',
  'names',
  'none',
] as const;
export type MatchRoute = (typeof MATCH_ROUTES)[number];

/** A contact, and all that is known of whose it may be. */
export type ContactToMatch = {
  readonly recordId: string;
  /** The CRM's own time of its last change, ISO 8601. */
  readonly at: string;
  /** Our own referral id on it. */
  readonly referralId: SeenField | null;
  /** The address it goes by, where it has one. */
  readonly email: AddressSeen | null;
  /** The others. */
  readonly otherEmails: readonly AddressSeen[];
  readonly name: string;
  readonly claims: readonly Claim[];
};

/** An address with the form used for matching, which is null when it is none. */
export type AddressSeen = SeenField & { readonly key: string | null };

export type MatchContext = { readonly programs: readonly MatchingProgram[]; readonly found: LookUps };

/** Why a match is what it is; stable, for entries. */
export type MatchReason =
  | 'known'
  | 'one_person'
  | 'several_people'
  | 'shared_mailbox'
  | 'company_says'
  | 'phone_alike'
  | 'alike'
  | 'several_alike'
  | 'advocate_named'
  | 'unknown_to_us'
  | 'nothing_said';

/** Somebody whose contact it may be. */
export type MatchCandidate = {
  readonly personId: string;
  /** Null where an address leads to somebody who was never referred. */
  readonly referral: FoundReferral | null;
  /** Of names: how alike. */
  readonly score: number | null;
};

/** Whose contact it is, as far as one route says. */
export type FriendMatch = {
  readonly route: Exclude<MatchRoute, 'member' | 'none'>;
  readonly kind: Exclude<MatchKind, 'unmatched' | 'none'>;
  readonly reason: MatchReason;
  /** Null unless it leads to one person for sure. */
  readonly personId: string | null;
  readonly referralId: string | null;
  /** The program whose process rules it falls under; null: nobody's, it stands. */
  readonly programId: string | null;
  readonly seen: SeenField | null;
  /** Whom it may be, the most likely first; the one of `personId` where there is one. */
  readonly candidates: readonly MatchCandidate[];
};

/** An advocate named by a record, in one program. */
export type MemberMatch = {
  readonly programId: string;
  /** `several`: the record names more than one. */
  readonly outcome: 'add' | 'same_advocate' | 'other_advocate' | 'self' | 'several';
  readonly kind: 'direct' | 'fuzzy' | 'unsure';
  readonly advocateId: string | null;
  readonly code: string | null;
  /** The referral that is there already. */
  readonly referralId: string | null;
  readonly seen: SeenField;
};

export type Match = {
  readonly route: MatchRoute;
  readonly kind: MatchKind;
  readonly reason: MatchReason;
  readonly friend: FriendMatch | null;
  readonly members: readonly MemberMatch[];
  /** What names a referral or an advocate nobody knows, in programs in which nothing else was found. */
  readonly unknown: readonly Claim[];
};
