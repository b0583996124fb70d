import type { ReferralLine } from '../../../shared/card-view.ts';
import type { ReferralStatus } from '../../../shared/referral-status.ts';
import { capText } from '../metrics/crm-values.ts';
import { toCardPerson, type NamedPerson } from './person-name.ts';
import { contactRecordUrl, type CrmPages } from './record-url.ts';

/** A person of a referral and their newest live contact in the account of the card. */
export type PersonOfLine = NamedPerson & { readonly recordId: string | null };

/** A referral with everything a line says about it. */
export type ReferralOfLine = {
  readonly id: string;
  readonly programId: string;
  readonly status: ReferralStatus;
  readonly statusReason: string;
  readonly referredAt: Date;
  readonly statusAt: Date;
  readonly source: string;
  /** Since when somebody has been asked to look at it. */
  readonly reviewAskedAt: Date | null;
  readonly friend: PersonOfLine;
  readonly advocate: PersonOfLine;
};

/** A sentence over 120 characters is not read in a side bar. */
const MAX_REASON = 120;

export type LineInput = {
  readonly pages: CrmPages;
  /** Names by program id. */
  readonly programNames: ReadonlyMap<string, string>;
};

export function toReferralLine(referral: ReferralOfLine, { pages, programNames }: LineInput): ReferralLine {
  const person = (one: PersonOfLine) =>
    toCardPerson(one, one.recordId === null ? null : contactRecordUrl(pages, one.recordId));
  return {
    id: referral.id,
    programName: programNames.get(referral.programId) ?? '',
    friend: person(referral.friend),
    advocate: person(referral.advocate),
    status: referral.status,
    reason: capText(referral.statusReason, MAX_REASON) ?? '',
    referredAt: referral.referredAt.toISOString(),
    statusAt: referral.statusAt.toISOString(),
    source: referral.source,
    reviewAskedAt: referral.reviewAskedAt?.toISOString() ?? null,
  };
}
