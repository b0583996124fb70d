import type { ReferralStatus } from '../../../shared/referral-status.ts';

export type NewReferral = {
  readonly programId: string;
  /** The advocate's code, as typed or as carried by the link. */
  readonly code: string;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phone: string | null;
  /** Where it came from: `api`, `form`, `link`, `rep`, `crm`. */
  readonly source: string;
  /** The customer's own id of the referral, by which a CRM field may name it. (Default: none) */
  readonly externalId?: string | null;
  /** Answers to the program's own questions, by key; maps may write them to the CRM. */
  readonly answers: Readonly<Record<string, string>>;
  /** What the friend agreed to, in the words they saw; null when nothing was asked. */
  readonly consent: Consent | null;
};

export type Consent = { readonly text: string; readonly at: string };

export type RecordedReferral = {
  readonly referralId: string;
  readonly advocateId: string;
  readonly status: ReferralStatus;
  /** False when this friend was already referred in this program by the same advocate: nothing was added. */
  readonly created: boolean;
};

export type NewAdvocate = {
  readonly programId: string;
  readonly email: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phone: string | null;
  /** Details of the customer's own, by key; maps may write them to the CRM. */
  readonly answers: Readonly<Record<string, string>>;
  /** What the advocate agreed to, in the words they saw; null when nothing was asked. */
  readonly consent: Consent | null;
  /** The customer's own id of the advocate, by which a CRM field may name them. (Default: none) */
  readonly externalId?: string | null;
  /** The contact that is this person, where the caller knows it. */
  readonly crmRecordId: string | null;
  /** Whose contact that is. (Default: the workspace's first live connection) */
  readonly connectionId?: string;
};

export type EnrolledAdvocate = {
  readonly advocateId: string;
  readonly code: string;
  readonly link: string;
  readonly created: boolean;
  /** Their link rested, and works again from now on. */
  readonly reopened: boolean;
};
