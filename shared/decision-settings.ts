import type { ProgramObject } from './person-fields.ts';

/** How a program decides: what revops choose about cases that a rule alone does not settle. */

/**
 * What happens when a rule is met by what already stood in the CRM when the friend was referred, or when the rule was
 * switched on (E12). `review`: a person decides. `qualify`: it counts. `ignore`: it never counts.
 */
export type AlreadyMetPolicy = 'review' | 'qualify' | 'ignore';

/**
 * Whose deal it is when several of its contacts were referred in the program (E3, G12). `exactly_one`: nobody's.
 * `primary`: that of the contact with the primary role. `first_attribution`: that of the one referred first.
 */
export type SeveralContactsPolicy = 'review' | 'exactly_one' | 'primary' | 'first_attribution';

/** What becomes of an entry that waits for a person for too long (E27). */
export type ReviewTimeoutPolicy = 'stay' | 'approve' | 'deny';

/** One field of the CRM that is copied to the referral after its status moved (RR-34). */
export type FieldUpdate = {
  readonly object: ProgramObject;
  readonly field: string;
  /** The key it gets among the referral's details. */
  readonly to: string;
};

/** Which CRM is heard about a kind of record, where both have one of the friend's. `either`: both are. */
export type Authority = 'either' | 'hubspot' | 'salesforce';

export type Authorities = {
  /** Contacts and leads. */
  readonly person: Authority;
  readonly company: Authority;
  readonly deal: Authority;
};

export type DecisionSettings = {
  readonly alreadyMet: AlreadyMetPolicy;
  readonly severalContacts: SeveralContactsPolicy;
  /** Id of the role that makes a contact of a deal its primary one, as the CRM names it: HubSpot `USER_DEFINED:36`. */
  readonly primaryRole: string | null;
  /** Process rule d (RR-42): a denied referral that meets a rule goes to review. Wins over `overrideDenied`. */
  readonly reviewDenied: boolean;
  /** RR-33: a CRM change may move a denied referral. */
  readonly overrideDenied: boolean;
  /** Process rule e (RR-43): whoever watches the program is to be told of a new review. */
  readonly notifyReview: boolean;
  readonly reviewTimeout: { readonly policy: ReviewTimeoutPolicy; readonly afterDays: number };
  readonly fieldUpdates: readonly FieldUpdate[];
  /** Of a workspace with both CRMs (G4): what the other one says is seen and does not count. */
  readonly authority: Authorities;
};

export const DECISION_DEFAULTS: DecisionSettings = {
  alreadyMet: 'review',
  severalContacts: 'review',
  primaryRole: null,
  reviewDenied: true,
  overrideDenied: false,
  notifyReview: false,
  reviewTimeout: { policy: 'stay', afterDays: 30 },
  fieldUpdates: [],
  authority: { person: 'either', company: 'either', deal: 'either' },
};
