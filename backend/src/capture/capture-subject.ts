import type { ReferralStatus } from '../../../shared/referral-status.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';

export type PersonFacts = {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  /** What maps and forms said beyond these, by key. */
  readonly details: Readonly<Record<string, string>>;
};

/** A referral, with all that a map may take a value from. */
export type ReferralFacts = {
  readonly referralId: string;
  readonly status: ReferralStatus;
  readonly heldFor: 'capture' | 'review' | null;
  readonly source: string;
  readonly referredAt: Date;
  readonly answers: Readonly<Record<string, string>>;
  readonly program: PublishedProgram;
  readonly friend: PersonFacts;
  readonly advocate: PersonFacts & { readonly code: string; readonly link: string; readonly personId: string };
};
