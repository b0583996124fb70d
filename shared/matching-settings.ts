import type { ProgramObject } from './person-fields.ts';

/** How a CRM record finds the referral, or the advocate, it belongs to: what revops choose per program. */

/** What a CRM field holds that leads straight to a referral (RR-35, RR-37). */
export type MatchHolds = 'referral_id' | 'external_id' | 'friend_email' | 'friend_phone';

/** What a CRM field holds that leads to the advocate, under whom a referral that is missing is added (RR-36). */
export type MemberHolds = 'advocate_code' | 'advocate_link' | 'advocate_email' | 'advocate_external_id';

export type MatchField = {
  readonly object: ProgramObject;
  /** Internal name of the CRM field. */
  readonly field: string;
  readonly holds: MatchHolds;
};

export type MemberField = {
  readonly object: ProgramObject;
  readonly field: string;
  readonly holds: MemberHolds;
};

/**
 * Whose referrals are looked at when a record changes (RR-38). `record`: those of the contact itself, or of the contacts on
 * the deal. `company_contacts`: those of everybody at the record's company, too.
 */
export type ContactBehaviour = 'record' | 'company_contacts';

export type MatchingSettings = {
  /** Fields that name the referral directly; our own referral id always does. */
  readonly target: readonly MatchField[];
  /** Tried after the target fields and the e-mail address. */
  readonly additional: readonly MatchField[];
  readonly member: readonly MemberField[];
  /** Match by exact e-mail address. */
  readonly email: boolean;
  /** Match by name: never decides anything by itself, a likely match goes to review (C12). */
  readonly names: {
    readonly enabled: boolean;
    /** How alike two names must be, 0 to 1. */
    readonly threshold: number;
    /** By how much the best must be ahead of the next best. */
    readonly margin: number;
  };
  readonly contacts: ContactBehaviour;
  /** More people than this at one company are not looked at without somebody saying so (E38). */
  readonly maxContacts: number;
  /** Process rule a (RR-39). */
  readonly directMatches: 'process' | 'review';
  /** Process rule b (RR-40), for e-mail addresses. */
  readonly fuzzyMatches: 'process' | 'review';
  /** Process rule c (RR-41): a record that names a referral or an advocate nobody knows. */
  readonly unmatched: 'review' | 'ignore';
};

export const MATCHING_DEFAULTS: MatchingSettings = {
  target: [],
  additional: [],
  member: [],
  email: true,
  names: { enabled: false, threshold: 0.9, margin: 0.1 },
  contacts: 'record',
  maxContacts: 50,
  directMatches: 'process',
  fuzzyMatches: 'process',
  unmatched: 'review',
};
